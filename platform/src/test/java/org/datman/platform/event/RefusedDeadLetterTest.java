package org.datman.platform.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.TracerProvider;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.event.SessionSettledBuilder;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.junit.jupiter.api.Test;

/** Failure reports and dead letters that Kafka rejects. */
class RefusedDeadLetterTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-20T10:00:00Z"), ZoneOffset.UTC);
    private static final Traces TRACES = new Traces(TracerProvider.noop().get("test"));
    private static final Reason REASON = new Reason("no-way", "It cannot be done", "Do something else");

    private final AtomicBoolean acknowledged = new AtomicBoolean();

    @Test
    void aDeadLetterThatIsRefusedIsReportedWithThePlaceOfTheRecord() {
        // Given
        Broker broker = new Broker(topic -> topic.endsWith(".dlq"));

        // When
        consumer(broker).consume(record(settled()), SessionSettled.class, "check", envelope -> {
            throw new PermanentException(REASON);
        });

        // Then
        ProcessingFailed failed = broker.failures.get(0);
        assertThat(failed.deadLetterTopic()).isEmpty();
        assertThat(failed.reason().code()).isEqualTo("no-way");
        assertThat(failed.reason().message()).contains("It cannot be done", "session-settled-3@17");
        assertThat(acknowledged).isTrue();
    }

    @Test
    void anUnreadableRecordThatIsRefusedIsNotCalledToBeOnTheDeadLetterTopic() {
        // Given
        Broker broker = new Broker(topic -> topic.endsWith(".dlq"));

        // When
        consumer(broker).consume(record("no event".getBytes(UTF_8)), SessionSettled.class, "check", envelope -> {});

        // Then
        ProcessingFailed failed = broker.failures.get(0);
        assertThat(failed.deadLetterTopic()).isEmpty();
        assertThat(failed.reason().action()).contains("session-settled-3@17").doesNotContain("stored unchanged");
        assertThat(acknowledged).isTrue();
    }

    @Test
    void aDeadLetterThatIsTakenIsNamed() {
        // Given
        Broker broker = new Broker(topic -> false);

        // When
        consumer(broker).consume(record(settled()), SessionSettled.class, "check", envelope -> {
            throw new PermanentException(REASON);
        });

        // Then
        assertThat(broker.failures.get(0).deadLetterTopic()).contains("session-settled.qc.dlq");
        assertThat(broker.failures.get(0).reason()).isEqualTo(REASON);
        assertThat(acknowledged).isTrue();
    }

    @Test
    void aRecordIsNotLetGoBeforeItsFailureIsTakenAndTheServiceIsNotWellMeanwhile() {
        // Given
        AtomicBoolean refuses = new AtomicBoolean(true);
        Broker broker = new Broker(topic -> refuses.get());
        EventConsumer consumer = consumer(broker);
        ChannelsHeldUp health = new ChannelsHeldUp(consumer);
        CompletableFuture<Void> channel = CompletableFuture.runAsync(
                () -> consumer.consume(record(settled()), SessionSettled.class, "check", envelope -> {
                    throw new PermanentException(REASON);
                }));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> health.call().getStatus() == HealthCheckResponse.Status.DOWN);
        boolean letGo = acknowledged.get();
        Optional<Map<String, Object>> data = health.call().getData();

        // When
        refuses.set(false);

        // Then
        channel.orTimeout(30, java.util.concurrent.TimeUnit.SECONDS).join();
        assertThat(letGo).isFalse();
        assertThat(data.orElseThrow()).containsKey("session-settled-3@17");
        assertThat(acknowledged).isTrue();
        assertThat(broker.failures).hasSize(1);
        assertThat(health.call().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
    }

    private static EventConsumer consumer(Broker broker) {
        return new EventConsumer(
                broker, CLOCK, new EventMeters(new SimpleMeterRegistry()), TRACES, Duration.ofMillis(1), Duration.ZERO);
    }

    private static SessionSettled settled() {
        return SessionSettledBuilder.builder()
                .session(new SessionRef("test", "A"))
                .settleRevision(1)
                .cause(SessionSettled.Cause.QUIET)
                .series(List.of())
                .resources(0)
                .firstSeen(Instant.EPOCH)
                .lastChange(Instant.EPOCH)
                .build();
    }

    private Message<byte[]> record(SessionSettled event) {
        Envelope<SessionSettled> envelope = Envelope.first(event, "/datman/ingest", CLOCK.instant());
        return message(envelope.headers(), EventJson.write(event));
    }

    private Message<byte[]> record(byte[] value) {
        return message(Map.of(), value);
    }

    private Message<byte[]> message(Map<String, String> headers, byte[] value) {
        ConsumerRecord<String, byte[]> record = new ConsumerRecord<>("session-settled", 3, 17, "A", value);
        headers.forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
        return Message.of(value, Metadata.of(new IncomingKafkaRecordMetadata<>(record, "session-settled")), () -> {
            acknowledged.set(true);
            return CompletableFuture.completedFuture(null);
        });
    }

    /** A Kafka that rejects records for some topics. */
    private static class Broker extends EventPublisher {

        private final Predicate<String> refuses;
        private final List<ProcessingFailed> failures = new CopyOnWriteArrayList<>();

        Broker(Predicate<String> refuses) {
            super(null, CLOCK, "qc", TRACES);
            this.refuses = refuses;
        }

        @Override
        public void publish(Envelope<?> envelope) {
            super.publish(envelope);
            failures.add((ProcessingFailed) envelope.event());
        }

        @Override
        void publishRecord(String topic, String key, Map<String, String> headers, byte[] value) {
            if (refuses.test(topic)) {
                throw new PermanentException(new Reason("event-refused", topic + " takes nothing", "Raise its limit"));
            }
        }
    }
}
