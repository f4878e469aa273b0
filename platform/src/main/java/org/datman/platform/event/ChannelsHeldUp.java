package org.datman.platform.event;

import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/** Not well while a channel waits because Kafka refuses to be told of a failure; it goes on once Kafka takes it. */
@Wellness
@ApplicationScoped
class ChannelsHeldUp implements HealthCheck {

    private final EventConsumer consumer;

    ChannelsHeldUp(EventConsumer consumer) {
        this.consumer = consumer;
    }

    @Override
    public HealthCheckResponse call() {
        Map<String, String> heldUp = consumer.heldUp();
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("failures told").status(heldUp.isEmpty());
        heldUp.forEach(response::withData);
        return response.build();
    }
}
