package org.datman.qc.state;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The latest events of a session, as JSON. */
@Entity
@Table(name = "qc_session")
class SessionRow {

    @Id
    String accession;

    String discovered;

    String settled;

    @Column(name = "check_revision")
    long checkRevision;

    @Column(name = "last_check")
    String lastCheck;
}
