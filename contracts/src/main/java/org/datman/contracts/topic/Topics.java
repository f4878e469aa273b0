package org.datman.contracts.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.datman.contracts.event.EventType;

/**
 * All topics with partitions and retention, and the publishers and consumers of each. The deployment creates exactly these.
 *
 * <p>Event topics are kept for ever (no time limit, no compaction): any read model can be dropped and rebuilt from them.
 */
public final class Topics {

    /** Partitions of every event topic unless the deployment asks for another number: the most replicas that can share work. */
    public static final int DEFAULT_PARTITIONS = 12;

    /**
     * Size of the largest record on any topic, in bytes, headers included. Topics take no larger one, and the producers of all
     * services (max.request.size) send none; consumers read a first record of any size (KIP-74).
     */
    public static final int MOST_BYTES = 4 * 1024 * 1024;

    /** Consumer group of the pipeline service that delivers to OpenLineage, where that is wanted. */
    public static final String OPENLINEAGE_GROUP = "datman-openlineage";

    private static final String MOST = Integer.toString(MOST_BYTES);

    private static final Duration DEAD_LETTERS_ARE_KEPT = Duration.ofDays(365);

    private static final Map<EventType, List<String>> PUBLISHERS = new EnumMap<>(EventType.class);
    private static final Map<EventType, List<String>> CONSUMERS = new EnumMap<>(EventType.class);

    static {
        PUBLISHERS.put(EventType.SESSION_DISCOVERED, List.of("ingest"));
        PUBLISHERS.put(EventType.SERIES_DISCOVERED, List.of("ingest"));
        PUBLISHERS.put(EventType.RESOURCE_DISCOVERED, List.of("ingest"));
        PUBLISHERS.put(EventType.SESSION_SETTLED, List.of("ingest"));
        PUBLISHERS.put(EventType.SERIES_TAGGED, List.of("tagging"));
        PUBLISHERS.put(EventType.SERIES_EXPORTED, List.of("export"));
        PUBLISHERS.put(EventType.RESOURCE_EXPORTED, List.of("export"));
        PUBLISHERS.put(EventType.QC_COMPLETE, List.of("qc"));
        PUBLISHERS.put(EventType.QC_ALARM, List.of("qc"));
        PUBLISHERS.put(EventType.SESSION_CHECKED, List.of("qc"));
        PUBLISHERS.put(EventType.VISIT_PLANNED, List.of("ingest"));
        PUBLISHERS.put(EventType.VISIT_CHECKED, List.of("qc"));
        PUBLISHERS.put(EventType.FORM_CHECKED, List.of("ingest"));
        PUBLISHERS.put(EventType.QC_REVIEWED, List.of("dashboard"));
        PUBLISHERS.put(EventType.GOLD_STANDARD_SET, List.of("dashboard"));
        PUBLISHERS.put(EventType.SERIES_ASSIGNED, List.of("dashboard"));
        PUBLISHERS.put(EventType.PIPELINE_REQUESTED, List.of("pipeline"));
        PUBLISHERS.put(EventType.PIPELINE_UPDATED, List.of("pipeline"));
        PUBLISHERS.put(EventType.PIPELINE_CANCELLED, List.of("dashboard"));
        PUBLISHERS.put(EventType.PIPELINE_ANSWERED, List.of("dashboard"));
        PUBLISHERS.put(EventType.PIPELINE_PAUSED, List.of("dashboard"));
        PUBLISHERS.put(EventType.REPROCESS_REQUESTED, List.of("dashboard", "export", "qc"));
        PUBLISHERS.put(EventType.CONFIGURATION_READ, List.of("ingest"));
        PUBLISHERS.put(EventType.CONFIGURATION_CONFIRMED, List.of("dashboard"));
        PUBLISHERS.put(
                EventType.PROCESSING_FAILED, List.of("ingest", "tagging", "export", "qc", "pipeline", "dashboard"));

        CONSUMERS.put(EventType.SESSION_DISCOVERED, List.of("dashboard", "qc", "pipeline"));
        CONSUMERS.put(EventType.SERIES_DISCOVERED, List.of("tagging", "dashboard"));
        CONSUMERS.put(EventType.RESOURCE_DISCOVERED, List.of("export", "dashboard"));
        CONSUMERS.put(EventType.SESSION_SETTLED, List.of("qc", "dashboard", "export"));
        CONSUMERS.put(EventType.SERIES_TAGGED, List.of("export", "qc", "pipeline", "dashboard"));
        CONSUMERS.put(EventType.SERIES_EXPORTED, List.of("qc", "dashboard", "pipeline"));
        CONSUMERS.put(EventType.RESOURCE_EXPORTED, List.of("dashboard", "qc", "pipeline"));
        CONSUMERS.put(EventType.QC_COMPLETE, List.of("dashboard", "pipeline"));
        CONSUMERS.put(EventType.QC_ALARM, List.of("dashboard"));
        CONSUMERS.put(EventType.SESSION_CHECKED, List.of("dashboard", "pipeline"));
        CONSUMERS.put(EventType.VISIT_PLANNED, List.of("qc", "dashboard"));
        CONSUMERS.put(EventType.VISIT_CHECKED, List.of("dashboard"));
        CONSUMERS.put(EventType.FORM_CHECKED, List.of("dashboard"));
        CONSUMERS.put(EventType.QC_REVIEWED, List.of("qc", "pipeline", "dashboard"));
        CONSUMERS.put(EventType.GOLD_STANDARD_SET, List.of("qc", "dashboard"));
        CONSUMERS.put(EventType.SERIES_ASSIGNED, List.of("ingest", "dashboard"));
        CONSUMERS.put(EventType.PIPELINE_REQUESTED, List.of("pipeline", "dashboard"));
        CONSUMERS.put(EventType.PIPELINE_UPDATED, List.of("dashboard"));
        CONSUMERS.put(EventType.PIPELINE_CANCELLED, List.of("pipeline", "dashboard"));
        CONSUMERS.put(EventType.PIPELINE_ANSWERED, List.of("pipeline", "dashboard"));
        CONSUMERS.put(EventType.PIPELINE_PAUSED, List.of("pipeline", "dashboard"));
        CONSUMERS.put(EventType.REPROCESS_REQUESTED, List.of("ingest", "export", "qc", "pipeline", "dashboard"));
        CONSUMERS.put(EventType.CONFIGURATION_READ, List.of("dashboard"));
        CONSUMERS.put(EventType.CONFIGURATION_CONFIRMED, List.of("ingest", "dashboard"));
        CONSUMERS.put(EventType.PROCESSING_FAILED, List.of("dashboard"));
    }

    private Topics() {}

    /**
     * A topic as the deployment creates it.
     *
     * @param name topic name
     * @param partitions number of partitions
     * @param config topic configuration in Kafka's own keys
     */
    public record Topic(String name, int partitions, Map<String, String> config) {}

    /** The services that publish events of that type. Outside producers may publish {@code reprocess-requested} too. */
    public static List<String> publishersOf(EventType type) {
        return Collections.unmodifiableList(PUBLISHERS.get(type));
    }

    /** The services that consume events of that type. */
    public static List<String> consumersOf(EventType type) {
        return Collections.unmodifiableList(CONSUMERS.get(type));
    }

    /**
     * The consumer group of all replicas of a service on one of its topics. One group for all topics would be rebalanced as a whole whenever
     * one of the dozens of consumers of a replica joins or leaves.
     */
    public static String consumerGroup(String service, EventType type) {
        return formerConsumerGroup(service) + "." + type.topic();
    }

    /** The one group of a service on all its topics, which had its offsets until 2026-12. */
    public static String formerConsumerGroup(String service) {
        return "datman-" + service;
    }

    /** What the OpenLineage group reads; none of its topics is a channel, as those are there whether they are wanted or not. */
    public static List<EventType> openLineage() {
        return List.of(EventType.SERIES_EXPORTED, EventType.PIPELINE_UPDATED);
    }

    /** The dead-letter topic of {@code service} for {@code type}'s topic. */
    public static String deadLetterTopic(EventType type, String service) {
        return type.topic() + "." + service + ".dlq";
    }

    /** All topics: one per event type, and a dead-letter topic for each of its consumers. */
    public static List<Topic> all(int partitions) {
        List<Topic> topics = new ArrayList<>();
        for (EventType type : EventType.values()) {
            topics.add(new Topic(
                    type.topic(),
                    partitions,
                    Map.of("retention.ms", "-1", "cleanup.policy", "delete", "max.message.bytes", MOST)));
            for (String service : consumersOf(type)) {
                topics.add(new Topic(
                        deadLetterTopic(type, service),
                        1,
                        Map.of(
                                "retention.ms",
                                Long.toString(DEAD_LETTERS_ARE_KEPT.toMillis()),
                                "cleanup.policy",
                                "delete",
                                "max.message.bytes",
                                MOST)));
            }
        }
        return List.copyOf(topics);
    }
}
