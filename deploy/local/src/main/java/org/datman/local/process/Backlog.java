package org.datman.local.process;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What a service has still to hear on a topic.
 *
 * @param waiting number of events
 * @param oldest when the oldest of them was said
 */
public record Backlog(String service, String topic, long waiting, Instant oldest) {

    /** The backlogs of these services, by asking Kafka for what their groups have acknowledged. Those without are left out. */
    public static List<Backlog> of(String bootstrapServers, List<String> services)
            throws ExecutionException, InterruptedException {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrapServers);
        List<Backlog> backlogs = new ArrayList<>();
        try (Admin admin = Admin.create(properties);
                KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            for (String service : services) {
                Map<TopicPartition, OffsetAndMetadata> done = admin.listConsumerGroupOffsets("datman-" + service)
                        .partitionsToOffsetAndMetadata()
                        .get();
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
                Backlog one =
                        new Backlog(service, partition.topic(), waiting, said(partition, offset.offset(), consumer));
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

    private static Instant said(TopicPartition partition, long offset, KafkaConsumer<byte[], byte[]> consumer) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, offset);
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(2))) {
            return Instant.ofEpochMilli(record.timestamp());
        }
        return Instant.now(java.time.Clock.systemUTC());
    }
}
