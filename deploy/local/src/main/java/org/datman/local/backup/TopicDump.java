package org.datman.local.backup;

import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.datman.contracts.event.EventType;
import org.datman.contracts.topic.Topics;
import org.datman.local.process.Supervisor;
import org.jspecify.annotations.Nullable;

/**
 * All records of DATMAN's topics up to a moment, and what each consumer group has done. Records never change: what an earlier backup has of
 * them is taken from it, but for the last part of each partition.
 */
final class TopicDump {

    /** Bytes of records after which a segment is closed. */
    static final long SEGMENT_BYTES = 64L << 20;

    /** Of all services, in this version and in others. */
    private static final String OUR_GROUPS = Topics.formerConsumerGroup("");

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration SILENCE = Duration.ofMinutes(2);

    private final Map<String, Object> client;
    private final long segmentBytes;
    private String cluster = "";
    private final Map<String, TopicDescription> topics = new TreeMap<>();
    private final Map<TopicPartition, Long> firsts = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<String, Map<String, Long>> groups = new TreeMap<>();

    /** @param client properties of a client */
    TopicDump(Map<String, Object> client, long segmentBytes) {
        this.client = Map.copyOf(client);
        this.segmentBytes = segmentBytes;
    }

    /** What the groups have done; asked before the snapshot of the database, so that it holds all that they did. */
    void readGroups() throws IOException, InterruptedException {
        asking(admin -> {
            Set<String> ours = names();
            // By name, too: a Kafka that was started just now lists those only that it has read already.
            Set<String> all = new TreeSet<>(Set.of(Topics.OPENLINEAGE_GROUP));
            Supervisor.SERVICES.forEach(service -> all.add(Topics.formerConsumerGroup(service)));
            for (EventType type : EventType.values()) {
                Topics.consumersOf(type).forEach(service -> all.add(Topics.consumerGroup(service, type)));
            }
            admin.listGroups().all().get().stream()
                    .map(GroupListing::groupId)
                    .filter(group -> group.startsWith(OUR_GROUPS))
                    .forEach(all::add);
            for (String group : all) {
                Map<String, Long> offsets = new TreeMap<>();
                admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .forEach((partition, done) -> {
                            if (done != null && ours.contains(partition.topic())) {
                                offsets.put(partition.toString(), done.offset());
                            }
                        });
                if (!offsets.isEmpty()) {
                    groups.put(group, offsets);
                }
            }
        });
    }

    /** Up to where the records belong to the backup; asked while no outbox is being sent. */
    void readEnds() throws IOException, InterruptedException {
        asking(admin -> {
            cluster = admin.describeCluster().clusterId().get();
            Set<String> there = admin.listTopics().names().get();
            topics.putAll(admin.describeTopics(
                            names().stream().filter(there::contains).toList())
                    .allTopicNames()
                    .get());
            List<TopicPartition> partitions = topics.values().stream()
                    .flatMap(topic -> topic.partitions().stream()
                            .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                    .toList();
            ends.putAll(offsets(admin, partitions, OffsetSpec.latest()));
            firsts.putAll(offsets(admin, partitions, OffsetSpec.earliest()));
        });
    }

    private static Set<String> names() {
        return Topics.all(1).stream().map(Topics.Topic::name).collect(Collectors.toSet());
    }

    private static Map<TopicPartition, Long> offsets(Admin admin, List<TopicPartition> partitions, OffsetSpec which)
            throws ExecutionException, InterruptedException {
        return admin
                .listOffsets(partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> which)))
                .all()
                .get()
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    private interface Question {
        void ask(Admin admin) throws ExecutionException, InterruptedException;
    }

    private void asking(Question question) throws IOException, InterruptedException {
        try (Admin admin = Admin.create(client)) {
            question.ask(admin);
        } catch (ExecutionException | KafkaException e) {
            Throwable why = e instanceof ExecutionException ? Objects.requireNonNullElse(e.getCause(), e) : e;
            throw new IOException("Kafka did not answer: " + why.getMessage() + "; './datman doctor' looks at it", e);
        }
    }

    String cluster() {
        return cluster;
    }

    Map<String, Map<String, Long>> groups() {
        return groups;
    }

    /**
     * Writes the records.
     *
     * @param earlier an earlier backup; null when there is none
     * @param earlierBackup its folder
     */
    List<BackupManifest.Partition> write(
            PartWriter parts, @Nullable BackupManifest earlier, @Nullable Path earlierBackup)
            throws IOException, InterruptedException {
        Map<String, BackupManifest.Partition> known = new HashMap<>();
        Map<String, BackupManifest.Part> knownParts = new HashMap<>();
        if (earlier != null && earlier.kafkaCluster().equals(cluster)) {
            earlier.topics().forEach(partition -> known.put(partition.name(), partition));
            earlier.parts().forEach(part -> knownParts.put(part.path(), part));
        }
        Map<String, Object> config = new HashMap<>(client);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5000);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 16 << 20);
        List<BackupManifest.Partition> written = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            for (TopicDescription topic : topics.values()) {
                for (int number = 0; number < topic.partitions().size(); number++) {
                    TopicPartition partition = new TopicPartition(topic.name(), number);
                    List<BackupManifest.Segment> segments = new ArrayList<>();
                    BackupManifest.Partition before = known.get(partition.toString());
                    if (before != null
                            && earlierBackup != null
                            && before.topicId().equals(topic.topicId().toString())) {
                        link(before, earlierBackup, knownParts, segments, parts);
                    }
                    long first = Objects.requireNonNull(firsts.get(partition));
                    long end = Objects.requireNonNull(ends.get(partition));
                    long from = segments.isEmpty()
                            ? first
                            : segments.get(segments.size() - 1).end();
                    if (from < end) {
                        read(consumer, partition, from, end, segments, parts);
                    }
                    written.add(new BackupManifest.Partition(
                            topic.name(), topic.topicId().toString(), number, first, end, segments));
                }
            }
        } catch (KafkaException e) {
            throw new IOException("The topics could not be read: " + e.getMessage(), e);
        }
        return written;
    }

    private static void link(
            BackupManifest.Partition before,
            Path earlierBackup,
            Map<String, BackupManifest.Part> knownParts,
            List<BackupManifest.Segment> segments,
            PartWriter parts) {
        for (BackupManifest.Segment segment : before.segments()) {
            BackupManifest.Part part = knownParts.get(segment.part());
            if (!segment.closed() || part == null) {
                return;
            }
            try {
                parts.link(earlierBackup, part);
            } catch (IOException | UnsupportedOperationException unlinkable) {
                // The records from here on are read again: a disk without hard links, or with too many of one file.
                return;
            }
            segments.add(segment);
        }
    }

    private void read(
            KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition partition,
            long from,
            long end,
            List<BackupManifest.Segment> segments,
            PartWriter parts)
            throws IOException {
        consumer.assign(List.of(partition));
        consumer.seek(partition, from);
        List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
        long begin = from;
        while (begin < end) {
            String path = String.format(
                    Locale.ROOT, "topics/%s/%d-%020d.records.gz", partition.topic(), partition.partition(), begin);
            long bytes = 0;
            long records = 0;
            long next = begin;
            try (DataOutputStream out = new DataOutputStream(parts.openGzip(path))) {
                TopicRecords.begin(out);
                while (next < end && bytes < segmentBytes) {
                    if (batch.isEmpty()) {
                        batch.addAll(poll(consumer, partition, end));
                    }
                    if (batch.isEmpty()) {
                        next = end;
                        break;
                    }
                    int taken = 0;
                    for (ConsumerRecord<byte[], byte[]> record : batch) {
                        if (record.offset() >= end || bytes >= segmentBytes) {
                            break;
                        }
                        bytes += TopicRecords.write(record, out);
                        records++;
                        taken++;
                        next = record.offset() + 1;
                    }
                    boolean beyond = taken < batch.size() && batch.get(taken).offset() >= end;
                    batch.subList(0, taken).clear();
                    if (beyond) {
                        next = end;
                    }
                }
            }
            segments.add(new BackupManifest.Segment(path, begin, next, records, bytes >= segmentBytes));
            begin = next;
        }
    }

    /** The next records; none when all up to the end were read, although the last offsets have no record. */
    private static List<ConsumerRecord<byte[], byte[]>> poll(
            KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, long end) throws IOException {
        long deadline = System.nanoTime() + SILENCE.toNanos();
        while (consumer.position(partition) < end) {
            List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL).records(partition);
            if (!records.isEmpty()) {
                return records;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("Kafka gave no record of " + partition + " for " + SILENCE.toSeconds() + " s");
            }
        }
        return List.of();
    }
}
