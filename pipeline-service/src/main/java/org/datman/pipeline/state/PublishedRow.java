package org.datman.pipeline.state;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;

/** The last decision on a pipeline of a session, and the number of decisions. */
@Entity
@Table(name = "said")
@IdClass(PublishedKey.class)
class PublishedRow {

    @Id
    String session;

    @Id
    String pipeline;

    String what;

    int count;
}
