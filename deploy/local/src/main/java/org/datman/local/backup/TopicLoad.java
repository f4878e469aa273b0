package org.datman.local.backup;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.datman.contracts.topic.Topics;

/** Brings the records of a backup into a Kafka whose topics are empty or not there, each into its partition, in order; and the offsets of the groups. */
final class TopicLoad {

    private static final int BUFFER = 1 << 16;
    private static final int BATCH = 512 << 10;
    private static final long MEMORY = 64L << 20;
    private static final String EVENT_ID = "ce_id";

    private final Map<String, Object> client;
    private final Path backup;
    private final Set<String> sent = new HashSet<>();
    private long records;

    TopicLoad(Map<String, Object> client, Path backup) {
        this.client = Map.copyOf(client);
        this.backup = backup;
    }

    /** Records that were loaded. */
    long records() {
        return records;
    }

    /** Of the events that were waited for, those that are in the topics already. */
    Set<String> sent() {
        return Set.copyOf(sent);
    }

    /** Names of topics of the backup that have records already. */
    static Set<String> used(Map<String, Object> client, List<BackupManifest.Partition> partitions)
            throws IOException, InterruptedException {
        try (Admin admin = Admin.create(client)) {
            Set<String> there = admin.listTopics().names().get();
            Set<TopicPartition> existing = admin
                    .describeTopics(partitions.stream()
                            .map(BackupManifest.Partition::topic)
                            .distinct()
                            .filter(there::contains)
                            .toList())
                    .allTopicNames()
                    .get()
                    .values()
                    .stream()
                    .flatMap(topic -> topic.partitions().stream()
                            .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                    .collect(Collectors.toSet());
            return ends(admin, existing).entrySet().stream()
                    .filter(end -> end.getValue() > 0)
                    .map(end -> end.getKey().topic())
                    .collect(Collectors.toSet());
        } catch (ExecutionException | KafkaException e) {
            throw failed(e);
        }
    }

    /**
     * Loads all.
     *
     * @param waiting ids of events that are still in an outbox
     * @return what differs from the backup, in words
     */
    List<String> load(
            List<BackupManifest.Partition> partitions,
            Map<String, Map<String, Long>> groups,
            short replicas,
            Set<String> waiting)
            throws IOException, InterruptedException {
        try (Admin admin = Admin.create(client)) {
            create(admin, partitions, replicas);
            Map<String, List<Long>> gaps = new HashMap<>();
            produce(partitions, waiting, gaps);
            List<String> differences = compare(admin, partitions);
            commit(admin, partitions, groups, gaps);
            return differences;
        } catch (ExecutionException | KafkaException e) {
            throw failed(e);
        }
    }

    private static IOException failed(Exception e) {
        Throwable why = e instanceof ExecutionException ? Objects.requireNonNullElse(e.getCause(), e) : e;
        return new IOException("Kafka did not take the topics: " + why.getMessage(), e);
    }

    private static void create(Admin admin, List<BackupManifest.Partition> partitions, short replicas)
            throws ExecutionException, InterruptedException {
        Map<String, Integer> wanted = new TreeMap<>();
        partitions.forEach(partition -> wanted.merge(partition.topic(), partition.partition() + 1, Math::max));
        Map<String, Map<String, String>> settings =
                Topics.all(1).stream().collect(Collectors.toMap(Topics.Topic::name, Topics.Topic::config));
        Set<String> there = admin.listTopics().names().get();
        admin.createTopics(wanted.entrySet().stream()
                        .filter(topic -> !there.contains(topic.getKey()))
                        .map(topic -> new NewTopic(topic.getKey(), topic.getValue(), replicas)
                                // Of a topic that this version does not know any more nothing may be lost either.
                                .configs(settings.getOrDefault(topic.getKey(), Map.of("retention.ms", "-1"))))
                        .toList())
                .all()
                .get();
    }

    private void produce(
            List<BackupManifest.Partition> partitions, Set<String> waiting, Map<String, List<Long>> offsets)
            throws IOException {
        Map<String, Object> config = new HashMap<>(client);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH);
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, MEMORY);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MOST_BYTES);
        AtomicReference<Exception> refused = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (BackupManifest.Partition partition : partitions) {
                List<Long> jumps = new ArrayList<>();
                long position = 0;
                for (BackupManifest.Segment segment : partition.segments()) {
                    try (DataInputStream in = new DataInputStream(new BufferedInputStream(
                            new GZIPInputStream(Files.newInputStream(backup.resolve(segment.part())), BUFFER),
                            BUFFER))) {
                        TopicRecords.readBegin(in);
                        for (Optional<TopicRecords.Stored> next = TopicRecords.read(in);
                                next.isPresent();
                                next = TopicRecords.read(in)) {
                            TopicRecords.Stored record = next.get();
                            noteJump(jumps, record.offset(), position++);
                            noteSent(record, waiting);
                            producer.send(
                                    new ProducerRecord<>(
                                            partition.topic(),
                                            partition.partition(),
                                            record.timestamp(),
                                            record.key(),
                                            record.value(),
                                            record.headers()),
                                    (done, error) -> {
                                        if (error != null) {
                                            refused.compareAndSet(null, error);
                                        }
                                    });
                            records++;
                        }
                    }
                    if (refused.get() != null) {
                        throw failed(Objects.requireNonNull(refused.get()));
                    }
                }
                offsets.put(partition.name(), jumps);
            }
            producer.flush();
        }
        if (refused.get() != null) {
            throw failed(Objects.requireNonNull(refused.get()));
        }
    }

    private void noteSent(TopicRecords.Stored record, Set<String> waiting) {
        if (waiting.isEmpty()) {
            return;
        }
        Header id = record.headers().lastHeader(EVENT_ID);
        if (id != null && id.value() != null) {
            String text = new String(id.value(), StandardCharsets.UTF_8);
            if (waiting.contains(text)) {
                sent.add(text);
            }
        }
    }

    /** Pairs of an old offset and the new one, where their distance changes: old records that were removed, and gaps. */
    private static void noteJump(List<Long> jumps, long old, long now) {
        int last = jumps.size();
        if (last == 0 || jumps.get(last - 2) - jumps.get(last - 1) != old - now) {
            jumps.add(old);
            jumps.add(now);
        }
    }

    /**
     * The offset in the loaded partition that has as many records before it as an old one had.
     *
     * @param jumps pairs of an old offset and the new one, where their distance changes
     * @param records of the partition
     */
    static long offset(List<Long> jumps, long old, long records) {
        long now = 0;
        for (int i = 0; i < jumps.size(); i += 2) {
            if (jumps.get(i) > old) {
                // In a gap: the next record is the first after it.
                return Math.min(now, jumps.get(i + 1));
            }
            now = jumps.get(i + 1) + old - jumps.get(i);
        }
        return Math.min(now, records);
    }

    private static List<String> compare(Admin admin, List<BackupManifest.Partition> partitions)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> ends = ends(
                admin,
                partitions.stream()
                        .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                        .collect(Collectors.toSet()));
        return partitions.stream()
                .filter(partition -> ends.getOrDefault(new TopicPartition(partition.topic(), partition.partition()), 0L)
                        != partition.records())
                .map(partition -> partition.name() + " has not the " + partition.records() + " records of the backup")
                .toList();
    }

    private static Map<TopicPartition, Long> ends(Admin admin, Set<TopicPartition> partitions)
            throws ExecutionException, InterruptedException {
        return admin
                .listOffsets(partitions.stream()
                        .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())))
                .all()
                .get()
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    private static void commit(
            Admin admin,
            List<BackupManifest.Partition> partitions,
            Map<String, Map<String, Long>> groups,
            Map<String, List<Long>> jumps)
            throws ExecutionException, InterruptedException {
        for (Map.Entry<String, Map<String, Long>> group : groups.entrySet()) {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            for (BackupManifest.Partition partition : partitions) {
                Long done = group.getValue().get(partition.name());
                if (done != null) {
                    offsets.put(
                            new TopicPartition(partition.topic(), partition.partition()),
                            new OffsetAndMetadata(offset(
                                    jumps.getOrDefault(partition.name(), List.of()), done, partition.records())));
                }
            }
            admin.alterConsumerGroupOffsets(group.getKey(), offsets).all().get();
        }
    }
}
