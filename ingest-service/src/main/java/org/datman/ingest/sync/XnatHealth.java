package org.datman.ingest.sync;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.datman.ingest.queue.SessionQueue;
import org.datman.ingest.xnat.XnatAvailability;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Always ready: webhooks are accepted while XNAT is unavailable. Reports the availability of XNAT, and the queue. */
@Readiness
@ApplicationScoped
public class XnatHealth implements HealthCheck {

    private final XnatAvailability availability;
    private final SessionQueue queue;
    private final Clock clock;

    XnatHealth(XnatAvailability availability, SessionQueue queue, Clock clock) {
        this.availability = availability;
        this.queue = queue;
        this.clock = clock;
    }

    void onStart(@Observes StartupEvent event, MeterRegistry metrics) {
        Gauge.builder("datman.ingest.backlog", queue, SessionQueue::backlog)
                .description("Sessions that have to be synchronised")
                .register(metrics);
        Gauge.builder("datman.ingest.oldest.hint.age", this, XnatHealth::oldestAge)
                .baseUnit("seconds")
                .description("Age of the oldest hint whose session is not yet synchronised")
                .register(metrics);
        Gauge.builder("datman.xnat.away", availability, w -> w.trouble().isPresent() ? 1 : 0)
                .description("1 while XNAT is unavailable")
                .register(metrics);
    }

    private double oldestAge() {
        Optional<Instant> oldest = queue.oldest();
        return oldest.map(since -> Duration.between(since, clock.instant()).toMillis() / 1000.0)
                .orElse(0.0);
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("xnat").up();
        Optional<XnatAvailability.Trouble> trouble = availability.trouble();
        answer.withData("reachable", trouble.isEmpty());
        trouble.ifPresent(t -> answer.withData("since", t.since().toString()).withData("trouble", t.what()));
        return answer.build();
    }
}
