package org.datman.platform.event;

import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.Reason;
import org.datman.contracts.topic.Topics;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/** Publishes events through one channel, each to the topic of its type. */
@ApplicationScoped
public class EventPublisher {

    private final MutinyEmitter<byte[]> emitter;
    private final Clock clock;
    private final String service;
    private final Traces traces;

    EventPublisher(
            @Channel("events-out") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER) MutinyEmitter<byte[]> emitter,
            Clock clock,
            @ConfigProperty(name = "datman.service") String service,
            Traces traces) {
        this.emitter = emitter;
        this.traces = traces;
        this.clock = clock;
        this.service = service;
    }

    /** Name of this service: {@code ingest}, for example. */
    public String service() {
        return service;
    }

    /** The CloudEvents source of this service. */
    public String source() {
        return "/datman/" + service;
    }

    /** An event caused by {@code cause}, in its envelope. */
    public <E extends Event> Envelope<E> answer(Envelope<?> cause, E event) {
        return traces.trace(Envelope.answering(cause, event, source(), clock.instant()), null);
    }

    /** An event without a cause, in its envelope. */
    public <E extends Event> Envelope<E> first(E event) {
        return traces.trace(Envelope.first(event, source(), clock.instant()), null);
    }

    /** Publishes an event caused by {@code cause} and waits until Kafka has accepted it. Worker threads only. */
    public void publish(Envelope<?> cause, Event event) {
        publish(answer(cause, event));
    }

    /**
     * Publishes an event and waits until Kafka has accepted it. Worker threads only.
     *
     * @throws OutageException when Kafka is unavailable
     * @throws PermanentException when Kafka will never accept it
     */
    public void publish(Envelope<?> envelope) {
        publishRecord(
                envelope.event().type().topic(),
                envelope.event().key(),
                envelope.headers(),
                EventJson.write(envelope.event()));
    }

    /** Sends a record to a topic and waits until Kafka has accepted it; the exceptions are those of {@link #publish(Envelope)}. */
    void publishRecord(String topic, String key, Map<String, String> headers, byte[] value) {
        try {
            emitter.sendMessage(message(topic, key, headers, value)).await().indefinitely();
        } catch (RuntimeException e) {
            if (isRefused(e)) {
                throw new PermanentException(
                        refusal("The record for " + topic + " of " + key + " with " + value.length + " bytes", e), e);
            }
            throw new OutageException("Kafka did not accept a record for " + topic, e);
        }
    }

    /** Why Kafka will never accept a record, and what to do about it. */
    public static Reason refusal(String record, Throwable thrown) {
        return new Reason(
                "event-refused",
                record + " is refused by Kafka: " + Texts.of(thrown),
                "A record may have " + Topics.MOST_BYTES + " bytes. Find out what makes it so large, or raise"
                        + " max.message.bytes of its topic and max.request.size of the service");
    }

    /** Whether Kafka rejects a record permanently: it is too large, or invalid. */
    public static boolean isRefused(Throwable thrown) {
        int depth = 0;
        for (Throwable t = thrown; t != null && depth < 20; t = t.getCause(), depth++) {
            if (t instanceof RecordTooLargeException
                    || t instanceof RecordBatchTooLargeException
                    || t instanceof InvalidRecordException
                    || t instanceof InvalidTopicException
                    || t instanceof SerializationException) {
                return true;
            }
        }
        return false;
    }

    /** Sends a stored event as it is; completes when Kafka has accepted it. */
    public CompletionStage<Void> send(String topic, String key, Map<String, String> headers, byte[] payload) {
        return emitter.sendMessage(message(topic, key, headers, payload)).subscribeAsCompletionStage();
    }

    private static Message<byte[]> message(String topic, String key, Map<String, String> headers, byte[] payload) {
        RecordHeaders recordHeaders = new RecordHeaders();
        headers.forEach((name, value) -> recordHeaders.add(name, value.getBytes(StandardCharsets.UTF_8)));
        return Message.of(payload)
                .addMetadata(OutgoingKafkaRecordMetadata.<String>builder()
                        .withTopic(topic)
                        .withKey(key)
                        .withHeaders(recordHeaders)
                        .build());
    }
}
