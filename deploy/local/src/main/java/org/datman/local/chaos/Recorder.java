package org.datman.local.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.EventType;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.contracts.topic.Topics;
import org.datman.local.chaos.check.NeutralNames;
import org.datman.local.chaos.check.RecordedDeadLetter;
import org.datman.local.chaos.check.RecordedEvent;
import org.datman.local.chaos.check.RecordedFile;
import org.datman.local.chaos.check.RecordedHistory;
import org.datman.local.demo.Completion;
import org.datman.local.process.Backlog;
import org.datman.local.process.Supervisor;

/** Reads what a system has done: all topics, the archive, and the read model before and after it is rebuilt. */
final class Recorder {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration QUIET = Duration.ofSeconds(6);
    private static final Duration REQUEST = Duration.ofSeconds(20);
    private static final Duration REBUILD = Duration.ofMinutes(2);
    private static final int NO_ACCESS = 503;

    /** Fields of answers that tell when something was asked or noticed, and not what the topics say. */
    private static final List<String> VOLATILE = List.of("rebuild", "lag");

    private final ChaosSystem system;

    Recorder(ChaosSystem system) {
        this.system = system;
    }

    /**
     * Waits until the sessions of these labels are finished, everything is consumed and nothing is published any more.
     *
     * @return what was unfinished when the time was over; empty when it was quiet
     */
    List<String> awaitQuiet(Collection<String> labels, Duration patience) throws IOException, InterruptedException {
        long started = System.nanoTime();
        long quietSince = started;
        Completion completion = new Completion();
        StudyConfigurations studies = StudyConfigurations.load(system.home().studies());
        List<String> open = List.of("nothing was read");
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            assign(consumer, partitions(consumer, eventTopics()));
            while (System.nanoTime() - started < patience.toNanos()) {
                int news = 0;
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    news++;
                    try {
                        Envelope<?> envelope = EventJson.read(headers(record), record.value());
                        completion.add(envelope.event(), envelope.time());
                    } catch (EventFormatException e) {
                        // It is recorded later.
                        continue;
                    }
                }
                if (news > 0 || !open.isEmpty()) {
                    open = completion.waiting(labels, system.home().archive(), studies);
                }
                if (news > 0 || !open.isEmpty()) {
                    quietSince = System.nanoTime();
                } else if (System.nanoTime() - quietSince > QUIET.toNanos()) {
                    open = backlog();
                    if (open.isEmpty()) {
                        return open;
                    }
                    quietSince = System.nanoTime();
                }
            }
        }
        return open;
    }

    private List<String> backlog() throws InterruptedException {
        try {
            return Backlog.of(system.state().bootstrapServers(), Map.of(), Supervisor.SERVICES, REQUEST).stream()
                    .map(one -> one.service() + " has " + one.waiting() + " records of " + one.topic() + " to read")
                    .toList();
        } catch (IOException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Everything, when the system is quiet.
     *
     * @param sessions those whose pages are compared
     * @param open what was unfinished
     */
    RecordedHistory record(List<SessionRef> sessions, List<String> open) throws IOException, InterruptedException {
        List<RecordedEvent> events = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        List<RecordedDeadLetter> deadLetters = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            readAll(consumer, eventTopics(), record -> {
                try {
                    Envelope<?> envelope = EventJson.read(headers(record), record.value());
                    events.add(new RecordedEvent(
                            record.partition(), record.offset(), record.key(), envelope.id(), envelope.event()));
                } catch (EventFormatException e) {
                    unreadable.add(record.topic() + "-" + record.partition() + "@" + record.offset());
                }
            });
            readAll(
                    consumer,
                    deadLetterTopics(),
                    record -> deadLetters.add(new RecordedDeadLetter(
                            record.topic(),
                            record.offset(),
                            String.valueOf(record.key()),
                            headers(record).toString())));
        }
        Map<String, String> kept = readModel(sessions);
        rebuild();
        return new RecordedHistory(events, unreadable, deadLetters, files(), kept, readModel(sessions), open);
    }

    /** Takes records. */
    private interface Sink {
        void take(ConsumerRecord<String, byte[]> record);
    }

    private static void readAll(KafkaConsumer<String, byte[]> consumer, List<String> topics, Sink sink) {
        List<TopicPartition> partitions = partitions(consumer, topics);
        assign(consumer, partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(POLL).forEach(sink::take);
        }
    }

    private static List<TopicPartition> partitions(KafkaConsumer<String, byte[]> consumer, List<String> topics) {
        return topics.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private static void assign(KafkaConsumer<String, byte[]> consumer, List<TopicPartition> partitions) {
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    private KafkaConsumer<String, byte[]> consumer() throws IOException {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        system.state().bootstrapServers(),
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    private static List<String> eventTopics() {
        return Stream.of(EventType.values()).map(EventType::topic).toList();
    }

    private static List<String> deadLetterTopics() {
        return Stream.of(EventType.values())
                .flatMap(
                        type -> Topics.consumersOf(type).stream().map(service -> Topics.deadLetterTopic(type, service)))
                .toList();
    }

    private static Map<String, String> headers(ConsumerRecord<String, byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            if (header.value() != null) {
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        return headers;
    }

    /** Public files only: what is below a hidden folder is the state of services, and scratch. */
    private List<RecordedFile> files() throws IOException {
        Path archive = system.home().archive();
        List<Path> found;
        try (Stream<Path> all = Files.walk(archive)) {
            found = all.filter(Files::isRegularFile).sorted().toList();
        }
        List<RecordedFile> files = new ArrayList<>();
        for (Path file : found) {
            String path = archive.relativize(file).toString();
            if (!path.startsWith(".")) {
                byte[] bytes = Files.readAllBytes(file);
                files.add(new RecordedFile(path, DigestUtils.sha256Hex(bytes), comparable(path, bytes)));
            }
        }
        return files;
    }

    private static String comparable(String path, byte[] bytes) throws IOException {
        if (path.endsWith(".prov.json")) {
            return EventJson.mapper().readTree(bytes).at("/source/sha256").asText();
        }
        // They hold times, or show the name of the session; the numbers of quality control are compared by its events.
        boolean ofPipeline = path.contains("/pipelines/") && (path.endsWith(".json") || path.endsWith(".sh"));
        if (path.endsWith(".log")
                || path.endsWith("/.datman.json")
                || path.contains("/qc/")
                || path.contains("/bids/derivatives/datman-qc/")
                || path.contains("/bids/logs/")
                || path.contains("/bids/rawbids/prov/")
                || ofPipeline) {
            return "";
        }
        boolean text = Stream.of(".json", ".tsv", ".txt", ".md").anyMatch(path::endsWith);
        return DigestUtils.sha256Hex(
                text
                        ? NeutralNames.neutral(new String(bytes, StandardCharsets.UTF_8))
                                .getBytes(StandardCharsets.UTF_8)
                        : bytes);
    }

    private Map<String, String> readModel(List<SessionRef> sessions) throws IOException, InterruptedException {
        List<String> addresses = new ArrayList<>(List.of(
                "/api/studies",
                "/api/studies/" + ChaosSystem.STUDY + "/sessions?size=500&sort=NAME",
                "/api/studies/" + ChaosSystem.STUDY + "/metrics.csv",
                "/api/studies/" + ChaosSystem.STUDY + "/pipelines",
                "/api/inbox"));
        sessions.forEach(session -> addresses.add("/api/sessions/" + session.identity()));
        Map<String, String> answers = new TreeMap<>();
        for (String address : addresses) {
            HttpResponse<String> answer = system.dashboard("GET", address);
            if (answer.statusCode() != 200) {
                throw new IOException("The dashboard answers " + answer.statusCode() + " to " + address);
            }
            answers.put(
                    address,
                    address.endsWith(".csv")
                            ? answer.body()
                            : steady(EventJson.mapper().readTree(answer.body())).toString());
        }
        return answers;
    }

    private static JsonNode steady(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(VOLATILE);
        }
        node.forEach(Recorder::steady);
        return node;
    }

    private void rebuild() throws IOException, InterruptedException {
        Instant before = lastRebuilt().orElse(Instant.MIN);
        system.dashboard("POST", "/operations/rebuild");
        long started = System.nanoTime();
        while (lastRebuilt().filter(ended -> ended.isAfter(before)).isEmpty()) {
            if (System.nanoTime() - started > REBUILD.toNanos()) {
                throw new IOException("The read model was not rebuilt in " + REBUILD.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        }
    }

    private Optional<Instant> lastRebuilt() throws IOException, InterruptedException {
        HttpResponse<String> answer = system.dashboard("GET", "/api/operations");
        if (answer.statusCode() == NO_ACCESS) {
            return Optional.empty();
        }
        JsonNode rebuild = EventJson.mapper().readTree(answer.body()).path("rebuild");
        return rebuild.path("wanted").asBoolean()
                ? Optional.empty()
                : Optional.of(rebuild.path("ended").asText(""))
                        .filter(ended -> !ended.isEmpty())
                        .map(Instant::parse);
    }
}
