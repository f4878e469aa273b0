package org.datman.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.datman.contracts.event.EventType;
import org.datman.contracts.topic.Topics;
import org.datman.embedded.EmbeddedKafka;
import org.datman.embedded.FreePort;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The access rules of topics-and-users.yaml and scaled-objects.yaml on a real Kafka that has no others: services can do with them what they do.
 * Users log in by passwords here and by certificates there.
 */
class KafkaRightsTest {

    private static final String ADMINISTRATOR = "administrator";
    private static final String SECRET = "secret";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path data;

    private static EmbeddedKafka kafka;
    private static Set<String> topics;

    @BeforeAll
    static void aKafkaWithTheUsers() throws Exception {
        List<AclBinding> rules = Stream.of("kafka/topics-and-users.yaml", "overlays/cluster/scaled-objects.yaml")
                .flatMap(file -> Kustomization.documents(Path.of(file)).stream())
                .filter(object -> object.path("kind").asText().equals("KafkaUser"))
                .flatMap(KafkaRightsTest::rules)
                .toList();
        String users = Stream.concat(
                        Stream.of(ADMINISTRATOR),
                        rules.stream().map(rule -> rule.entry().principal().replace("User:", "")))
                .distinct()
                .map(user -> "user_" + user + "=\"" + SECRET + "\"")
                .collect(Collectors.joining(" "));
        Map<String, String> settings = new HashMap<>();
        settings.put("listener.security.protocol.map", "BROKER:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("sasl.enabled.mechanisms", "PLAIN");
        settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
        settings.put(
                "listener.name.broker.plain.sasl.jaas.config",
                login(ADMINISTRATOR).replace(";", " " + users + ";"));
        settings.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        settings.put("super.users", "User:" + ADMINISTRATOR + ";User:ANONYMOUS");
        kafka = EmbeddedKafka.start(data, FreePort.any(), FreePort.any(), settings);
        List<NewTopic> all = Topics.all(1).stream()
                .map(topic -> new NewTopic(topic.name(), 1, (short) 1))
                .toList();
        topics = all.stream().map(NewTopic::name).collect(Collectors.toSet());
        try (Admin admin = Admin.create(client(ADMINISTRATOR))) {
            admin.createTopics(all).all().get();
            admin.createAcls(rules).all().get();
            // The broker knows them a moment after the controller.
            await().until(() ->
                    admin.describeAcls(AclBindingFilter.ANY).values().get().size() == rules.size());
        }
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    static List<String> services() {
        return KafkaRights.services();
    }

    @ParameterizedTest
    @MethodSource("services")
    void aServiceWritesWhatItPublishesAndItsDeadLettersAndNothingElse(String service) throws Exception {
        // Given
        Set<String> expected = Arrays.stream(EventType.values())
                .flatMap(type -> Stream.concat(
                        Topics.publishersOf(type).contains(service) ? Stream.of(type.topic()) : Stream.empty(),
                        Topics.consumersOf(type).contains(service)
                                ? Stream.of(Topics.deadLetterTopic(type, service))
                                : Stream.empty()))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> others = new TreeSet<>(topics);
        others.removeAll(expected);

        // When
        Set<String> taken = taken(service, true, expected);
        Set<String> wronglyTaken = taken(service, false, others);

        // Then
        assertThat(taken).isEqualTo(expected);
        assertThat(wronglyTaken).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("services")
    void aServiceReadsWhatItConsumesInItsGroupAndNothingElse(String service) throws Exception {
        // Given
        Set<String> expected = Arrays.stream(EventType.values())
                .filter(type -> Topics.consumersOf(type).contains(service))
                .map(EventType::topic)
                .collect(Collectors.toCollection(TreeSet::new));

        // When
        Set<String> read = new TreeSet<>();
        for (EventType type : EventType.values()) {
            if (expected.contains(type.topic())) {
                read.addAll(consumed(service, Topics.consumerGroup(service, type), Set.of(type.topic())));
            }
        }
        Set<String> others = new TreeSet<>(topics);
        others.removeAll(expected);
        Set<String> wronglyRead = readable(service, others);

        // Then
        assertThat(read).isEqualTo(expected);
        assertThat(wronglyRead)
                .isEqualTo(service.equals("pipeline") ? Set.of(EventType.PIPELINE_UPDATED.topic()) : Set.of());
    }

    @Test
    void aServiceIsNoMemberOfTheGroupOfAnother() {
        // Given
        Map<String, Object> config = client(KafkaRights.userOf("export"));
        config.put("group.id", Topics.consumerGroup("qc", EventType.SERIES_EXPORTED));

        // When
        Throwable refused;
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(config)) {
            consumer.subscribe(List.of(EventType.SERIES_TAGGED.topic()));
            refused = catchThrowable(() -> consumer.poll(PATIENCE));
        }

        // Then
        assertThat(refused).isInstanceOf(GroupAuthorizationException.class);
    }

    @Test
    void thePipelineServiceReadsForOpenLineage() {
        // Given
        Set<String> expected =
                Topics.openLineage().stream().map(EventType::topic).collect(Collectors.toSet());

        // When
        Set<String> read = consumed("pipeline", Topics.OPENLINEAGE_GROUP, expected);

        // Then
        assertThat(read).isEqualTo(expected);
    }

    /** As Rebuild of the dashboard does it: without a membership, from the beginning to the end of all. */
    @Test
    void theDashboardReadsAllTopicsAgain() {
        // Given
        Map<String, Object> config = client(KafkaRights.userOf("dashboard"));
        config.put("group.id", Topics.consumerGroup("dashboard", EventType.SERIES_TAGGED));

        // When
        long ends;
        Set<TopicPartition> partitions;
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(config)) {
            partitions = Arrays.stream(EventType.values())
                    .flatMap(type -> consumer.partitionsFor(type.topic()).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .collect(Collectors.toSet());
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            consumer.poll(Duration.ofMillis(200));
            ends = consumer.endOffsets(partitions).keySet().stream()
                    .filter(partition -> consumer.position(partition) >= 0)
                    .count();
        }

        // Then
        assertThat(partitions).hasSize(EventType.values().length);
        assertThat(ends).isEqualTo(partitions.size());
    }

    @ParameterizedTest
    @MethodSource("services")
    void theHealthOfKafkaIsAnswered(String service) throws Exception {
        // When
        Collection<?> nodes;
        try (Admin admin = Admin.create(client(KafkaRights.userOf(service)))) {
            nodes = admin.describeCluster().nodes().get();
        }

        // Then
        assertThat(nodes).hasSize(1);
    }

    @Test
    void kedaSeesTheLagAndReadsNothing() throws Exception {
        // Given
        TopicPartition partition = new TopicPartition(EventType.SERIES_TAGGED.topic(), 0);

        // When
        Set<TopicPartition> ends;
        Map<?, ?> committed;
        try (Admin admin = Admin.create(client(KafkaRights.KEDA))) {
            ends = admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .all()
                    .get()
                    .keySet();
            committed = admin.listConsumerGroupOffsets(Topics.consumerGroup("export", EventType.SERIES_TAGGED))
                    .partitionsToOffsetAndMetadata()
                    .get();
        }
        Set<String> read = readable("keda", topics);

        // Then
        assertThat(ends).containsExactly(partition);
        assertThat(committed).isNotNull();
        assertThat(read).isEmpty();
    }

    /** Topics whose partitions a member of the group gets. */
    private static Set<String> consumed(String service, String group, Set<String> wanted) {
        Map<String, Object> config = client(KafkaRights.userOf(service));
        config.put("group.id", group);
        Set<String> read = new TreeSet<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(config)) {
            consumer.subscribe(wanted);
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.assignment().size() < wanted.size() && System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(100));
            }
            consumer.commitSync();
            consumer.assignment().forEach(partition -> read.add(partition.topic()));
        }
        return read;
    }

    /** Those of the topics that take a record. */
    private static Set<String> taken(String service, boolean idempotent, Set<String> offered) throws Exception {
        Map<String, Object> config = client(KafkaRights.userOf(service));
        // An idempotent producer, as that of the services, takes nothing any more after the first refusal.
        config.put("enable.idempotence", idempotent);
        Map<String, Future<?>> sent = new TreeMap<>();
        Set<String> taken = new TreeSet<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            offered.forEach(topic -> sent.put(topic, producer.send(new ProducerRecord<>(topic, new byte[1]))));
            for (Map.Entry<String, Future<?>> one : sent.entrySet()) {
                try {
                    one.getValue().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                    taken.add(one.getKey());
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(AuthorizationException.class);
                }
            }
        }
        return taken;
    }

    /** Those of the topics that it may read, by Kafka's own account. */
    private static Set<String> readable(String service, Set<String> wanted) throws Exception {
        Set<String> readable = new TreeSet<>();
        try (Admin admin = Admin.create(client(KafkaRights.userOf(service)))) {
            Map<String, KafkaFuture<TopicDescription>> described = admin.describeTopics(
                            wanted, new DescribeTopicsOptions().includeAuthorizedOperations(true))
                    .topicNameValues();
            for (Map.Entry<String, KafkaFuture<TopicDescription>> one : described.entrySet()) {
                try {
                    if (one.getValue().get().authorizedOperations().contains(AclOperation.READ)) {
                        readable.add(one.getKey());
                    }
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(AuthorizationException.class);
                }
            }
        }
        return readable;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> config) {
        Map<String, Object> all = new HashMap<>(config);
        all.put("auto.offset.reset", "earliest");
        all.put("enable.auto.commit", false);
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Map<String, Object> client(String user) {
        return new HashMap<>(Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                login(user)));
    }

    private static String login(String user) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                + SECRET + "\";";
    }

    private static Stream<AclBinding> rules(JsonNode user) {
        Set<AclBinding> rules = new HashSet<>();
        String principal = "User:" + user.at("/metadata/name").asText();
        user.at("/spec/authorization/acls").forEach(acl -> acl.path("operations")
                .forEach(operation -> rules.add(new AclBinding(
                        new ResourcePattern(
                                ResourceType.fromString(acl.at("/resource/type").asText()),
                                acl.at("/resource/name").asText(),
                                PatternType.LITERAL),
                        new AccessControlEntry(
                                principal,
                                "*",
                                AclOperation.fromString(operation.asText()),
                                AclPermissionType.ALLOW)))));
        return rules.stream();
    }
}
