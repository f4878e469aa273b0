package org.datman.pipeline.runner;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A cluster of which is published that it does not answer. */
@Entity
@Table(name = "cluster_outage")
@SuppressWarnings("UnusedVariable") // columns that only queries compare
class ClusterOutage {

    @Id
    private String cluster;

    /** For Hibernate. */
    protected ClusterOutage() {}
}
