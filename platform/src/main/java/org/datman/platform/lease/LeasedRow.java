package org.datman.platform.lease;

import jakarta.persistence.Column;
import jakarta.persistence.MappedSuperclass;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A row that one worker at a time may work on. An entity that is written without a lock as well needs {@code @DynamicUpdate}, so
 * that an old lease is not written back.
 */
@MappedSuperclass
public abstract class LeasedRow {

    @Column(name = "lease_owner")
    private @Nullable String leaseOwner;

    /** By the clock of the database, which is the same for all processes. */
    @Column(name = "lease_until")
    private @Nullable Instant leaseUntil;

    void lease(String owner, Instant until) {
        leaseOwner = owner;
        leaseUntil = until;
    }

    /** Ends the lease. In the current transaction. */
    public void release() {
        leaseOwner = null;
        leaseUntil = null;
    }

    /** The claim that it belongs to, or belonged to when its lease has expired. */
    public Optional<String> leaseOwner() {
        return Optional.ofNullable(leaseOwner);
    }
}
