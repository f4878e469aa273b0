package org.datman.qc.state;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The last check of a session; the row is the session's lock, too. */
@Entity
@Table(name = "qc_session")
class SessionRow {

    /** {@code server/accession}. */
    @Id
    String session;

    @Column(name = "check_revision")
    long checkRevision;

    @Column(name = "last_check")
    String lastCheck;
}
