package org.datman.simulator;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.datman.simulator.importer.LoadOptions;
import org.datman.simulator.scanner.ScanPlan;
import org.datman.simulator.scanner.SyntheticScanner;
import org.datman.simulator.webhook.Emission;
import org.datman.simulator.webhook.Shape;
import org.datman.simulator.webhook.WebhookTarget;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the simulator until it is stopped. Exit codes: 0 stopped, 1 could not start (and why), 2 wrong options. */
@Command(
        name = "simulator",
        mixinStandardHelpOptions = true,
        description = "An XNAT double that serves DICOM sessions from a folder or from a scenario.")
public final class SimulatorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--port",
            defaultValue = "8104",
            description = "Port; 0 for any free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "Address to listen on (default: ${DEFAULT-VALUE}).")
    private String host;

    @Option(
            names = "--data",
            description = "Folder with one sub-folder, zip, tar or tar.xz per session, any depth inside.")
    private @Nullable Path data;

    @Option(
            names = "--project",
            defaultValue = "DATA",
            description = "Project that takes the sessions of --data (default: ${DEFAULT-VALUE}).")
    private String project;

    @Option(names = "--scenario", description = "Scenario file for the synthetic scanner.")
    private @Nullable Path scenario;

    @Option(names = "--webhook", description = "Address that events are sent to.")
    private @Nullable URI webhook;

    @Option(names = "--webhook-secret-file", description = "File with the secret that signs events.")
    private @Nullable Path secretFile;

    @Option(
            names = "--shape",
            defaultValue = "CANONICAL",
            description = "Body of events: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Shape shape;

    @Option(names = "--state", description = "Folder for state that outlives the process (default: a temporary one).")
    private @Nullable Path state;

    @Option(
            names = "--arrive-over",
            defaultValue = "0",
            description = "Seconds over which the sessions of --data arrive (default: all at once).")
    private long arriveOver;

    @Option(names = "--begin-file", description = "Sessions begin to arrive when this file exists (default: at once).")
    private @Nullable Path beginFile;

    @Option(names = "--user", defaultValue = "datman", description = "Account (default: ${DEFAULT-VALUE}).")
    private String user;

    @Option(
            names = "--password-file",
            description = "File with the account's password (default: the password is the account's name).")
    private @Nullable Path passwordFile;

    public static void main(String... args) {
        System.exit(new CommandLine(new SimulatorCommand()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        requireUsed("--project", "--data", data != null);
        requireUsed("--arrive-over", "--data", data != null);
        requireUsed("--webhook-secret-file", "--webhook", webhook != null);
        requireUsed("--shape", "--webhook", webhook != null);
        try (XnatSimulator simulator = start()) {
            Runtime.getRuntime().addShutdownHook(new Thread(simulator::close));
            Thread.currentThread().join();
            return 0;
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("The simulator cannot start: " + e.getMessage());
            return 1;
        }
    }

    /** An option without effect is reported as a mistake. */
    private void requireUsed(String option, String with, boolean used) {
        if (!used && spec.commandLine().getParseResult().hasMatchedOption(option)) {
            throw new ParameterException(
                    spec.commandLine(), option + " is used with " + with + " only; add that, or leave it out");
        }
    }

    /** Starts by the options, and returns when the session feed runs. */
    XnatSimulator start() throws IOException {
        if (data != null && !Files.isDirectory(data)) {
            throw new IllegalArgumentException("--data " + data + " is no folder");
        }
        String password = passwordFile == null ? user : read(passwordFile);
        XnatSimulator.Builder builder =
                XnatSimulator.builder().host(host).port(port).users(Map.of(user, password));
        if (state != null) {
            builder.state(state);
        }
        if (webhook != null) {
            if (secretFile == null) {
                throw new IllegalArgumentException("--webhook needs --webhook-secret-file: every event is signed");
            }
            builder.webhook(new WebhookTarget(webhook, read(secretFile).getBytes(StandardCharsets.UTF_8)));
        }
        XnatSimulator simulator = builder.start();
        try {
            simulator.webhooks().usually(Emission.of(shape));
            System.out.println("XNAT simulator at " + simulator.url() + ", account " + user
                    + (passwordFile == null ? ", password " + user : ", password in " + passwordFile));
            simulator.arrivals().planning(true);
            ScanPlan plan = null;
            if (scenario != null) {
                plan = SyntheticScanner.generate(scenario, simulator.state().resolve("scanner"));
                plan.sessions().forEach(session -> simulator.archive().createProject(session.project()));
            }
            if (data != null) {
                simulator.archive().createProject(project);
            }
            awaitBeginning();
            if (data != null) {
                simulator.arrivals().play(data, LoadOptions.project(project), Duration.ofSeconds(arriveOver));
            }
            if (plan != null) {
                simulator.arrivals().play(plan);
            }
            simulator.arrivals().planning(false);
            return simulator;
        } catch (IOException | RuntimeException e) {
            simulator.close();
            throw e;
        }
    }

    private void awaitBeginning() throws IOException {
        try {
            while (beginFile != null && !Files.exists(beginFile)) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped before " + beginFile + " appeared", e);
        }
    }

    private static String read(Path secret) throws IOException {
        String text = Files.readString(secret).strip();
        if (text.isEmpty()) {
            throw new IllegalArgumentException(secret + " is empty");
        }
        return text;
    }
}
