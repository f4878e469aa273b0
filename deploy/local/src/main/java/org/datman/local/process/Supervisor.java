package org.datman.local.process;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.datman.contracts.topic.Topics;
import org.datman.embedded.EmbeddedKafka;
import org.datman.embedded.FreePort;
import org.datman.embedded.LocalPostgres;
import org.datman.local.Home;

/**
 * Keeps one whole DATMAN running: Kafka and PostgreSQL, then the simulator if there is one and six services. A process
 * that dies is started again. Ends cleanly on SIGTERM.
 */
public final class Supervisor {

    /** The services in the order in which a session meets them. */
    public static final List<String> SERVICES = List.of("ingest", "tagging", "export", "qc", "pipeline", "dashboard");

    /** One machine has one replica of each service; its channels share these. */
    /** Compiles quickly, not thoroughly. What it compiled has the room it has by default: it never has to stop for want of it. */
    public static final List<String> QUICK_COMPILER =
            List.of("-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=240m");

    private static final int PARTITIONS = 4;

    private static final Duration START_PATIENCE = Duration.ofMinutes(3);
    private static final long WATCH_MILLIS = 500;
    private static final Path NICE = Path.of("/usr/bin/nice");
    /** Numbers and digests: the quick compiler knows neither vector code nor the processor's instructions for hashes. */
    private static final Set<String> MUCH_TO_COMPUTE = Set.of("qc", "export", "simulator");

    private static final Map<String, String> HEAP = Map.of("qc", "1500m", "export", "384m", "dashboard", "384m");

    private final Home home;
    private final Plan plan;
    private final CountDownLatch stopAsked = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<ManagedProcess> processes = new ArrayList<>();
    private String bootstrapServers = "";
    private String jdbcUrl = "";
    private String dashboardUrl = "";
    private String webhookUrl = "";
    private String xnatUrl = "";
    private long readyMillis;

    /**
     * What to run.
     *
     * @param xnatUrl a real XNAT; empty runs the simulator
     * @param simulatorArguments arguments of the simulator beyond port, webhook and secret
     * @param dashboardPort wished port of the dashboard
     * @param brief whether it runs for minutes only: then less is worth compiling thoroughly
     * @param environment more settings for all services
     */
    public record Plan(
            Optional<URI> xnatUrl,
            List<String> simulatorArguments,
            int dashboardPort,
            boolean brief,
            Map<String, String> environment) {}

    public Supervisor(Home home, Plan plan) {
        this.home = home;
        this.plan = plan;
    }

    /** Runs until the process is asked to end; returns its exit code. */
    public int run() throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stopAsked.countDown();
            try {
                stopped.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        long started = System.nanoTime();
        try {
            say("starting", "Kafka and PostgreSQL start");
            try (EmbeddedKafka kafka = startKafka();
                    LocalPostgres postgres = startPostgres()) {
                bootstrapServers = kafka.bootstrapServers();
                jdbcUrl = postgres.jdbcUrl("datman");
                Files.createDirectories(home.simulator());
                Files.deleteIfExists(begin());
                startServices();
                if (waitUntilReady()) {
                    readyMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
                    Files.writeString(begin(), "");
                    say("up", "all services are ready");
                    watch();
                }
                stopProcesses();
            }
            return 0;
        } catch (IOException | SQLException | RuntimeException e) {
            stopProcesses();
            say("failed", String.valueOf(e.getMessage()));
            System.err.println("DATMAN could not run: " + e);
            return 1;
        } finally {
            stopped.countDown();
        }
    }

    /** Asks it to end; {@link #run} returns when all is stopped. */
    public void stop() {
        stopAsked.countDown();
    }

    private EmbeddedKafka startKafka() throws IOException, InterruptedException {
        EmbeddedKafka kafka = EmbeddedKafka.start(home.kafka(), FreePort.any());
        kafka.createTopics(Topics.all(PARTITIONS));
        return kafka;
    }

    private LocalPostgres startPostgres() throws IOException, SQLException {
        LocalPostgres postgres = LocalPostgres.start(home.postgres(), FreePort.any());
        postgres.createDatabase("datman");
        return postgres;
    }

    private void startServices() throws IOException {
        say("starting", "six services start");
        Files.createDirectories(home.archive());
        Files.createDirectories(home.scratch());
        int simulatorPort = plan.xnatUrl().isPresent() ? 0 : FreePort.any();
        xnatUrl = plan.xnatUrl().map(URI::toString).orElse("http://127.0.0.1:" + simulatorPort);
        for (String service : SERVICES) {
            int httpPort = service.equals("dashboard") ? FreePort.preferably(plan.dashboardPort()) : FreePort.any();
            int managementPort = FreePort.any();
            if (service.equals("dashboard")) {
                dashboardUrl = "http://127.0.0.1:" + httpPort;
            } else if (service.equals("ingest")) {
                webhookUrl = "http://127.0.0.1:" + httpPort + "/webhooks/xnat";
            }
            ManagedProcess process = new ManagedProcess(
                    service,
                    java(service),
                    environment(service, httpPort, managementPort),
                    Optional.of(URI.create("http://127.0.0.1:" + managementPort + "/q/health/ready")),
                    home.logs().resolve(service + ".log"),
                    home.folder());
            processes.add(process);
        }
        simulator().ifPresent(simulator -> processes.add(0, simulator));
        for (ManagedProcess process : processes) {
            process.start();
        }
    }

    private List<String> java(String service) {
        List<String> command = new ArrayList<>();
        if (service.equals("pipeline") && Files.isExecutable(NICE)) {
            // What it runs takes what processor time is left over: a verdict does not wait for an analysis.
            command.addAll(List.of(NICE.toString(), "-n", "10"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + HEAP.getOrDefault(service, "256m"));
        // Small heaps on few cores: the serial collector, and the quick compiler alone.
        command.add("-XX:+UseSerialGC");
        command.addAll(compiler(service));
        command.addAll(List.of("-jar", home.serviceJar(service).toString()));
        return command;
    }

    private List<String> compiler(String process) {
        if (!MUCH_TO_COMPUTE.contains(process)) {
            return QUICK_COMPILER;
        }
        // The thorough compiler pays within minutes for the very hottest code only (digests, number loops).
        return plan.brief()
                ? List.of(
                        "-XX:Tier4InvocationThreshold=200000",
                        "-XX:Tier4MinInvocationThreshold=100000",
                        "-XX:Tier4CompileThreshold=400000",
                        "-XX:Tier4BackEdgeThreshold=4000000",
                        // One huge method that compiles for seconds, around a function where the time is really spent.
                        "-XX:CompileCommand=quiet",
                        "-XX:CompileCommand=exclude,"
                                + "org.hipparchus.optim.nonlinear.scalar.noderiv.BOBYQAOptimizer::bobyqb")
                : List.of();
    }

    private Map<String, String> environment(String service, int httpPort, int managementPort) throws IOException {
        Map<String, String> environment = new LinkedHashMap<>(plan.environment());
        environment.put("DATMAN_HTTP_PORT", Integer.toString(httpPort));
        environment.put("DATMAN_MANAGEMENT_PORT", Integer.toString(managementPort));
        environment.put("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        // Dozens of consumers on one machine: each asks anew every two seconds, and is answered at once when there is
        // news.
        environment.put("KAFKA_FETCH_MAX_WAIT_MS", "2000");
        environment.put("QUARKUS_DATASOURCE_JDBC_URL", jdbcUrl);
        environment.put("QUARKUS_DATASOURCE_USERNAME", LocalPostgres.USER);
        environment.put("DATMAN_ARCHIVE", home.archive().toString());
        environment.put("DATMAN_STUDIES", home.studies().toString());
        environment.put("DATMAN_SCRATCH", home.scratch().resolve(service).toString());
        environment.put("DATMAN_PIPELINES_DESCRIPTORS", home.pipelines().toString());
        environment.put("DATMAN_XNAT_URL", xnatUrl);
        environment.put(
                "DATMAN_WEBHOOK_SECRET_FILE", home.secret("webhook-secret").toString());
        environment.put(
                "DATMAN_DASHBOARD_ADMIN_PASSWORD_FILE",
                home.secret("dashboard-password").toString());
        environment.put(
                "DATMAN_DASHBOARD_SESSION_KEY_FILE",
                home.secret("dashboard-session-key").toString());
        if (plan.xnatUrl().isEmpty()) {
            environment.put("DATMAN_XNAT_USER", "datman");
            environment.put(
                    "DATMAN_XNAT_PASSWORD_FILE",
                    home.secret("simulator-password").toString());
        }
        return environment;
    }

    /** Sessions begin to arrive when this file exists: when all services are ready. */
    private Path begin() {
        return home.simulator().resolve("begin");
    }

    private Optional<ManagedProcess> simulator() throws IOException {
        if (plan.xnatUrl().isPresent()) {
            return Optional.empty();
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g", "-XX:+UseSerialGC"));
        command.addAll(compiler("simulator"));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "org.datman.simulator.SimulatorCommand",
                "--port",
                Integer.toString(URI.create(xnatUrl).getPort()),
                "--state",
                home.simulator().toString(),
                "--begin-file",
                begin().toString(),
                "--user",
                "datman",
                "--password-file",
                home.secret("simulator-password").toString(),
                "--webhook",
                webhookUrl,
                "--webhook-secret-file",
                home.secret("webhook-secret").toString()));
        command.addAll(plan.simulatorArguments());
        return Optional.of(new ManagedProcess(
                "simulator",
                command,
                Map.of(),
                Optional.of(URI.create(xnatUrl + "/xapi/siteConfig/buildInfo")),
                home.logs().resolve("simulator.log"),
                home.folder()));
    }

    private boolean waitUntilReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        List<ManagedProcess> waiting = new ArrayList<>(processes);
        while (!waiting.isEmpty()) {
            for (ManagedProcess process : List.copyOf(waiting)) {
                if (!process.alive()) {
                    throw new IOException(process.name() + " ended while it started; its log is " + process.log());
                }
                if (process.ready()) {
                    waiting.remove(process);
                }
            }
            say(
                    "starting",
                    waiting.isEmpty()
                            ? "all services are ready"
                            : "waiting for "
                                    + String.join(
                                            ", ",
                                            waiting.stream()
                                                    .map(ManagedProcess::name)
                                                    .toList()));
            if (System.nanoTime() > deadline) {
                throw new IOException("After " + START_PATIENCE.toSeconds() + " s these are not ready: "
                        + waiting.stream()
                                .map(p -> p.name() + " (log " + p.log() + ")")
                                .toList());
            }
            if (stopAsked.await(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }

    private void watch() throws IOException, InterruptedException {
        while (!stopAsked.await(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
            for (ManagedProcess process : processes) {
                if (process.reviveIfDead()) {
                    System.err.println(process.name() + " had died and was started again");
                }
            }
            say("up", "all services are ready");
        }
    }

    private void stopProcesses() throws InterruptedException {
        List<Thread> stops = new ArrayList<>();
        for (ManagedProcess process : processes) {
            Thread stop = new Thread(() -> {
                try {
                    process.stop();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            stop.start();
            stops.add(stop);
        }
        for (Thread stop : stops) {
            stop.join();
        }
    }

    private void say(String phase, String message) throws IOException {
        Files.createDirectories(home.folder());
        new RunState(
                        ProcessHandle.current().pid(),
                        phase,
                        message,
                        bootstrapServers,
                        jdbcUrl,
                        dashboardUrl,
                        webhookUrl,
                        xnatUrl,
                        readyMillis,
                        processes.stream()
                                .filter(ManagedProcess::started)
                                .map(ManagedProcess::state)
                                .toList())
                .write(home.runState());
    }
}
