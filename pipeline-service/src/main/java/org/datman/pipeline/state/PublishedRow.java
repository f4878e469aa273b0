package org.datman.pipeline.state;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;

/** What was last decided of a pipeline of a session, and how many decisions there were. */
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
