package org.datman.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.datman.embedded.FreePort;
import org.datman.local.Home;
import org.datman.local.process.RunState;
import org.datman.local.process.Supervisor;
import org.datman.simulator.XnatSimulator;
import org.datman.simulator.webhook.WebhookTarget;

/** The whole of DATMAN as it is shipped: six service processes, real Kafka, real PostgreSQL, and a simulated XNAT. */
final class RunningSystem implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(4);
    private static final Duration END = Duration.ofMinutes(4);
    private static final Duration SLOW_TOOL = Duration.ofSeconds(6);

    /** A pipeline of DEMO whose tool copies the T1, slowly. */
    static final String SLOW_PIPELINE = "slow-copy";

    final XnatSimulator xnat;
    final Stories stories;
    private final Home home;
    private final Supervisor supervisor;
    private final Thread thread;

    RunningSystem(Path folder) throws IOException {
        home = new Home(folder, Path.of(System.getProperty("datman.root")));
        Files.createDirectories(home.studies());
        for (String study : List.of("DEMO.yml", "REAL.yml")) {
            try (InputStream in = RunningSystem.class.getResourceAsStream("/demo-studies/" + study)) {
                Files.copy(in, home.studies().resolve(study));
            }
        }
        addSlowTool();
        int xnatPort = FreePort.any();
        supervisor = new Supervisor(
                home,
                new Supervisor.Plan(
                        Optional.of(URI.create("http://127.0.0.1:" + xnatPort)),
                        List.of(),
                        0,
                        false,
                        home.studies(),
                        true,
                        Map.of(
                                "DATMAN_XNAT_USER",
                                "datman",
                                "DATMAN_XNAT_PASSWORD",
                                "secret",
                                // The shortest that Kafka grants: so long a killed service's partitions wait.
                                "MP_MESSAGING_CONNECTOR_SMALLRYE_KAFKA_SESSION_TIMEOUT_MS",
                                "6000",
                                "MP_MESSAGING_CONNECTOR_SMALLRYE_KAFKA_HEARTBEAT_INTERVAL_MS",
                                "1500")));
        thread = new Thread(
                () -> {
                    try {
                        supervisor.run();
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
        xnat = XnatSimulator.builder()
                .port(xnatPort)
                .users(Map.of("datman", "secret"))
                .webhook(new WebhookTarget(
                        URI.create(state().webhookUrl()),
                        Files.readString(home.secret("webhook-secret")).strip().getBytes(StandardCharsets.UTF_8)))
                .start();
        stories = new Stories(state().bootstrapServers());
    }

    /** Beside the demo's pipeline one whose tool takes some seconds, so that it can be killed while it runs. */
    private void addSlowTool() throws IOException {
        Files.createDirectories(home.pipelines());
        for (String file : List.of("head-volume.json", "HeadVolume.java")) {
            try (InputStream in = RunningSystem.class.getResourceAsStream("/demo-pipelines/" + file)) {
                Files.copy(in, home.pipelines().resolve(file));
            }
        }
        Files.writeString(home.pipelines().resolve("slow-copy.json"), """
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
                home.studies().resolve("DEMO.yml"),
                "  " + SLOW_PIPELINE
                        + ": {Descriptor: slow-copy.json, Inputs: {image: T1}, Verdict: any, SessionChecked: false}\n",
                StandardOpenOption.APPEND);
    }

    Home home() {
        return home;
    }

    RunState state() throws IOException {
        return RunState.read(home.runState()).orElseThrow();
    }

    /** Kills a service as the kernel would when memory runs out. The supervisor starts it again. */
    void kill(String service) throws IOException {
        long pid = state().services().stream()
                .filter(one -> one.name().equals(service))
                .findFirst()
                .orElseThrow()
                .pid();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    /** Listens until the session's story satisfies the wish. */
    SessionStory await(String label, Predicate<SessionStory> wish, String what) {
        long deadline = System.nanoTime() + END.toNanos();
        while (System.nanoTime() < deadline) {
            stories.listen(Duration.ofMillis(100));
            Optional<SessionStory> story = stories.called(label).filter(wish);
            if (story.isPresent()) {
                return story.get();
            }
        }
        throw new AssertionError(label + " did not come to " + what + " in " + END.toSeconds() + " s; it waits for "
                + stories.called(label).map(EndState::waitingFor).orElse(List.of("its first event")) + "; logs are in "
                + home.logs());
    }

    SessionStory awaitEnd(String label) {
        return await(label, story -> EndState.waitingFor(story).isEmpty(), "its end");
    }

    @Override
    public void close() {
        stories.close();
        xnat.close();
        supervisor.stop();
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> !thread.isAlive());
    }
}
