package org.datman.ingest.failure;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.datman.contracts.event.ProcessingFailed.Kind;
import org.datman.contracts.event.Reason;
import org.datman.ingest.setting.Settings;

/**
 * Troubles that last, of no session: each is published when it begins and when it becomes another one, and closed when it is over, also when
 * this service was restarted in between.
 */
@ApplicationScoped
public class Troubles {

    /** What begins and ends all the time is published no more often. */
    private static final Duration APART = Duration.ofMinutes(10);

    private final IngestFailures failures;
    private final Settings stored;
    private final Clock clock;

    /** By stage and subject, so that the database is asked once for each. */
    private final Map<String, Published> known = new ConcurrentHashMap<>();

    Troubles(IngestFailures failures, Settings stored, Clock clock) {
        this.failures = failures;
        this.stored = stored;
        this.clock = clock;
    }

    /**
     * What is published of a trouble.
     *
     * @param state empty when it is over
     * @param began when its last beginning was published
     */
    private record Published(String state, Instant began) {}

    /**
     * There is a trouble.
     *
     * @param about what distinguishes it from others of the stage
     * @param state of two that follow each other with the same state only the first is published
     * @param attempts failures in a row
     */
    public void begin(String stage, String about, String state, Kind kind, int attempts, Reason reason) {
        known.compute(stage + "/" + about, (key, cached) -> {
            Published last = cached == null ? read(key) : cached;
            Instant now = clock.instant();
            if (last.state().equals(state) || now.isBefore(last.began().plus(APART))) {
                return last;
            }
            publish(key, state, () -> failures.xnat(stage, about, kind, attempts, reason));
            return new Published(state, now);
        });
    }

    /**
     * There is no such trouble, or none any more.
     *
     * @param over its code ends with {@code -resumed}, by which the dashboard closes it
     */
    public void end(String stage, String about, Reason over) {
        known.compute(stage + "/" + about, (key, cached) -> {
            Published last = cached == null ? read(key) : cached;
            if (last.state().isEmpty()) {
                return last;
            }
            publish(key, "", () -> failures.xnat(stage, about, Kind.TRANSIENT, 1, over));
            return new Published("", last.began());
        });
    }

    private Published read(String key) {
        return new Published(QuarkusTransaction.requiringNew().call(() -> stored.value(name(key))), Instant.EPOCH);
    }

    private void publish(String key, String state, Runnable event) {
        QuarkusTransaction.requiringNew().run(() -> {
            stored.store(name(key), state);
            event.run();
        });
    }

    private static String name(String key) {
        return "trouble/" + key;
    }
}
