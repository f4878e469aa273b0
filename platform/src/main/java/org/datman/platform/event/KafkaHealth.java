package org.datman.platform.event;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Not well while Kafka does not answer. The service stays ready: webhooks and decisions are stored, and their
 * events wait in the outbox. Whether a channel has stopped is reported by the channels' own check.
 */
@Wellness
@ApplicationScoped
public class KafkaHealth implements HealthCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Map<String, Object> kafka;
    private @Nullable Admin admin;

    KafkaHealth(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
        this.kafka = kafka;
    }

    void onStop(@Observes ShutdownEvent event) {
        synchronized (this) {
            if (admin != null) {
                admin.close(Duration.ZERO);
            }
        }
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("Kafka");
        try {
            int nodes = admin().describeCluster()
                    .nodes()
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .size();
            return response.up().withData("nodes", nodes).build();
        } catch (TimeoutException e) {
            return response.down()
                    .withData("trouble", "no answer within " + PATIENCE.toSeconds() + " s")
                    .build();
        } catch (ExecutionException | KafkaException e) {
            return response.down().withData("trouble", Texts.of(e)).build();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return response.down().withData("trouble", "interrupted").build();
        }
    }

    private synchronized Admin admin() {
        if (admin == null) {
            Map<String, Object> config = new HashMap<>();
            kafka.forEach((key, value) -> {
                if (AdminClientConfig.configNames().contains(key)) {
                    config.put(key, value);
                }
            });
            // Called rarely: it need not reconnect every second while Kafka is unavailable.
            config.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "10000");
            config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(PATIENCE.toMillis()));
            config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(PATIENCE.toMillis()));
            admin = Admin.create(config);
        }
        return admin;
    }
}
