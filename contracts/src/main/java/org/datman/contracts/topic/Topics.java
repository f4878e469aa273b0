package org.datman.contracts.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.datman.contracts.event.EventType;

/**
 * All topics with partitions and retention, and who says and who hears what. The deployment creates exactly these.
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

    private static final String MOST = Integer.toString(MOST_BYTES);

    private static final Duration DEAD_LETTERS_ARE_KEPT = Duration.ofDays(365);

    private static final Map<EventType, List<String>> SAID_BY = new EnumMap<>(EventType.class);
    private static final Map<EventType, List<String>> HEARD_BY = new EnumMap<>(EventType.class);

    static {
        SAID_BY.put(EventType.SESSION_DISCOVERED, List.of("ingest"));
        SAID_BY.put(EventType.SERIES_DISCOVERED, List.of("ingest"));
        SAID_BY.put(EventType.RESOURCE_DISCOVERED, List.of("ingest"));
        SAID_BY.put(EventType.SESSION_SETTLED, List.of("ingest"));
        SAID_BY.put(EventType.SERIES_TAGGED, List.of("tagging"));
        SAID_BY.put(EventType.SERIES_EXPORTED, List.of("export"));
        SAID_BY.put(EventType.RESOURCE_EXPORTED, List.of("export"));
        SAID_BY.put(EventType.QC_COMPLETE, List.of("qc"));
        SAID_BY.put(EventType.QC_ALARM, List.of("qc"));
        SAID_BY.put(EventType.SESSION_CHECKED, List.of("qc"));
        SAID_BY.put(EventType.QC_REVIEWED, List.of("dashboard"));
        SAID_BY.put(EventType.GOLD_STANDARD_SET, List.of("dashboard"));
        SAID_BY.put(EventType.PIPELINE_REQUESTED, List.of("pipeline"));
        SAID_BY.put(EventType.PIPELINE_UPDATED, List.of("pipeline"));
        SAID_BY.put(EventType.REPROCESS_REQUESTED, List.of("dashboard", "export", "qc"));
        SAID_BY.put(EventType.CONFIGURATION_READ, List.of("ingest"));
        SAID_BY.put(EventType.CONFIGURATION_CONFIRMED, List.of("dashboard"));
        SAID_BY.put(EventType.PROCESSING_FAILED, List.of("ingest", "tagging", "export", "qc", "pipeline", "dashboard"));

        HEARD_BY.put(EventType.SESSION_DISCOVERED, List.of("dashboard", "qc", "pipeline"));
        HEARD_BY.put(EventType.SERIES_DISCOVERED, List.of("tagging", "dashboard"));
        HEARD_BY.put(EventType.RESOURCE_DISCOVERED, List.of("export", "dashboard"));
        HEARD_BY.put(EventType.SESSION_SETTLED, List.of("qc", "dashboard", "export"));
        HEARD_BY.put(EventType.SERIES_TAGGED, List.of("export", "qc", "dashboard"));
        HEARD_BY.put(EventType.SERIES_EXPORTED, List.of("qc", "dashboard", "pipeline"));
        HEARD_BY.put(EventType.RESOURCE_EXPORTED, List.of("dashboard", "qc"));
        HEARD_BY.put(EventType.QC_COMPLETE, List.of("dashboard", "pipeline"));
        HEARD_BY.put(EventType.QC_ALARM, List.of("dashboard"));
        HEARD_BY.put(EventType.SESSION_CHECKED, List.of("dashboard", "pipeline"));
        HEARD_BY.put(EventType.QC_REVIEWED, List.of("qc", "pipeline", "dashboard"));
        HEARD_BY.put(EventType.GOLD_STANDARD_SET, List.of("qc", "dashboard"));
        HEARD_BY.put(EventType.PIPELINE_REQUESTED, List.of("pipeline", "dashboard"));
        HEARD_BY.put(EventType.PIPELINE_UPDATED, List.of("dashboard"));
        HEARD_BY.put(EventType.REPROCESS_REQUESTED, List.of("ingest", "export", "qc", "pipeline", "dashboard"));
        HEARD_BY.put(EventType.CONFIGURATION_READ, List.of("dashboard"));
        HEARD_BY.put(EventType.CONFIGURATION_CONFIRMED, List.of("ingest", "dashboard"));
        HEARD_BY.put(EventType.PROCESSING_FAILED, List.of("dashboard"));
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

    /** Who says events of that type: names of services. Outside producers may say {@code reprocess-requested} too. */
    public static List<String> publishersOf(EventType type) {
        return Collections.unmodifiableList(SAID_BY.get(type));
    }

    /** Who hears events of that type: names of services. */
    public static List<String> consumersOf(EventType type) {
        return Collections.unmodifiableList(HEARD_BY.get(type));
    }

    /** Where {@code service} puts what it can never handle from {@code type}'s topic. */
    public static String deadLetterTopic(EventType type, String service) {
        return type.topic() + "." + service + ".dlq";
    }

    /** All topics: one per event type, and a dead-letter topic for each of its hearers. */
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
