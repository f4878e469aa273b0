package org.datman.platform.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.EventType;
import org.datman.contracts.topic.Topics;

/** Publishes events to the service under test and reads its events, on a real Kafka. */
public final class EventsOnKafka implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final String bootstrapServers;
    private final KafkaProducer<String, byte[]> producer;

    public EventsOnKafka(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "max.request.size", Topics.MOST_BYTES),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** On the Kafka of {@link KafkaAndPostgres}. */
    public static EventsOnKafka ofTests() {
        return new EventsOnKafka(KafkaAndPostgres.bootstrapServers());
    }

    /** Publishes an event as its original producer; returns when Kafka has accepted it. */
    public <E extends Event> Envelope<E> publish(E event) {
        return publish(Envelope.first(event, "/datman/test", java.time.Instant.EPOCH));
    }

    /** Publishes an event in its envelope; returns when Kafka has accepted it. */
    public <E extends Event> Envelope<E> publish(Envelope<E> envelope) {
        Event event = envelope.event();
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(event.type().topic(), event.key(), EventJson.write(event));
        envelope.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        send(record);
        return envelope;
    }

    /** Sends arbitrary bytes to a topic. */
    public void publishRaw(String topic, String key, byte[] value) {
        send(new ProducerRecord<>(topic, key, value));
    }

    /** The first event of that type, from the beginning of its topic, that satisfies the predicate; waits for it. */
    public <E extends Event> Envelope<E> await(Class<E> type, Predicate<E> wish) {
        return awaitAll(type, wish, 1).get(0);
    }

    /** The first {@code count} events of that type that satisfy the predicate; waits for them. */
    public <E extends Event> List<Envelope<E>> awaitAll(Class<E> type, Predicate<E> wish, int count) {
        List<Envelope<E>> found = new ArrayList<>();
        List<String> others = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (KafkaConsumer<String, byte[]> consumer =
                consumer(EventType.of(type).topic())) {
            while (found.size() < count && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    read(record, type).ifPresent(envelope -> {
                        if (wish.test(envelope.event())) {
                            found.add(envelope);
                        } else {
                            others.add(envelope.event().toString());
                        }
                    });
                }
            }
        }
        if (found.size() < count) {
            throw new AssertionError("After " + PATIENCE.toSeconds() + " s " + found.size() + " of " + count + " "
                    + type.getSimpleName() + " received; the others were: " + last(others));
        }
        return found;
    }

    /** All events of that type that are on the topic now. */
    public <E extends Event> List<Envelope<E>> all(Class<E> type) {
        List<Envelope<E>> found = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer =
                consumer(EventType.of(type).topic())) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    read(record, type).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    /** Waits until a record with that value is on the topic; returns its headers. */
    public Map<String, String> awaitRaw(String topic, Predicate<byte[]> wish) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (KafkaConsumer<String, byte[]> consumer = consumer(topic)) {
            while (System.nanoTime() < deadline) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (wish.test(record.value())) {
                        return headers(record);
                    }
                }
            }
        }
        throw new AssertionError("No such record received on " + topic + " in " + PATIENCE.toSeconds() + " s");
    }

    @Override
    public void close() {
        producer.close();
    }

    private void send(ProducerRecord<String, byte[]> record) {
        try {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new AssertionError("Kafka did not accept the record", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }

    private KafkaConsumer<String, byte[]> consumer(String topic) {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, "test-" + UUID.randomUUID());
        KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    private static <E extends Event> java.util.Optional<Envelope<E>> read(
            ConsumerRecord<String, byte[]> record, Class<E> type) {
        if (record.value() == null) {
            return java.util.Optional.empty();
        }
        try {
            Envelope<?> envelope = EventJson.read(headers(record), record.value());
            if (!type.isInstance(envelope.event())) {
                return java.util.Optional.empty();
            }
            @SuppressWarnings("unchecked") // checked just now
            Envelope<E> typed = (Envelope<E>) envelope;
            return java.util.Optional.of(typed);
        } catch (EventFormatException poisonOfAnotherTest) {
            return java.util.Optional.empty();
        }
    }

    private static Map<String, String> headers(ConsumerRecord<String, byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        record.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return headers;
    }

    private static List<String> last(List<String> all) {
        return all.subList(Math.max(0, all.size() - 5), all.size());
    }
}
