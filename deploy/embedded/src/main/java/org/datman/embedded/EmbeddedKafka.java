package org.datman.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.datman.contracts.topic.Topics;

/** A one-node Kafka (broker and controller) in this JVM; its data survives in the given folder. */
public final class EmbeddedKafka implements AutoCloseable {

    private static final int NODE = 1;

    private final KafkaRaftServer server;
    private final String bootstrapServers;

    private EmbeddedKafka(KafkaRaftServer server, String bootstrapServers) {
        this.server = server;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Starts Kafka and waits until it answers.
     *
     * @param data folder for its log; formatted when empty, taken up again when not
     * @param port where it listens on 127.0.0.1
     */
    public static EmbeddedKafka start(Path data, int port) throws IOException {
        return start(data, port, FreePort.any(), false);
    }

    /**
     * Starts Kafka and waits until it answers.
     *
     * @param data folder for its log; formatted when empty, taken up again when not
     * @param port where it listens on 127.0.0.1
     * @param controllerPort where its controller listens on 127.0.0.1
     * @param durable whether a record is on the disk before it is acknowledged; a power cut then loses none
     */
    public static EmbeddedKafka start(Path data, int port, int controllerPort, boolean durable) throws IOException {
        // Kafka relies on other brokers for records that are only in memory; there are none here.
        return start(data, port, controllerPort, durable ? Map.of("log.flush.interval.messages", "1") : Map.of());
    }

    /**
     * Starts Kafka and waits until it answers.
     *
     * @param data folder for its log; formatted when empty, taken up again when not
     * @param port where it listens on 127.0.0.1
     * @param controllerPort where its controller listens on 127.0.0.1
     * @param settings settings of the broker beside ours, in Kafka's own keys
     */
    public static EmbeddedKafka start(Path data, int port, int controllerPort, Map<String, String> settings)
            throws IOException {
        Files.createDirectories(data);
        Properties config = configuration(data, port, controllerPort);
        config.putAll(settings);
        if (!Files.exists(data.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
            format(data, config);
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(config), Time.SYSTEM);
        server.startup();
        return new EmbeddedKafka(server, "127.0.0.1:" + port);
    }

    /** The bootstrap servers for clients. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Creates those of the topics that do not exist yet. */
    public void createTopics(Collection<Topics.Topic> topics) throws InterruptedException {
        createTopics(bootstrapServers, topics);
    }

    /** Creates those of the topics that do not exist yet, on a Kafka of one node. */
    public static void createTopics(String bootstrapServers, Collection<Topics.Topic> topics)
            throws InterruptedException {
        try {
            KafkaTopics.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers), topics, (short) 1);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "Kafka at " + bootstrapServers + " did not create the topics", e.getCause());
        }
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static Properties configuration(Path data, int port, int controllerPort) {
        Map<String, String> config = new TreeMap<>();
        config.put("process.roles", "broker,controller");
        config.put("node.id", Integer.toString(NODE));
        config.put("controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort);
        config.put("listeners", "BROKER://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        config.put("advertised.listeners", "BROKER://127.0.0.1:" + port);
        config.put("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        config.put("inter.broker.listener.name", "BROKER");
        config.put("controller.listener.names", "CONTROLLER");
        config.put("log.dirs", data.toString());
        config.put("auto.create.topics.enable", "false");
        config.put("offsets.topic.replication.factor", "1");
        config.put("offsets.topic.num.partitions", "3");
        // Without members, as in a summer without scans, a group loses its offsets after a week by default, and would
        // read all again.
        config.put("offsets.retention.minutes", Integer.toString(Integer.MAX_VALUE));
        config.put("transaction.state.log.replication.factor", "1");
        config.put("transaction.state.log.min.isr", "1");
        config.put("transaction.state.log.num.partitions", "1");
        config.put("share.coordinator.state.topic.replication.factor", "1");
        config.put("share.coordinator.state.topic.min.isr", "1");
        config.put("group.initial.rebalance.delay.ms", "0");
        // One machine, hundreds of partitions: small index files and few threads keep start-up and memory low.
        config.put("log.index.size.max.bytes", Integer.toString(512 * 1024));
        config.put("log.cleaner.dedupe.buffer.size", Integer.toString(2 * 1024 * 1024));
        config.put("num.network.threads", "2");
        config.put("num.io.threads", "2");
        config.put("num.recovery.threads.per.data.dir", "2");
        config.put("message.max.bytes", Integer.toString(4 * 1024 * 1024));
        Properties properties = new Properties();
        properties.putAll(config);
        return properties;
    }

    private static void format(Path data, Properties config) throws IOException {
        try {
            new Formatter()
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(NODE)
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .setControllerListenerName(config.getProperty("controller.listener.names"))
                    .setDirectories(List.of(data.toString()))
                    .setMetadataLogDirectory(data.toString())
                    .setPrintStream(new java.io.PrintStream(java.io.OutputStream.nullOutputStream(), true, "UTF-8"))
                    .run();
        } catch (Exception e) {
            throw new IOException("Kafka's folder " + data + " cannot be formatted: " + e.getMessage(), e);
        }
    }
}
