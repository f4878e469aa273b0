package org.datman.platform.event;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventType;
import org.datman.contracts.topic.Topics;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Meters of the events that a service consumes, by topic: {@code datman.event.age}, from the publication of an event to the end of its handling,
 * {@code datman.event.handling}, the handling alone with its retries, and {@code datman.dead.letters}. Both times have the same buckets.
 */
@ApplicationScoped
class EventMeters {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(2),
        Duration.ofMinutes(5),
        Duration.ofMinutes(15),
        Duration.ofHours(1),
        Duration.ofHours(6)
    };

    private static final String TOPIC = "topic";

    private final MeterRegistry metrics;

    EventMeters(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    /** Counters begin at 0 and not with the first dead letter: an increase from nothing is none for Prometheus. */
    void onStart(@Observes StartupEvent event, @ConfigProperty(name = "datman.service") String service) {
        for (EventType type : EventType.values()) {
            if (Topics.consumersOf(type).contains(service)) {
                deadLetters(Topics.deadLetterTopic(type, service));
            }
        }
    }

    /** An event was handled; one that was published by another machine's faster clock has the age 0. */
    void handled(Envelope<?> envelope, long nanos, Instant now) {
        String topic = envelope.event().type().topic();
        timer("datman.event.handling", topic, "Handling of an event, with its retries")
                .record(nanos, TimeUnit.NANOSECONDS);
        Duration age = Duration.between(envelope.time(), now);
        timer("datman.event.age", topic, "From the publication of an event to the end of its handling")
                .record(age.isNegative() ? Duration.ZERO : age);
    }

    /** A record was given up. */
    void deadLettered(String deadLetterTopic) {
        deadLetters(deadLetterTopic).increment();
    }

    private Counter deadLetters(String topic) {
        return Counter.builder("datman.dead.letters")
                .description("Records that were given up; each is in the list of failures with its reason")
                .tag(TOPIC, topic)
                .register(metrics);
    }

    private Timer timer(String name, String topic, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(BUCKETS)
                .tag(TOPIC, topic)
                .register(metrics);
    }
}
