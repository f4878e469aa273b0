package org.datman.pipeline.state;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A participant of a study of whom a session changed: the others are decided again. */
@Entity
@Table(name = "changed_participant")
class ChangedParticipant {

    /** Study, a space, and {@code STUDY_SITE_SUBJECT}. */
    @Id
    private String participant;

    /** How many so far. */
    private long changes;

    /** For Hibernate: rows are written by {@link ChangedParticipants#changed}. */
    protected ChangedParticipant() {}

    PipelineState.Changed changed() {
        return new PipelineState.Changed(participant, changes);
    }
}
