package org.datman.pipeline.state;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;

/** The latest event of one type and identity, as JSON. */
@Entity
@Table(name = "remembered")
@IdClass(LatestEventKey.class)
class LatestEvent {

    @Id
    String session;

    @Id
    String topic;

    @Id
    String identity;

    String event;
}
