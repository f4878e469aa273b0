package org.datman.local.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.EventType;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.topic.Topics;
import org.datman.embedded.EmbeddedKafka;
import org.datman.embedded.FreePort;

/** The built export service in its own process, on a Kafka and an archive of its own. */
final class ExportProcess implements AutoCloseable {

    private static final Duration START_PATIENCE = Duration.ofMinutes(3);
    private static final Duration EXPORT_PATIENCE = Duration.ofMinutes(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final String STEPS = "datman_export_step_seconds_sum";
    private static final Pattern STEP = Pattern.compile(STEPS + "\\{.*?step=\"([a-z]+)\".*?} (\\S+)");
    private static final Pattern HEAP = Pattern.compile("jvm_memory_used_bytes\\{area=\"heap\".*?} (\\S+)");

    private final EmbeddedKafka kafka;
    private final Process process;
    private final URI management;
    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path log;
    private double peakHeap;

    private ExportProcess(EmbeddedKafka kafka, Process process, URI management, Path log) {
        this.kafka = kafka;
        this.process = process;
        this.management = management;
        this.log = log;
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"),
                new StringSerializer(),
                new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "group.id", "bench"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions =
                List.of(EventType.of(SeriesExported.class), EventType.of(ProcessingFailed.class)).stream()
                        .flatMap(type -> consumer.partitionsFor(type.topic()).stream())
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /**
     * Starts Kafka, then the service, and waits until it is ready.
     *
     * @param jar of the service
     * @param xnat the XNAT that it reads, with account and password {@code datman}
     * @param heap value of {@code -Xmx}
     * @param partitions of each topic: as many sessions are exported at once
     */
    static ExportProcess start(Path jar, Path folder, URI xnat, String heap, int partitions)
            throws IOException, InterruptedException {
        EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), FreePort.any());
        kafka.createTopics(Topics.all(partitions));
        ArchiveMark.create(archive(folder));
        int port = FreePort.any();
        Path log = folder.resolve("export.log");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heap,
                        "-XX:+UseSerialGC",
                        "-jar",
                        jar.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("MALLOC_ARENA_MAX", "2");
        environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        environment.put("DATMAN_ARCHIVE", archive(folder).toString());
        environment.put(
                "DATMAN_STUDIES",
                Files.createDirectories(folder.resolve("studies")).toString());
        environment.put("DATMAN_HTTP_PORT", Integer.toString(FreePort.any()));
        environment.put("DATMAN_MANAGEMENT_PORT", Integer.toString(port));
        environment.put("DATMAN_XNAT_URL", xnat.toString());
        environment.put("DATMAN_XNAT_USER", "datman");
        environment.put("DATMAN_XNAT_PASSWORD", "datman");
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        ExportProcess started = new ExportProcess(kafka, process, URI.create("http://127.0.0.1:" + port + "/q/"), log);
        try {
            started.awaitReady();
            return started;
        } catch (IOException | InterruptedException e) {
            started.close();
            throw e;
        }
    }

    private static Path archive(Path folder) {
        return folder.resolve("archive");
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (true) {
            requireAlive();
            try {
                if (get("health/ready").statusCode() == 200) {
                    return;
                }
            } catch (IOException notYet) {
                // It listens later.
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("The export service is not ready after " + START_PATIENCE + ":\n" + lastLines());
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /**
     * Publishes the series and waits for their exports.
     *
     * @param sessions series by session; one session stays in one partition
     * @return wall time from the first publication to the last export, ns
     * @throws IOException when one of them is not exported completely
     */
    long export(List<List<SeriesTagged>> sessions) throws IOException, InterruptedException {
        Set<String> waiting = new HashSet<>();
        int partitions =
                producer.partitionsFor(EventType.of(SeriesTagged.class).topic()).size();
        long begin = System.nanoTime();
        long looked = begin;
        for (int i = 0; i < sessions.size(); i++) {
            for (SeriesTagged tagged : sessions.get(i)) {
                waiting.add(tagged.identity());
                publish(tagged, i % partitions);
            }
        }
        while (!waiting.isEmpty()) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                exported(record, waiting);
            }
            requireAlive();
            if (System.nanoTime() - begin > EXPORT_PATIENCE.toNanos()) {
                throw new IOException(waiting.size() + " series are not exported after " + EXPORT_PATIENCE);
            }
            if (System.nanoTime() - looked > LOOK_EVERY.toNanos()) {
                looked = System.nanoTime();
                peakHeap = Math.max(peakHeap, heap());
            }
        }
        return System.nanoTime() - begin;
    }

    private void publish(SeriesTagged tagged, int partition) throws IOException, InterruptedException {
        Envelope<SeriesTagged> envelope = Envelope.first(tagged, "/datman/bench", Instant.now());
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(tagged.type().topic(), partition, tagged.key(), EventJson.write(tagged));
        envelope.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        try {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new IOException("Kafka did not accept an event", e.getCause());
        }
    }

    private static void exported(ConsumerRecord<String, byte[]> record, Set<String> waiting) throws IOException {
        Map<String, String> headers = new HashMap<>();
        record.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        try {
            Event event = EventJson.read(headers, record.value()).event();
            if (!(event instanceof SeriesExported done) || done.outcome() != SeriesExported.Outcome.EXPORTED) {
                throw new IOException(event.summary());
            }
            waiting.remove(done.identity());
        } catch (EventFormatException e) {
            throw new IOException(e);
        }
    }

    /** Seconds of each step of all exports so far, by its name; steps of two sessions run at once. */
    Map<String, Double> steps() throws IOException, InterruptedException {
        Map<String, Double> steps = new TreeMap<>();
        Matcher step = STEP.matcher(metrics());
        while (step.find()) {
            steps.put(step.group(1), Double.valueOf(step.group(2)));
        }
        return steps;
    }

    /** The largest heap in use that was seen while series were exported, garbage included; bytes. */
    double peakHeap() {
        return peakHeap;
    }

    private String metrics() throws IOException, InterruptedException {
        return get("metrics").body();
    }

    /** The heap in use, over all its generations. */
    private double heap() throws IOException, InterruptedException {
        Matcher number = HEAP.matcher(metrics());
        double sum = 0;
        while (number.find()) {
            sum += Double.parseDouble(number.group(1));
        }
        return sum;
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(management.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IOException("The export service ended with code " + process.exitValue() + ":\n" + lastLines());
        }
    }

    private String lastLines() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    @Override
    public void close() {
        consumer.close();
        producer.close();
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        kafka.close();
    }
}
