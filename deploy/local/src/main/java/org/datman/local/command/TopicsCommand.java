package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.datman.contracts.topic.Topics;
import org.datman.embedded.KafkaTopics;
import org.datman.local.process.ExternalKafka;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "topics",
        description =
                "Creates the topics that are missing on a Kafka, or prints them all with their settings. TLS and SASL are set as"
                        + " for the services: KAFKA_SECURITY_PROTOCOL and so on.",
        mixinStandardHelpOptions = true)
final class TopicsCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @ParentCommand
    private DatmanCommand datman;

    @Spec
    private CommandSpec spec;

    @Option(names = "--kafka", defaultValue = "${env:DATMAN_KAFKA}", description = "Brokers, as HOST:PORT,HOST:PORT.")
    private @Nullable String kafka;

    @Option(
            names = "--partitions",
            defaultValue = "" + Topics.DEFAULT_PARTITIONS,
            description = "Partitions of each event topic: the most replicas of a service that share work"
                    + " (default: ${DEFAULT-VALUE}). More cannot be had later without mixing up the order of sessions.")
    private int partitions;

    @Option(
            names = "--replicas",
            defaultValue = "" + KafkaTopics.DEFAULT_REPLICAS,
            description = "Replicas of each partition (default: as many as the broker has set, -1).")
    private short replicas;

    @Option(names = "--print", description = "Prints the topics, and asks no Kafka.")
    private boolean print;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        List<Topics.Topic> topics = Topics.all(partitions);
        if (print) {
            topics.forEach(topic -> out.printf("%s\t%d\t%s%n", topic.name(), topic.partitions(), settings(topic)));
            return 0;
        }
        if (kafka == null) {
            throw new IOException(
                    "Which Kafka? Give its brokers with --kafka HOST:PORT, or --print to see the topics only");
        }
        ExternalKafka cluster = ExternalKafka.of(kafka);
        Map<String, Object> client = ExternalKafka.client(cluster.bootstrapServers(), datman.environment(), PATIENCE);
        try {
            List<String> created = KafkaTopics.create(client, topics, replicas);
            out.println("  " + created.size() + " topics were created, " + (topics.size() - created.size())
                    + " were there");
            List<String> differences = KafkaTopics.differences(client, topics);
            differences.forEach(difference -> out.println("  " + difference));
            return differences.isEmpty() ? 0 : 1;
        } catch (ExecutionException | KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(
                    "Kafka at " + cluster.bootstrapServers() + " did not create the topics: " + cause.getMessage(), e);
        }
    }

    private static String settings(Topics.Topic topic) {
        return topic.config().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .reduce((a, b) -> a + "," + b)
                .orElse("");
    }
}
