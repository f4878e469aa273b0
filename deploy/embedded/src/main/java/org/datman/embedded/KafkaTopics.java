package org.datman.embedded;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.server.common.MetadataVersion;
import org.datman.contracts.topic.Topics;

/** The topics of DATMAN on any Kafka: created where they are missing, and compared with what they should be; and its version. */
public final class KafkaTopics {

    /** As many replicas as the broker's {@code default.replication.factor}. */
    public static final short DEFAULT_REPLICAS = -1;

    private KafkaTopics() {}

    /**
     * Creates those of the topics that do not exist yet; what exists is left as it is. Offsets of the consumer groups of an earlier version are
     * {@linkplain ConsumerGroups#takeOver taken over}.
     *
     * @param client properties of an admin client
     * @param replicas of each partition, or {@link #DEFAULT_REPLICAS}
     * @return names of the created ones
     * @throws ExecutionException when Kafka does not answer, or refuses
     */
    public static List<String> create(Map<String, Object> client, Collection<Topics.Topic> topics, short replicas)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(client)) {
            Set<String> existing = admin.listTopics().names().get();
            List<NewTopic> missing = topics.stream()
                    .filter(topic -> !existing.contains(topic.name()))
                    .map(topic -> new NewTopic(topic.name(), topic.partitions(), replicas).configs(topic.config()))
                    .collect(Collectors.toList());
            admin.createTopics(missing).all().get();
            ConsumerGroups.takeOver(admin);
            return missing.stream().map(NewTopic::name).toList();
        }
    }

    /**
     * How the topics differ from what they should be, in words, with what to do. Their number of partitions is the deployment's choice, and no
     * difference.
     *
     * @param client properties of an admin client
     * @throws ExecutionException when Kafka does not answer, or refuses
     */
    public static List<String> differences(Map<String, Object> client, Collection<Topics.Topic> topics)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(client)) {
            Set<String> existing = admin.listTopics().names().get();
            List<String> differences = new ArrayList<>(topics.stream()
                    .map(Topics.Topic::name)
                    .filter(name -> !existing.contains(name))
                    .map(name -> name + " does not exist")
                    .toList());
            List<Topics.Topic> there = topics.stream()
                    .filter(topic -> existing.contains(topic.name()))
                    .toList();
            Map<ConfigResource, Config> configs = admin.describeConfigs(
                            there.stream().map(KafkaTopics::resource).toList())
                    .all()
                    .get();
            for (Topics.Topic topic : there) {
                Config config = Objects.requireNonNull(configs.get(resource(topic)), topic.name());
                topic.config().forEach((key, wanted) -> {
                    ConfigEntry entry = config.get(key);
                    if (entry != null && !wanted.equals(entry.value())) {
                        differences.add(topic.name() + " has " + key + "=" + entry.value() + " instead of " + wanted);
                    }
                });
            }
            return differences;
        }
    }

    /**
     * The fewest replicas that any of the topics has.
     *
     * @param client properties of an admin client
     * @throws ExecutionException when Kafka does not answer, refuses, or lacks one of them
     */
    public static int fewestReplicas(Map<String, Object> client, Collection<Topics.Topic> topics)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(client)) {
            return admin
                    .describeTopics(topics.stream().map(Topics.Topic::name).toList())
                    .allTopicNames()
                    .get()
                    .values()
                    .stream()
                    .map(TopicDescription::partitions)
                    .flatMap(List::stream)
                    .mapToInt(partition -> partition.replicas().size())
                    .min()
                    .orElse(0);
        }
    }

    /**
     * The version of the metadata of a cluster, as {@code 4.3-IV0}; empty when it is newer than what this client knows, or not told.
     *
     * @param client properties of an admin client
     * @throws ExecutionException when Kafka does not answer, or refuses
     */
    public static Optional<String> version(Map<String, Object> client) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(client)) {
            FinalizedVersionRange range = admin.describeFeatures()
                    .featureMetadata()
                    .get()
                    .finalizedFeatures()
                    .get(MetadataVersion.FEATURE_NAME);
            return Arrays.stream(MetadataVersion.values())
                    .filter(version -> range != null && version.featureLevel() == range.maxVersionLevel())
                    .map(MetadataVersion::version)
                    .findFirst();
        }
    }

    private static ConfigResource resource(Topics.Topic topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }
}
