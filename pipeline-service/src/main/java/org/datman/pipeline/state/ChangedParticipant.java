package org.datman.pipeline.state;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

/** A participant of a study of whom a session changed: the others are decided again. */
@Entity
@Table(name = "changed_participant")
class ChangedParticipant {

    /** Study, a space, and {@code STUDY_SITE_SUBJECT}. */
    @Id
    private String participant;

    /** The last change: of all changes no two have the same. */
    private UUID change;

    /** For Hibernate: rows are written by {@link ChangedParticipants#changed}. */
    protected ChangedParticipant() {}

    PipelineState.Changed changed() {
        return new PipelineState.Changed(participant, change);
    }
}
