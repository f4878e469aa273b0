package org.datman.pipeline.state;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.datman.contracts.event.SessionRef;
import org.hibernate.annotations.DynamicUpdate;

/** A known session, and with which rules its pipelines were decided last. */
@Entity
@DynamicUpdate
@Table(name = "pipeline_session")
@SuppressWarnings("UnusedVariable") // columns that only queries compare
class KnownSession {

    /** {@code server/accession}. */
    @Id
    private String session;

    private String server;

    private String accession;

    /** The study of the last decision; empty while it has none. */
    private String study;

    @Column(name = "decided_with")
    private String decidedWith;

    /** Whether something changed that no event has. */
    private boolean again;

    /** {@code STUDY/NAME} of the links to its current results; empty while there was none. */
    @Column(name = "linked_as")
    private String linkedAs;

    /** For Hibernate: rows are written by {@link KnownSessions#lock}. */
    protected KnownSession() {}

    SessionRef ref() {
        return new SessionRef(server, accession);
    }

    String study() {
        return study;
    }

    void decidedWith(String ofStudy, String revision) {
        study = ofStudy;
        decidedWith = revision;
        again = false;
    }

    String linkedAs() {
        return linkedAs;
    }

    void linkedAs(String studyAndName) {
        linkedAs = studyAndName;
    }
}
