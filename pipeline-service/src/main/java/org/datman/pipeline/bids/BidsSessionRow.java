package org.datman.pipeline.bids;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.SessionRef;
import org.datman.pipeline.selection.BidsContent;
import org.datman.platform.lease.LeasedRow;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** A session in a BIDS dataset. Its files match its events when {@code written} is {@code wanted}. */
@Entity
@DynamicUpdate
@Table(name = "bids_session")
@SuppressWarnings("UnusedVariable") // columns that only queries compare
class BidsSessionRow extends LeasedRow {

    /** {@code server/accession}. */
    @Id
    private String session;

    private long wanted;

    private long written;

    @Column(name = "not_before")
    private Instant notBefore;

    /** Whether it waits for no event but as one of many, which events overtake. */
    private boolean bulk;

    private int attempts;

    private String study;

    private String name;

    /** Digest of the study's rules that it was written with. */
    @Column(name = "study_revision")
    private String studyRevision;

    private String dataset;

    /** {@code sub-…/ses-…}; empty while it is in no dataset. */
    private String folder;

    private String participant;

    private String summary;

    /** The failure that was published last and holds; empty when there is none. */
    private String failure;

    private int failures;

    /** What other tools get of it, as JSON; empty while it is in no dataset. */
    private String content;

    /** For Hibernate: rows are inserted by {@link BidsQueue#changed}. */
    protected BidsSessionRow() {}

    SessionRef ref() {
        return SessionRef.of(session);
    }

    long wanted() {
        return wanted;
    }

    String study() {
        return study;
    }

    /** DATMAN's name of the session; empty while it has none. */
    String name() {
        return name;
    }

    void named(String newName) {
        name = newName;
    }

    String dataset() {
        return dataset;
    }

    String folder() {
        return folder;
    }

    String participant() {
        return participant;
    }

    String summary() {
        return summary;
    }

    String revision() {
        return studyRevision;
    }

    String failure() {
        return failure;
    }

    /** Takes a folder, or none when it is empty. */
    void takes(String newStudy, String newDataset, String newFolder, String newParticipant) {
        study = newStudy;
        dataset = newDataset;
        folder = newFolder;
        participant = newParticipant;
    }

    /** The files match the events up to that number. */
    void isWritten(long upTo, String revision, String newSummary) {
        written = upTo;
        studyRevision = revision;
        summary = newSummary;
        attempts = 0;
        if (newSummary.isEmpty()) {
            content = "";
        }
    }

    /** Reads the stored content; null when it is empty. */
    static @Nullable BidsContent read(String content) {
        try {
            return content.isEmpty() ? null : EventJson.mapper().readValue(content, BidsContent.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The files of a session in its BIDS dataset cannot be read", e);
        }
    }

    /** The files that it has in the dataset. */
    void has(BidsContent files) {
        try {
            content = EventJson.mapper().writeValueAsString(files);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Files can always be written as JSON", e);
        }
    }

    /** Stores what failed, or that nothing does; returns how many times that changed. */
    int fails(String what) {
        failure = what;
        return ++failures;
    }

    /** Puts the work off; returns how many times it was tried. */
    int tryLater(Instant when, boolean counts) {
        notBefore = when;
        attempts += counts ? 1 : 0;
        return attempts;
    }
}
