package org.datman.ingest.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.Reason;
import org.datman.ingest.failure.IngestFailures;
import org.jboss.logging.Logger;

/** Counts rejected deliveries and reports them: the first of a kind immediately, then their number, at most once a minute. */
@ApplicationScoped
public class Rejections {

    private static final Logger LOG = Logger.getLogger(Rejections.class);
    private static final Duration APART = Duration.ofMinutes(1);

    private final IngestFailures failures;
    private final MeterRegistry metrics;
    private final Clock clock;
    private final Map<String, Report> reported = new HashMap<>();

    private static final class Report {
        private Instant last = Instant.MIN;
        private int since;
    }

    Rejections(IngestFailures failures, MeterRegistry metrics, Clock clock) {
        this.failures = failures;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Counts one, and reports it if none of its kind was reported recently. */
    void note(Rejection rejection) {
        metrics.counter("datman.ingest.deliveries", "result", rejection.code()).increment();
        int count = due(rejection.code());
        if (count == 0) {
            return;
        }
        LOG.warnf("Webhook rejected reason=%s count=%d", rejection.code(), count);
        try {
            failures.xnat(
                    "webhook",
                    rejection.code(),
                    ProcessingFailed.Kind.PERMANENT,
                    count,
                    new Reason(
                            rejection.code(),
                            count == 1
                                    ? rejection.message()
                                    : rejection.message() + " (" + count + " deliveries since the last report)",
                            rejection.action()));
        } catch (RuntimeException e) {
            LOG.errorf("A refused webhook could not be reported reason=%s error=%s", rejection.code(), e.getMessage());
        }
    }

    private synchronized int due(String code) {
        Report kind = reported.computeIfAbsent(code, c -> new Report());
        kind.since++;
        Instant now = clock.instant();
        if (!kind.last.equals(Instant.MIN) && now.isBefore(kind.last.plus(APART))) {
            return 0;
        }
        int count = kind.since;
        kind.since = 0;
        kind.last = now;
        return count;
    }
}
