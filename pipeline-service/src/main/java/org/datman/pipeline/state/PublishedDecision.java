package org.datman.pipeline.state;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;

/** The last decision on a pipeline of a session, and the number of decisions. */
@Entity
@Table(name = "published_decision")
@SuppressWarnings("UnusedVariable") // columns that only queries read and write
@IdClass(DecisionKey.class)
class PublishedDecision {

    /** {@code server/accession}. */
    @Id
    private String session;

    @Id
    private String pipeline;

    private String what;

    private int count;

    /** For Hibernate. */
    protected PublishedDecision() {}
}
