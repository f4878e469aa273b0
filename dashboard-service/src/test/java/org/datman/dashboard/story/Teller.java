package org.datman.dashboard.story;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventId;
import org.datman.contracts.event.EventJson;

/** Says events on a real Kafka, by whom and at which time the test wishes. */
public final class Teller implements AutoCloseable {

    private final KafkaProducer<String, byte[]> producer;

    public Teller(String bootstrapServers) {
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** An event as a service says it. */
    public static <E extends Event> Envelope<E> envelope(String service, Instant time, String cause, E event) {
        return new Envelope<>(
                EventId.of(event),
                "/datman/" + service,
                time,
                EventId.of(event).toString(),
                cause.isEmpty() ? Optional.empty() : Optional.of(cause),
                Optional.empty(),
                event);
    }

    /** Says it; returns when Kafka has it. */
    public <E extends Event> Envelope<E> say(String service, Instant time, E event) {
        Envelope<E> envelope = envelope(service, time, "", event);
        say(envelope);
        return envelope;
    }

    public void say(Envelope<?> envelope) {
        Event event = envelope.event();
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(event.type().topic(), event.key(), EventJson.write(event));
        envelope.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        try {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new AssertionError("Kafka did not take the event", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
