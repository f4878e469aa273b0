package org.datman.local.process;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.embedded.FreePort;
import org.datman.embedded.KafkaProcess;
import org.datman.local.InstallationFolder;
import org.datman.local.InstallationSettings;
import org.datman.local.OrthancEnvironment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one whole DATMAN running: Kafka and PostgreSQL, unless the lab has its own, then the simulator if there is one and six services. A
 * process that dies is restarted. Ends cleanly on SIGTERM.
 */
public final class Supervisor {

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    /** The services in the order in which they process a session. */
    public static final List<String> SERVICES = List.of("ingest", "tagging", "export", "qc", "pipeline", "dashboard");

    /** Uses the quick compiler only. The code cache has its default size, so that compilation never stops for lack of it. */
    public static final List<String> QUICK_COMPILER =
            List.of("-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=240m");

    private static final String KAFKA = "kafka";

    /** One machine has one replica of each service; its channels share these partitions. */
    private static final int PARTITIONS = 4;

    /** How often a process may end while it starts before the start is aborted. */
    private static final int DEATHS_WHILE_STARTING = 5;

    private static final long WATCH_MILLIS = 500;
    private static final Duration ASK_EVERY = Duration.ofSeconds(15);
    private static final Duration STUCK_AFTER = Duration.ofMinutes(2);
    private static final Duration ROTATE_EVERY = Duration.ofSeconds(5);
    private static final long LOG_BYTES = 8L << 20;
    private static final int LOGS_KEPT = 2;
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);
    private static final Duration ARCHIVING_PATIENCE = Duration.ofSeconds(50);
    private static final Path NICE = Path.of("/usr/bin/nice");
    /** For numerical code and digests: the quick compiler uses neither vector instructions nor the processor's instructions for hashes. */
    private static final Set<String> MUCH_TO_COMPUTE = Set.of("qc", "export", "simulator");

    /**
     * Images are short-lived, and by default Java starts with 1/64 of the machine's memory and keeps as much free heap as is used:
     * resident garbage was ten times the memory of one measurement.
     */
    private static final Map<String, List<String>> HEAP_GROWTH =
            Map.of("qc", List.of("-Xms128m", "-Xmn80m", "-XX:MinHeapFreeRatio=40", "-XX:MaxHeapFreeRatio=50"));

    private final InstallationFolder home;
    private final Plan plan;
    private final CountDownLatch stopAsked = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final ClassArchives archives;
    private final List<ManagedProcess> processes = new ArrayList<>();
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private Map<String, String> heaps = Map.of();
    private Function<String, List<String>> launchers = service -> List.of();
    private @Nullable ManagedProcess kafka;
    private @Nullable PostgresKeeper postgres;
    private @Nullable ExternalServers external;
    private String bootstrapServers = "";
    private String jdbcUrl = "";
    private String dashboardUrl = "";
    private String webhookUrl = "";
    private String xnatUrl = "";
    private long readyMillis;

    /**
     * The processes to run.
     *
     * @param xnatUrl a real XNAT or Orthanc; null runs the simulator
     * @param simulatorArguments arguments of the simulator beyond port, webhook and secret
     * @param dashboardPort preferred port of the dashboard when ports are not kept
     * @param keepPorts whether addresses and ports are those of the installation's settings, the same at each start
     * @param studies folder of the study files
     * @param brief whether it runs for minutes only: then less code is compiled thoroughly
     * @param environment more settings for all services
     * @param kafka one of the lab; null runs the embedded one
     * @param postgres one of the lab; null runs the embedded one
     */
    public record Plan(
            @Nullable URI xnatUrl,
            List<String> simulatorArguments,
            int dashboardPort,
            boolean keepPorts,
            Path studies,
            boolean brief,
            Map<String, String> environment,
            @Nullable ExternalKafka kafka,
            @Nullable ExternalPostgres postgres) {}

    public Supervisor(InstallationFolder home, Plan plan) {
        this.home = home;
        this.plan = plan;
        this.archives = new ClassArchives(home.classArchives());
    }

    /**
     * Starts services by other programs, which must replace themselves by what follows their own arguments.
     *
     * @param program the program and its arguments, by the name of the service; empty for a service that is started directly
     */
    public Supervisor launchedBy(Function<String, List<String>> program) {
        launchers = program;
        return this;
    }

    /** Runs until the process is terminated; returns its exit code. */
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
            Map<String, String> settings = new HashMap<>(System.getenv());
            settings.putAll(plan.environment());
            heaps = Heaps.of(SERVICES, settings);
            if (!home.makeArchive()) {
                LOG.warn("The archive is away reason={}", ArchiveMark.away(home.archive()));
            }
            Ports source = choosePorts();
            record("starting", "Kafka and PostgreSQL start");
            if (startKafkaAndPostgres()) {
                Files.createDirectories(home.simulator());
                Files.deleteIfExists(begin());
                startServices(source);
                if (waitUntilReady(processes)) {
                    readyMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
                    Files.writeString(begin(), "");
                    record("up", ArchiveMark.isThere(home.archive()) ? "all services are ready" : condition());
                    watch();
                }
            }
            stopAll();
            return 0;
        } catch (IOException | RuntimeException e) {
            stopAll();
            record("failed", String.valueOf(e.getMessage()));
            LOG.error("DATMAN could not run", e);
            return 1;
        } finally {
            stopped.countDown();
        }
    }

    /** Requests the end; {@link #run} returns when all is stopped. */
    public void stop() {
        stopAsked.countDown();
    }

    /** All ports first: a port in use is reported before anything runs. */
    private Ports choosePorts() throws IOException {
        Ports source = plan.keepPorts()
                ? Ports.kept(InstallationSettings.read(home.settings()))
                : Ports.passing(plan.dashboardPort());
        List<String> names =
                new ArrayList<>(List.of(InstallationSettings.DASHBOARD_PORT, InstallationSettings.WEBHOOK_PORT));
        if (plan.postgres() == null) {
            names.add("postgres.port");
        }
        if (plan.kafka() == null) {
            names.addAll(List.of("kafka.port", "kafka.controller.port", "kafka.health.port"));
        }
        for (String service : SERVICES) {
            names.add(service + ".management.port");
            if (!service.equals("dashboard") && !service.equals("ingest")) {
                names.add(service + ".http.port");
            }
        }
        for (String name : names) {
            ports.put(name, source.port(name));
        }
        return source;
    }

    private int port(String name) {
        return Objects.requireNonNull(ports.get(name), name);
    }

    private boolean startKafkaAndPostgres() throws IOException, InterruptedException {
        // Kafka first: it starts while PostgreSQL does.
        ManagedProcess broker = plan.kafka() == null ? startKafka() : null;
        if (plan.postgres() == null) {
            startPostgres();
        }
        if (plan.kafka() != null || plan.postgres() != null) {
            ExternalServers servers = new ExternalServers(plan.kafka(), plan.postgres(), System.getenv());
            external = servers;
            if (!awaitExternal(servers)) {
                return false;
            }
            servers.watch();
        }
        if (plan.postgres() != null) {
            jdbcUrl = plan.postgres().jdbcUrl();
        }
        boolean ready = broker == null || waitUntilReady(List.of(broker));
        bootstrapServers = plan.kafka() == null
                ? "127.0.0.1:" + port("kafka.port")
                : plan.kafka().bootstrapServers();
        return ready;
    }

    /** As an XNAT that is away they are waited for: after a power cut they may come back later than this machine. */
    private boolean awaitExternal(ExternalServers servers) throws IOException, InterruptedException {
        while (true) {
            Optional<String> away = servers.prepare();
            if (away.isEmpty()) {
                return true;
            }
            record("starting", "waiting for " + away.get());
            if (stopAsked.await(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
    }

    private ManagedProcess startKafka() throws IOException {
        List<String> command = java("640m", QUICK_COMPILER);
        String classPath = classPath();
        command.addAll(archived(KAFKA, classPath));
        command.addAll(List.of(
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-cp",
                classPath,
                KafkaProcess.class.getName(),
                home.kafka().toString(),
                Integer.toString(port("kafka.port")),
                Integer.toString(port("kafka.controller.port")),
                Integer.toString(port("kafka.health.port")),
                Integer.toString(PARTITIONS)));
        URI health = URI.create("http://127.0.0.1:" + port("kafka.health.port") + KafkaProcess.HEALTH);
        ManagedProcess broker = new ManagedProcess(
                KAFKA, command, Map.of(), health, health, home.logs().resolve("kafka.log"), home.folder());
        kafka = broker;
        broker.start();
        return broker;
    }

    private void startPostgres() throws IOException {
        PostgresKeeper database = new PostgresKeeper(home, port("postgres.port"), ASK_EVERY, STUCK_AFTER);
        postgres = database;
        try {
            database.start();
        } catch (SQLException e) {
            throw new IOException("PostgreSQL did not create its database: " + e.getMessage(), e);
        }
        jdbcUrl = database.jdbcUrl();
    }

    private void startServices(Ports source) throws IOException {
        record("starting", "six services start");
        writeTargets();
        Files.createDirectories(home.scratch());
        int simulatorPort = plan.xnatUrl() != null ? 0 : FreePort.any();
        xnatUrl = plan.xnatUrl() != null ? plan.xnatUrl().toString() : "http://127.0.0.1:" + simulatorPort;
        for (String service : SERVICES) {
            int managementPort = port(service + ".management.port");
            int httpPort;
            String bind = Ports.LOOPBACK;
            if (service.equals("dashboard")) {
                httpPort = port(InstallationSettings.DASHBOARD_PORT);
                bind = source.bind(InstallationSettings.DASHBOARD_BIND);
                dashboardUrl = "http://" + reachable(bind) + ":" + httpPort;
            } else if (service.equals("ingest")) {
                httpPort = port(InstallationSettings.WEBHOOK_PORT);
                bind = source.bind(InstallationSettings.WEBHOOK_BIND);
                webhookUrl = readsOrthanc() ? "" : "http://" + reachable(bind) + ":" + httpPort + "/webhooks/xnat";
            } else {
                httpPort = port(service + ".http.port");
            }
            String health = "http://127.0.0.1:" + managementPort + "/q/health/";
            ManagedProcess process = new ManagedProcess(
                    service,
                    java(service),
                    environment(service, bind, httpPort, managementPort),
                    URI.create(health + "ready"),
                    URI.create(health + "live"),
                    home.logs().resolve(service + ".log"),
                    home.folder());
            processes.add(process);
        }
        simulator().ifPresent(simulator -> processes.add(0, simulator));
        for (ManagedProcess process : processes) {
            process.start();
        }
    }

    /** For the file-based discovery of Prometheus. */
    private void writeTargets() throws IOException {
        Path temporary = home.prometheusTargets().resolveSibling("prometheus-targets.part");
        Files.writeString(
                temporary,
                SERVICES.stream()
                        .map(service -> "  {\"targets\": [\"127.0.0.1:" + port(service + ".management.port")
                                + "\"], \"labels\": {\"service\": \"" + service + "\"}}")
                        .collect(Collectors.joining(",\n", "[\n", "\n]\n")));
        Files.move(
                temporary,
                home.prometheusTargets(),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private boolean readsOrthanc() {
        return "orthanc".equals(plan.environment().get("DATMAN_XNAT_KIND"));
    }

    /** The address by which clients reach an address that this machine listens on. */
    private static String reachable(String bind) {
        if (!bind.equals(Ports.EVERY_ADDRESS) && !bind.equals("::")) {
            return bind.contains(":") ? "[" + bind + "]" : bind;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return Ports.LOOPBACK;
        }
    }

    /** Small heaps on few cores: the serial collector. */
    private List<String> java(String heap, List<String> compiler) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                Orphans.mark(home),
                "-Xmx" + heap,
                "-XX:+UseSerialGC"));
        command.addAll(compiler);
        return command;
    }

    private List<String> java(String service) throws IOException {
        List<String> command = new ArrayList<>(launchers.apply(service));
        if (service.equals("pipeline") && Files.isExecutable(NICE)) {
            // Pipelines run at low priority: a verdict does not wait for an analysis.
            command.addAll(List.of(NICE.toString(), "-n", "10"));
        }
        command.addAll(java(Objects.requireNonNull(heaps.get(service), service), List.of()));
        command.addAll(jvmOptions(service, plan.brief()));
        if (archivesClasses()) {
            try (Stream<Path> files =
                    Files.walk(Objects.requireNonNull(home.serviceJar(service).getParent()))) {
                command.addAll(archives.options(
                        service,
                        files.filter(file -> file.toString().endsWith(".jar"))
                                .sorted()
                                .toList()));
            }
        }
        command.addAll(List.of("-jar", home.serviceJar(service).toString()));
        return command;
    }

    /**
     * Options of the JVM of a service or of the simulator, without those of its maximum heap and its collector.
     *
     * @param brief whether it runs for minutes only
     */
    public static List<String> jvmOptions(String process, boolean brief) {
        List<String> options = new ArrayList<>(compiler(process, brief));
        options.addAll(HEAP_GROWTH.getOrDefault(process, List.of()));
        return options;
    }

    private static List<String> compiler(String process, boolean brief) {
        if (!MUCH_TO_COMPUTE.contains(process)) {
            return QUICK_COMPILER;
        }
        // Within minutes the thorough compiler pays off only for the hottest code (digests, numerical loops).
        return brief
                ? List.of(
                        "-XX:Tier4InvocationThreshold=200000",
                        "-XX:Tier4MinInvocationThreshold=100000",
                        "-XX:Tier4CompileThreshold=400000",
                        "-XX:Tier4BackEdgeThreshold=4000000",
                        // One huge method that compiles for seconds, while the time is spent in a function that it
                        // calls.
                        "-XX:CompileCommand=quiet",
                        "-XX:CompileCommand=exclude,"
                                + "org.hipparchus.optim.nonlinear.scalar.noderiv.BOBYQAOptimizer::bobyqb")
                : List.of();
    }

    private Map<String, String> environment(String service, String bind, int httpPort, int managementPort)
            throws IOException {
        Map<String, String> environment = new LinkedHashMap<>(plan.environment());
        // Services run in the installation's folder; a path given by a person is relative to the person's folder.
        Optional.ofNullable(System.getenv("DATMAN_XNAT_PASSWORD_FILE"))
                .filter(file -> !file.isEmpty())
                .ifPresent(file -> environment.putIfAbsent(
                        "DATMAN_XNAT_PASSWORD_FILE",
                        Path.of(file).toAbsolutePath().toString()));
        if (readsOrthanc()) {
            environment.putAll(OrthancEnvironment.of(System.getenv()));
        }
        environment.put("QUARKUS_HTTP_HOST", bind);
        // As many malloc arenas as a small machine needs, not eight per core: an arena never returns its
        // memory.
        environment.putIfAbsent("MALLOC_ARENA_MAX", "2");
        if (plan.postgres() != null) {
            environment.put("QUARKUS_DATASOURCE_USERNAME", plan.postgres().user());
            environment.put("QUARKUS_DATASOURCE_PASSWORD", ExternalPostgres.password(System.getenv()));
        } else if (PostgresKeeper.hasRole(service)) {
            environment.put("QUARKUS_DATASOURCE_USERNAME", service);
            environment.put("QUARKUS_DATASOURCE_PASSWORD", PostgresKeeper.password(home, service));
        }
        environment.put("DATMAN_HTTP_PORT", Integer.toString(httpPort));
        environment.put("DATMAN_MANAGEMENT_PORT", Integer.toString(managementPort));
        environment.put("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
        // Dozens of consumers on one machine: each fetch waits up to two seconds, and returns at once when there are
        // new records.
        environment.put("KAFKA_FETCH_MAX_WAIT_MS", "2000");
        environment.put("QUARKUS_DATASOURCE_JDBC_URL", jdbcUrl);
        environment.put("DATMAN_ARCHIVE", home.archive().toString());
        environment.put("DATMAN_STUDIES", plan.studies().toString());
        environment.put("DATMAN_SCRATCH", home.scratch().resolve(service).toString());
        environment.put("DATMAN_PIPELINES_DESCRIPTORS", home.pipelines().toString());
        environment.put("DATMAN_XNAT_URL", xnatUrl);
        environment.put(
                "DATMAN_WEBHOOK_SECRET_FILE", home.secret("webhook-secret").toString());
        Path redcap = home.secret("redcap-secret");
        environment.put("DATMAN_REDCAP_SECRET_FILE", redcap.toString());
        environment.put(
                "DATMAN_REDCAP_TOKENS", redcap.resolveSibling("redcap-tokens").toString());
        environment.put(
                "DATMAN_DASHBOARD_ADMIN_PASSWORD_FILE",
                home.secret("dashboard-password").toString());
        environment.put(
                "DATMAN_DASHBOARD_SESSION_KEY_FILE",
                home.secret("dashboard-session-key").toString());
        if (plan.xnatUrl() == null) {
            environment.put("DATMAN_XNAT_USER", "datman");
            environment.put(
                    "DATMAN_XNAT_PASSWORD_FILE",
                    home.secret("simulator-password").toString());
        }
        return environment;
    }

    /** Sessions start to arrive once this file exists: when all services are ready. */
    private Path begin() {
        return home.simulator().resolve("begin");
    }

    private Optional<ManagedProcess> simulator() throws IOException {
        if (plan.xnatUrl() != null) {
            return Optional.empty();
        }
        List<String> command = java("1g", jvmOptions("simulator", plan.brief()));
        String classPath = classPath();
        command.addAll(archived("simulator", classPath));
        command.addAll(List.of(
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-cp",
                classPath,
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
                URI.create(xnatUrl + "/xapi/siteConfig/buildInfo"),
                null,
                home.logs().resolve("simulator.log"),
                home.folder()));
    }

    /** There is no timeout for a slow machine; a process that ends is restarted a limited number of times. */
    private boolean waitUntilReady(List<ManagedProcess> wanted) throws IOException, InterruptedException {
        List<ManagedProcess> waiting = new ArrayList<>(wanted);
        while (!waiting.isEmpty()) {
            for (ManagedProcess process : List.copyOf(waiting)) {
                if (process.reviveIfDead()) {
                    LOG.warn("A process ended while it started and was restarted process={}", process.name());
                    if (process.restarts() >= DEATHS_WHILE_STARTING) {
                        throw new IOException(process.name() + " ended " + process.restarts()
                                + " times while it started; its log is " + process.log());
                    }
                }
                if (process.ready()) {
                    waiting.remove(process);
                }
            }
            lookAfterKafkaAndPostgres();
            record(
                    "starting",
                    waiting.isEmpty()
                            ? "all services are ready"
                            : "waiting for "
                                    + String.join(
                                            ", ",
                                            waiting.stream()
                                                    .map(ManagedProcess::name)
                                                    .toList()));
            if (stopAsked.await(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }

    private void watch() throws InterruptedException {
        LogFiles logs = new LogFiles(home.logs(), LOG_BYTES, LOGS_KEPT);
        long rotated = System.nanoTime();
        while (!stopAsked.await(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
            // A full disk or a process that cannot be started now must not end the supervisor.
            try {
                boolean all = lookAfterKafkaAndPostgres();
                for (ManagedProcess process : processes) {
                    lookAfter(process, all);
                }
                if (System.nanoTime() - rotated > ROTATE_EVERY.toNanos()) {
                    rotated = System.nanoTime();
                    logs.rotate();
                }
                record("up", condition());
            } catch (IOException | RuntimeException e) {
                LOG.error("The supervisor failed and retries", e);
            }
        }
    }

    /** Whether both work; services that depend on them are not treated as stuck while they do not. */
    private boolean lookAfterKafkaAndPostgres() throws IOException, InterruptedException {
        boolean work = external == null || external.away().isEmpty();
        if (kafka != null) {
            lookAfter(kafka, true);
            work &= kafka.alive();
        }
        if (postgres != null) {
            postgres.watch().ifPresent(what -> LOG.warn("PostgreSQL is looked after event={}", what));
            work &= postgres.ready();
        }
        return work;
    }

    private void lookAfter(ManagedProcess process, boolean othersWork) throws IOException, InterruptedException {
        if (!othersWork) {
            process.forgive();
        } else if (process.endIfStuck(ASK_EVERY, STUCK_AFTER)) {
            LOG.warn(
                    "A process was not healthy and is restarted process={} seconds={}",
                    process.name(),
                    STUCK_AFTER.toSeconds());
        }
        if (process.reviveIfDead()) {
            LOG.warn("A process died and was restarted process={}", process.name());
        }
    }

    private String condition() {
        if (external != null && !external.away().isEmpty()) {
            return external.away() + " of the lab: no answer; services wait, nothing is lost";
        }
        List<String> away = new ArrayList<>();
        if (kafka != null && !kafka.alive()) {
            away.add("Kafka");
        }
        if (postgres != null && !postgres.ready()) {
            away.add("PostgreSQL");
        }
        processes.stream()
                .filter(process -> !process.alive())
                .map(ManagedProcess::name)
                .forEach(away::add);
        if (away.isEmpty() && !ArchiveMark.isThere(home.archive())) {
            return ArchiveMark.away(home.archive());
        }
        return away.isEmpty()
                ? "all processes run"
                : String.join(", ", away) + (away.size() == 1 ? " is" : " are") + " down and being restarted";
    }

    private void stopAll() throws IOException, InterruptedException {
        stopProcesses();
        if (external != null) {
            external.close();
        }
        if (kafka != null) {
            stop(kafka);
        }
        if (postgres != null) {
            postgres.close();
        }
    }

    private void stopProcesses() throws InterruptedException {
        List<Thread> stops = new ArrayList<>();
        for (ManagedProcess process : processes) {
            Thread stop = new Thread(() -> {
                try {
                    stop(process);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (IOException e) {
                    LOG.warn("The archive of classes could not be kept process={}", process.name(), e);
                }
            });
            stop.start();
            stops.add(stop);
        }
        for (Thread stop : stops) {
            stop.join();
        }
    }

    private void stop(ManagedProcess process) throws IOException, InterruptedException {
        boolean archiving = archives.isWrittenBy(process.name());
        boolean byItself = process.stop(archiving ? ARCHIVING_PATIENCE : STOP_PATIENCE);
        if (archiving) {
            archives.ended(process.name(), byItself && readyMillis > 0);
        }
    }

    /**
     * The class path of this JVM for Kafka and the simulator. Without this module's own folder, which neither needs: classes of a folder cannot be
     * archived, and with one on the class path none can.
     */
    private static String classPath() {
        String all = System.getProperty("java.class.path");
        return KafkaProcess.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath()
                        .endsWith(".jar")
                ? Arrays.stream(all.split(File.pathSeparator))
                        .filter(entry -> entry.endsWith(".jar"))
                        .collect(Collectors.joining(File.pathSeparator))
                : all;
    }

    /** Only where it is wanted: the first stop after an upgrade takes up to a minute more. */
    private static boolean archivesClasses() {
        return "true".equals(System.getenv("DATMAN_CLASS_ARCHIVES"));
    }

    private List<String> archived(String process, String classPath) {
        List<Path> entries =
                Arrays.stream(classPath.split(File.pathSeparator)).map(Path::of).toList();
        return archivesClasses() && entries.stream().allMatch(Files::isRegularFile)
                ? archives.options(process, entries)
                : List.of();
    }

    private List<RunState.Service> withPostgres(List<RunState.Service> services) {
        if (postgres != null) {
            postgres.state().ifPresent(state -> services.add(0, state));
        }
        return services;
    }

    private void record(String phase, String message) throws IOException {
        Files.createDirectories(home.folder());
        new RunState(
                        ProcessHandle.current().pid(),
                        phase,
                        message,
                        bootstrapServers,
                        jdbcUrl,
                        dashboardUrl,
                        webhookUrl,
                        readsOrthanc() ? "Orthanc" : "XNAT",
                        xnatUrl,
                        readyMillis,
                        Stream.of(Stream.ofNullable(kafka), processes.stream())
                                .flatMap(all -> all)
                                .filter(ManagedProcess::started)
                                .map(ManagedProcess::state)
                                .collect(Collectors.collectingAndThen(Collectors.toList(), this::withPostgres)))
                .write(home.runState());
    }
}
