package org.datman.local.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.datman.embedded.FreePort;
import org.datman.local.InstallationFolder;
import org.datman.local.process.RunState;
import org.datman.local.process.Supervisor;
import org.datman.simulator.XnatSimulator;
import org.datman.simulator.webhook.WebhookTarget;

/** A fresh whole system: Kafka, PostgreSQL and six services under a supervisor in this process, and a simulated XNAT. */
final class ChaosSystem implements AutoCloseable {

    static final String STUDY = "CHAOS";
    private static final String USER = "datman";
    private static final String PASSWORD = "secret of a simulation";
    private static final Duration POLL = Duration.ofMillis(300);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final InstallationFolder home;
    private final ServiceLaunch launch;
    private final Optional<ArchiveMount> mount;
    private final XnatSimulator xnat;
    private final Supervisor supervisor;
    private final Thread thread;

    /**
     * Starts it.
     *
     * @param home an empty folder
     * @param archiveMebibytes size of the file system of the archive, where one can be mounted
     */
    ChaosSystem(InstallationFolder home, Confinement confinement, long archiveMebibytes)
            throws IOException, InterruptedException {
        this.home = home;
        configure();
        launch = new ServiceLaunch(confinement, home.folder().resolve("clocks"));
        mount = confinement.mounts() != null
                ? Optional.empty()
                : Optional.of(new ArchiveMount(home.archive(), home.folder().resolve("no-archive"), archiveMebibytes));
        int port = FreePort.any();
        supervisor = new Supervisor(
                        home,
                        new Supervisor.Plan(
                                URI.create("http://127.0.0.1:" + port),
                                List.of(),
                                FreePort.any(),
                                false,
                                home.studies(),
                                true,
                                environment(),
                                null,
                                null))
                .launchedBy(launch::program);
        thread = new Thread(this::supervise, "supervisor");
        thread.start();
        RunState state = awaitUp();
        xnat = XnatSimulator.builder()
                .port(port)
                .users(Map.of(USER, PASSWORD))
                .webhook(new WebhookTarget(
                        URI.create(state.webhookUrl()),
                        Files.readString(home.secret("webhook-secret")).strip().getBytes(StandardCharsets.UTF_8)))
                .start();
        xnat.archive().createProject(STUDY);
    }

    private void configure() throws IOException {
        copy(STUDY + ".yml", home.studies());
        copy("copy.json", home.pipelines());
    }

    private static void copy(String name, Path folder) throws IOException {
        Files.createDirectories(folder);
        try (InputStream in = ChaosSystem.class.getResourceAsStream("/chaos/" + name)) {
            if (in == null) {
                throw new IOException("This build lacks " + name + " of the chaos study");
            }
            Files.copy(in, folder.resolve(name));
        }
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("DATMAN_XNAT_USER", USER);
        environment.put("DATMAN_XNAT_PASSWORD", PASSWORD);
        environment.put("DATMAN_XNAT_ANSWER_TIMEOUT", "PT4S");
        environment.put("DATMAN_XNAT_IDLE_TIMEOUT", "PT4S");
        environment.put("DATMAN_XNAT_LOCK_OUT_PAUSE", "PT5S");
        // A lost webhook is found by the next sweep, which a run of minutes cannot wait for as long as a lab.
        environment.put("DATMAN_INGEST_RECONCILE_EVERY", "PT10S");
        environment.put("DATMAN_INGEST_RETRY_CAP", "PT10S");
        environment.put("DATMAN_INGEST_CONFIRM_EVERY", "PT5S");
        // The shortest that Kafka grants: pauses are longer and shorter than this.
        environment.put("MP_MESSAGING_CONNECTOR_SMALLRYE_KAFKA_SESSION_TIMEOUT_MS", "6000");
        environment.put("MP_MESSAGING_CONNECTOR_SMALLRYE_KAFKA_HEARTBEAT_INTERVAL_MS", "1500");
        return environment;
    }

    private void supervise() {
        try {
            supervisor.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private RunState awaitUp() throws IOException, InterruptedException {
        while (true) {
            Optional<RunState> state = RunState.read(home.runState());
            if (state.filter(one -> one.phase().equals("up")).isPresent()) {
                return state.get();
            }
            if (!thread.isAlive()) {
                throw new IOException("The system did not start: "
                        + state.map(RunState::message).orElse("no word from the supervisor") + "; logs in "
                        + home.logs());
            }
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        }
    }

    InstallationFolder home() {
        return home;
    }

    XnatSimulator xnat() {
        return xnat;
    }

    ServiceLaunch launch() {
        return launch;
    }

    /** The archive's own file system, where one could be mounted. */
    Optional<ArchiveMount> mount() {
        return mount;
    }

    RunState state() throws IOException {
        return RunState.read(home.runState()).orElseThrow(() -> new IOException(home.runState() + " is missing"));
    }

    /** Asks the dashboard as its administrator; {@code GET}, or {@code POST} without a body. */
    HttpResponse<String> dashboard(String method, String address) throws IOException, InterruptedException {
        String login =
                "admin:" + Files.readString(home.secret("dashboard-password")).strip();
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(state().dashboardUrl() + address))
                                .timeout(PATIENCE)
                                .header(
                                        "Authorization",
                                        "Basic "
                                                + Base64.getEncoder()
                                                        .encodeToString(login.getBytes(StandardCharsets.UTF_8)))
                                .header("X-Requested-With", "datman")
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        xnat.close();
        supervisor.stop();
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
