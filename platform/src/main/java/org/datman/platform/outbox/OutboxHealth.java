package org.datman.platform.outbox;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * Not well while Kafka rejects an event of the outbox. The service stays ready: everything else continues, and webhooks must
 * be accepted.
 */
@Wellness
@ApplicationScoped
public class OutboxHealth implements HealthCheck {

    private final OutboxRelay relay;

    OutboxHealth(OutboxRelay relay) {
        this.relay = relay;
    }

    void onStart(@Observes StartupEvent event, MeterRegistry metrics) {
        Gauge.builder("datman.outbox.refused", relay, OutboxRelay::refused)
                .description("Events in the outbox that Kafka rejects")
                .register(metrics);
        if (relay.enabled()) {
            Gauge.builder("datman.outbox.oldest", relay, one -> one.oldest().toMillis() / 1000.0)
                    .description("Age of the oldest event that Kafka has not taken yet; 0 when none waits")
                    .baseUnit("seconds")
                    .register(metrics);
        }
    }

    @Override
    public HealthCheckResponse call() {
        int refused = relay.refused();
        return HealthCheckResponse.named("outbox")
                .status(refused == 0)
                .withData("refused", refused)
                .build();
    }
}
