package org.datman.pipeline.state;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A known session. */
@Entity
@Table(name = "pipeline_session")
class SessionRow {

    @Id
    String session;

    String server;

    String accession;

    @Column(name = "decided_with")
    String decidedWith;
}
