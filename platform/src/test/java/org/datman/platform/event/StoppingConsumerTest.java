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
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.event.SessionSettledBuilder;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a service that is asked to stop does with the records that it has. */
@Timeout(60)
class StoppingConsumerTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-20T10:00:00Z"), ZoneOffset.UTC);
    private static final Traces TRACES = new Traces(TracerProvider.noop().get("test"));

    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @Test
    void theRecordInHandIsFinishedAndNoOtherIsBegun() throws Exception {
        // Given a service that stops with one record in hand
        EventConsumer consumer = consumer(Duration.ofSeconds(50));
        CompletableFuture<Void> inHand = longWork(consumer, "A");
        begun.await();
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> stop(consumer));
        await().until(() ->
                !consume(consumer, "B", envelope -> {}).toCompletableFuture().isDone());

        // When
        boolean early = stopped.isDone();
        goOn.countDown();

        // Then
        stopped.get(30, TimeUnit.SECONDS);
        inHand.get(30, TimeUnit.SECONDS);
        assertThat(early).isFalse();
        assertThat(acknowledged).contains("A").doesNotContain("C");
        assertThat(consume(consumer, "C", envelope -> {}).toCompletableFuture()).isNotDone();
    }

    @Test
    void aRecordThatTakesLongerIsNotAcknowledgedByTheEnd() throws Exception {
        // Given
        EventConsumer consumer = consumer(Duration.ofMillis(50));
        longWork(consumer, "A");
        begun.await();

        // When
        stop(consumer);

        // Then
        assertThat(acknowledged).isEmpty();
        goOn.countDown();
    }

    @Test
    void aRecordThatWaitsForAnOutageToEndIsLeftToTheNext() throws Exception {
        // Given
        EventConsumer consumer = consumer(Duration.ofSeconds(50));
        CompletableFuture.runAsync(() -> consume(consumer, "A", envelope -> {
            begun.countDown();
            throw new OutageException("XNAT is away", null);
        }));
        begun.await();

        // When
        long start = System.nanoTime();
        stop(consumer);

        // Then
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(40));
        assertThat(acknowledged).isEmpty();
    }

    private CompletableFuture<Void> longWork(EventConsumer consumer, String session) {
        return CompletableFuture.runAsync(() -> consume(consumer, session, envelope -> {
            begun.countDown();
            goOn.await();
        }));
    }

    private static EventConsumer consumer(Duration drain) {
        EventPublisher publisher = new EventPublisher(null, CLOCK, "qc", TRACES) {
            @Override
            void publishRecord(String topic, String key, Map<String, String> headers, byte[] value) {}
        };
        return new EventConsumer(
                publisher, CLOCK, new EventMeters(new SimpleMeterRegistry()), TRACES, Duration.ofMillis(1), drain);
    }

    private static void stop(EventConsumer consumer) {
        try {
            consumer.onStop(null);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private CompletionStage<Void> consume(
            EventConsumer consumer, String session, EventHandler<SessionSettled> handler) {
        return consumer.consume(record(session), SessionSettled.class, "check", handler);
    }

    private Message<byte[]> record(String session) {
        SessionSettled event = SessionSettledBuilder.builder()
                .session(new SessionRef("test", session))
                .settleRevision(1)
                .cause(SessionSettled.Cause.QUIET)
                .series(List.of())
                .resources(0)
                .firstSeen(Instant.EPOCH)
                .lastChange(Instant.EPOCH)
                .build();
        byte[] value = EventJson.write(event);
        ConsumerRecord<String, byte[]> record = new ConsumerRecord<>("session-settled", 3, 17, session, value);
        Envelope.first(event, "/datman/ingest", CLOCK.instant()).headers().forEach((name, text) -> record.headers()
                .add(name, text.getBytes(UTF_8)));
        return Message.of(value, Metadata.of(new IncomingKafkaRecordMetadata<>(record, "session-settled")), () -> {
            acknowledged.add(session);
            return CompletableFuture.completedFuture(null);
        });
    }
}
