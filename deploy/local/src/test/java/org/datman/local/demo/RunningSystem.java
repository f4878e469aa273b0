package org.datman.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventJson;
import org.datman.embedded.FreePort;
import org.datman.local.InstallationFolder;
import org.datman.local.InstallationSettings;
import org.datman.local.process.RunState;
import org.datman.local.process.Supervisor;
import org.datman.simulator.XnatSimulator;
import org.datman.simulator.webhook.WebhookTarget;

/** The whole of DATMAN as it is shipped: six service processes, real Kafka, real PostgreSQL, and a simulated XNAT. */
final class RunningSystem implements AutoCloseable {

    /** A gold standard in a file of the configuration, beside the study files. */
    static final String GOLD_STANDARD = "standards/RST.json";

    private static final Duration START = Duration.ofMinutes(4);
    private static final Duration END = Duration.ofMinutes(4);
    private static final Duration SLOW_TOOL = Duration.ofSeconds(6);

    /** A pipeline of DEMO whose tool copies an image, slowly. */
    static final String SLOW_PIPELINE = "slow-copy";

    /** Which image: one that is exported whole. */
    static final String SLOW_TAG = "DTI-MS";

    /** Another XNAT, whose sessions are published by whoever reads it; export reads its files. */
    static final String SECOND_SERVER = "second";

    /** A study like DEMO, of the second server. */
    static final String SECOND_STUDY = "TWIN";

    final XnatSimulator xnat;
    final XnatSimulator secondXnat;
    final EventLog eventLog;
    private final InstallationFolder home;
    private final Path studies;
    private final Map<String, String> environment;
    private final int xnatPort = FreePort.any();
    private Supervisor supervisor;
    private Thread thread;

    /** Everything as with {@code datman up}: fixed ports, and a person's folder with all study files. */
    RunningSystem(Path folder) throws IOException {
        this(folder, Map.of(), Map.of());
    }

    /**
     * The same.
     *
     * @param moreStudies study files beside the others, by file name
     * @param moreEnvironment more settings for all services
     */
    RunningSystem(Path folder, Map<String, String> moreStudies, Map<String, String> moreEnvironment)
            throws IOException {
        home = new InstallationFolder(folder, Path.of(System.getProperty("datman.root")));
        studies = configuration(folder.resolveSibling("my-studies"));
        for (Map.Entry<String, String> study : moreStudies.entrySet()) {
            Files.writeString(studies.resolve(study.getKey()), study.getValue());
        }
        secondXnat =
                XnatSimulator.builder().users(Map.of("reader", "other secret")).start();
        environment = environment(secondXnat, moreEnvironment);
        InstallationSettings settings = InstallationSettings.read(home.settings());
        settings.set(InstallationSettings.DASHBOARD_PORT, FreePort.any());
        settings.set(InstallationSettings.WEBHOOK_PORT, FreePort.any());
        settings.set(InstallationSettings.WEBHOOK_BIND, "127.0.0.1");
        settings.write();
        start();
        xnat = XnatSimulator.builder()
                .port(xnatPort)
                .users(Map.of("datman", "secret"))
                .webhook(new WebhookTarget(
                        URI.create(state().webhookUrl()),
                        Files.readString(home.secret("webhook-secret")).strip().getBytes(StandardCharsets.UTF_8)))
                .start();
        eventLog = new EventLog(state().bootstrapServers());
    }

    private static Map<String, String> environment(XnatSimulator secondXnat, Map<String, String> more) {
        String second = "DATMAN_OTHER_XNATS__" + SECOND_SERVER.toUpperCase(Locale.ROOT) + "__";
        Map<String, String> environment = new HashMap<>(Map.of(
                "DATMAN_XNAT_USER",
                "datman",
                "DATMAN_XNAT_PASSWORD",
                "secret",
                second + "URL",
                secondXnat.url().toString(),
                second + "USER",
                "reader",
                second + "PASSWORD",
                "other secret",
                // The shortest that Kafka grants: so long a killed service's partitions wait.
                "MP_MESSAGING_CONNECTOR_SMALLRYE_KAFKA_SESSION_TIMEOUT_MS",
                "6000",
                "MP_MESSAGING_CONNECTOR_SMALLRYE_KAFKA_HEARTBEAT_INTERVAL_MS",
                "1500"));
        environment.putAll(more);
        return environment;
    }

    /** Studies, a gold standard in a file, and pipelines with their tools, in one folder. */
    private static Path configuration(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("standards"));
        Files.createDirectories(folder.resolve("mrtrix3-dti"));
        for (String file : List.of(
                "demo-studies/DEMO.yml",
                "demo-studies/REAL.yml",
                "catalogue/mrtrix3-dti/mrtrix3-dti.json",
                "catalogue/mrtrix3-dti/dti.sh")) {
            copy(file, folder.resolve(file.substring(file.indexOf('/') + 1)));
        }
        copy("shared/tensor-directions.awk", folder.resolve("mrtrix3-dti/tensor-directions.awk"));
        String inline =
                "Site: CMH, Tag: RST, From: 2020-01-01, Parameters: {RepetitionTime: 2, EchoTime: 0.03, FlipAngle: 77}";
        String demo = Files.readString(folder.resolve("DEMO.yml"));
        assertThat(demo).contains(inline);
        Files.writeString(
                folder.resolve("DEMO.yml"),
                demo.replace(inline, "Site: CMH, Tag: RST, From: 2020-01-01, File: " + GOLD_STANDARD));
        Files.writeString(
                folder.resolve(GOLD_STANDARD), "{\"RepetitionTime\": 2, \"EchoTime\": 0.03, \"FlipAngle\": 90}");
        Files.writeString(
                folder.resolve(SECOND_STUDY + ".yml"),
                Files.readString(folder.resolve("DEMO.yml")).replace("DEMO", SECOND_STUDY));
        addSlowTool(folder);
        return folder;
    }

    private static void copy(String resource, Path target) throws IOException {
        try (InputStream in = RunningSystem.class.getResourceAsStream("/" + resource)) {
            Files.copy(in, target);
        }
    }

    private void start() throws IOException {
        Files.deleteIfExists(home.runState());
        supervisor = new Supervisor(
                home,
                new Supervisor.Plan(
                        URI.create("http://127.0.0.1:" + xnatPort),
                        List.of(),
                        0,
                        true,
                        studies,
                        true,
                        environment,
                        null,
                        null));
        Supervisor one = supervisor;
        thread = new Thread(
                () -> {
                    try {
                        one.run();
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "supervisor");
        thread.start();
        Awaitility.await().atMost(START).pollInterval(Duration.ofMillis(300)).until(() -> {
            Optional<RunState> state = RunState.read(home.runState());
            assertThat(state.map(RunState::phase))
                    .as(() -> state.map(RunState::message).orElse("no word from the supervisor"))
                    .isNotEqualTo(Optional.of("failed"));
            return state.filter(s -> s.phase().equals("up")).isPresent();
        });
    }

    /** Kills every process at once, database and Kafka too, as a machine does that loses its power; nothing is started again. */
    void killEverything() throws IOException {
        List<Long> pids = state().services().stream().map(RunState.Service::pid).toList();
        supervisor.stop();
        pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        awaitStopped();
    }

    /** What {@code datman up} does on the same installation. */
    void up() throws IOException {
        start();
    }

    /** Requests from the dashboard like a script. */
    HttpResponse<String> dashboard(String path, Optional<String> body) throws IOException, InterruptedException {
        String login =
                "admin:" + Files.readString(home.secret("dashboard-password")).strip();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(state().dashboardUrl() + path))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)))
                .header("X-Requested-With", "test")
                .header("Content-Type", "application/json");
        body.ifPresent(text -> request.POST(HttpRequest.BodyPublishers.ofString(text)));
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Beside the demo's pipeline one whose tool takes some seconds, so that it can be killed while it runs. */
    private static void addSlowTool(Path folder) throws IOException {
        Files.writeString(folder.resolve("slow-copy.json"), """
                {
                  "schema-version": "0.5",
                  "name": "slow-copy",
                  "tool-version": "1",
                  "shell": "/bin/sh",
                  "command-line": "sleep %d; cp [IMAGE] out/copy.bin",
                  "inputs": [{"id": "image", "name": "image", "type": "File", "value-key": "[IMAGE]"}],
                  "output-files": [{"id": "copy", "name": "the copy", "path-template": "out/copy.bin"}]
                }
                """.formatted(SLOW_TOOL.toSeconds()));
        Files.writeString(
                folder.resolve("DEMO.yml"),
                "  " + SLOW_PIPELINE + ": {Descriptor: slow-copy.json, Inputs: {image: " + SLOW_TAG
                        + "}, Verdict: any, SessionChecked: false}\n",
                StandardOpenOption.APPEND);
    }

    InstallationFolder home() {
        return home;
    }

    RunState state() throws IOException {
        return RunState.read(home.runState()).orElseThrow();
    }

    /** Publishes an event as the service would that reads the second server; returns when Kafka has it. */
    void publish(Event event) throws Exception {
        Properties properties = new Properties();
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, state().bootstrapServers());
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            ProducerRecord<String, byte[]> record =
                    new ProducerRecord<>(event.type().topic(), event.key(), EventJson.write(event));
            Envelope.first(event, "/datman/ingest", Clock.systemUTC().instant())
                    .headers()
                    .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
            producer.send(record).get();
        }
    }

    /** Kills a service as the kernel would when memory runs out. The supervisor restarts it. */
    void kill(String service) throws IOException {
        long pid = state().services().stream()
                .filter(one -> one.name().equals(service))
                .findFirst()
                .orElseThrow()
                .pid();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    /** Consumes events until the session's history satisfies the condition. */
    SessionHistory await(String label, Predicate<SessionHistory> condition, String what) {
        long deadline = System.nanoTime() + END.toNanos();
        while (System.nanoTime() < deadline) {
            eventLog.listen(Duration.ofMillis(100));
            Optional<SessionHistory> history =
                    eventLog.histories().called(label).filter(condition);
            if (history.isPresent()) {
                return history.get();
            }
        }
        throw new AssertionError(label + " did not come to " + what + " in " + END.toSeconds() + " s; it waits for "
                + eventLog.histories().called(label).map(EndState::waitingFor).orElse(List.of("its first event"))
                + "; logs are in "
                + home.logs());
    }

    SessionHistory awaitEnd(String label) {
        return await(label, history -> EndState.waitingFor(history).isEmpty(), "its end");
    }

    @Override
    public void close() {
        eventLog.close();
        xnat.close();
        secondXnat.close();
        supervisor.stop();
        awaitStopped();
    }

    private void awaitStopped() {
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> !thread.isAlive());
    }
}
