package org.datman.qc.state;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A session and the last check of it. The row is the lock: one thread at a time decides what is published about a session. */
@Entity
@Table(name = "qc_session")
class CheckedSession {

    /** {@code server/accession}. */
    @Id
    @SuppressWarnings("UnusedVariable") // only queries compare it
    private String session;

    @Column(name = "check_revision")
    private long checkRevision;

    @Column(name = "last_check")
    private @Nullable String lastCheck;

    /** For Hibernate: rows are inserted by {@link CheckedSessions#lock}. */
    protected CheckedSession() {}

    /** Number of the last check; 0 before the first. */
    long checkRevision() {
        return checkRevision;
    }

    /** Content of the last check, without its number. */
    Optional<String> lastCheck() {
        return Optional.ofNullable(lastCheck);
    }

    void checked(long revision, String content) {
        checkRevision = revision;
        lastCheck = content;
    }
}
