package org.datman.platform.event;

import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/** Not well while a channel is blocked because Kafka rejects the failure report; it resumes once Kafka accepts it. */
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
                HealthCheckResponse.named("failures published").status(heldUp.isEmpty());
        heldUp.forEach(response::withData);
        return response.build();
    }
}
