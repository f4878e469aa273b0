package org.datman.local.process;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.datman.contracts.event.EventType;
import org.datman.contracts.topic.Topics;
import org.datman.embedded.ConsumerGroups;

/**
 * The events of a topic that a service has not consumed yet.
 *
 * @param waiting number of events
 * @param oldest when the oldest of them was published
 */
public record Backlog(String service, String topic, long waiting, Instant oldest) {

    /**
     * The backlogs of these services, by the committed offsets of their consumer groups. Services without a backlog are left out.
     *
     * @param environment where TLS and SASL of clients are set
     * @param patience the timeout of each request
     * @throws IOException when Kafka does not answer in that time, with what to do
     */
    public static List<Backlog> of(
            String bootstrapServers, Map<String, String> environment, List<String> services, Duration patience)
            throws IOException, InterruptedException {
        if (bootstrapServers.isEmpty()) {
            throw new IOException("Kafka is not up yet; ask again in a moment");
        }
        try {
            return ask(ExternalKafka.client(bootstrapServers, environment, patience), services);
        } catch (ExecutionException | KafkaException e) {
            Throwable why = e instanceof ExecutionException ? Objects.requireNonNullElse(e.getCause(), e) : e;
            throw new IOException(
                    "Kafka at " + bootstrapServers + " did not answer within "
                            + patience.toSeconds() + " s (" + why.getClass().getSimpleName()
                            + "). Nothing is lost, and the services continue. The machine may be very busy: ask again"
                            + " in a moment. If it stays so, './datman doctor' looks at Kafka",
                    why);
        }
    }

    private static List<Backlog> ask(Map<String, Object> properties, List<String> services)
            throws ExecutionException, InterruptedException {
        List<Backlog> backlogs = new ArrayList<>();
        try (Admin admin = Admin.create(properties);
                KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            for (String service : services) {
                Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
                ConsumerGroups.offsets(
                                admin,
                                Arrays.stream(EventType.values())
                                        .filter(type -> Topics.consumersOf(type).contains(service))
                                        .map(type -> Topics.consumerGroup(service, type)))
                        .values()
                        .forEach(done::putAll);
                Map<TopicPartition, Long> ends = admin
                        .listOffsets(done.keySet().stream()
                                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())))
                        .all()
                        .get()
                        .entrySet()
                        .stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().offset()));
                backlogs.addAll(of(service, done, ends, consumer));
            }
        }
        return backlogs;
    }

    private static List<Backlog> of(
            String service,
            Map<TopicPartition, OffsetAndMetadata> done,
            Map<TopicPartition, Long> ends,
            KafkaConsumer<byte[], byte[]> consumer) {
        Map<String, Backlog> byTopic = new HashMap<>();
        done.forEach((partition, offset) -> {
            long waiting = ends.getOrDefault(partition, 0L) - offset.offset();
            if (waiting > 0) {
                Backlog one = new Backlog(
                        service, partition.topic(), waiting, publishedAt(partition, offset.offset(), consumer));
                byTopic.merge(
                        partition.topic(),
                        one,
                        (a, b) -> new Backlog(
                                service,
                                a.topic(),
                                a.waiting() + b.waiting(),
                                a.oldest().isBefore(b.oldest()) ? a.oldest() : b.oldest()));
            }
        });
        return byTopic.values().stream()
                .sorted((a, b) -> a.topic().compareTo(b.topic()))
                .toList();
    }

    private static Instant publishedAt(TopicPartition partition, long offset, KafkaConsumer<byte[], byte[]> consumer) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, offset);
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(2))) {
            return Instant.ofEpochMilli(record.timestamp());
        }
        return Instant.now(java.time.Clock.systemUTC());
    }
}
