package org.datman.pipeline.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.datman.contracts.event.Reason;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Whether a person cancelled a run while its worker runs it; asked of the database once a second at most. */
final class Cancellation {

    private static final Logger LOG = Logger.getLogger(Cancellation.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Supplier<Optional<Reason>> stored;
    private final Clock clock;
    private @Nullable Reason reason;
    private Instant next = Instant.MIN;

    Cancellation(Supplier<Optional<Reason>> stored, Clock clock) {
        this.stored = stored;
        this.clock = clock;
    }

    Optional<Reason> reason() {
        Instant now = clock.instant();
        if (reason == null && !now.isBefore(next)) {
            next = now.plus(PAUSE);
            try {
                reason = stored.get().orElse(null);
            } catch (RuntimeException away) {
                // A run is not given up because the database does not answer for a while.
                LOG.debugf("Whether a run is cancelled cannot be read yet error=%s", away.getMessage());
            }
        }
        return Optional.ofNullable(reason);
    }
}
