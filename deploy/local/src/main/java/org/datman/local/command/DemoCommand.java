package org.datman.local.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.local.InstallationFolder;
import org.datman.local.demo.Demo;
import org.datman.local.demo.ReferenceImages;
import org.datman.local.demo.ReferenceKinds;
import org.datman.local.process.Heaps;
import org.datman.local.process.RunState;
import org.datman.local.process.Supervisor;
import org.datman.simulator.scanner.LaterEvent;
import org.datman.simulator.scanner.ScanPlan;
import org.datman.simulator.scanner.ScannedSession;
import org.datman.simulator.scanner.SyntheticScanner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        description = "Starts everything, with a simulated XNAT, and processes sessions from webhook to verdict.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    @ParentCommand
    private DatmanCommand datman;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--check",
            description = "In a fresh installation, without keeping it up; exit code 0 only if all is well.")
    private boolean check;

    @Option(names = "--report", description = "Where --check writes its report (JSON).")
    private @Nullable Path report;

    @Option(
            names = "--from",
            description =
                    "Sessions of a folder instead of synthetic ones: one sub-folder, zip, tar or tar.xz set each.")
    private @Nullable Path from;

    @Option(
            names = "--project",
            description = "XNAT project for the sessions of --from (default: the only one of the study files).")
    private @Nullable String project;

    @Option(
            names = "--references",
            description =
                    "Folder with <session>/reference.tsv: --check compares the images of --from with it. Default: those in the sessions' own folders, if any.")
    private @Nullable Path references;

    @Option(
            names = "--reference-kinds",
            description = "File with the tags for the kinds of reference.tsv (default: reference-kinds.tsv beside the"
                    + " study files; without one tags are not compared).")
    private @Nullable Path referenceKinds;

    @Option(
            names = "--config",
            description = "Folder of study files (default: the demo's, or those for real scans with --from).")
    private @Nullable Path config;

    @Option(names = "--scenario", description = "Another scenario file for the synthetic scanner.")
    private @Nullable Path scenario;

    @Option(
            names = "--patience",
            defaultValue = "PT10M",
            description = "How long --check waits at most (default: ${DEFAULT-VALUE}).")
    private Duration patience;

    @Option(
            names = "--quiet-period",
            defaultValue = "PT4S",
            description = "After how long without change a session counts as settled (default: ${DEFAULT-VALUE}).")
    private Duration quietPeriod;

    @Option(
            names = "--dashboard-port",
            defaultValue = "8080",
            description = "Preferred port of the dashboard (default: ${DEFAULT-VALUE}).")
    private int dashboardPort;

    @Option(names = "--build-millis", hidden = true, defaultValue = "0")
    private long buildMillis;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        requireUsed();
        Heaps.of(Supervisor.SERVICES, datman.environment());
        InstallationFolder home = datman.home();
        if (check) {
            home = datman.home(home.folder().resolveSibling("check"));
            new Daemon(home, out).stop();
            FileUtils.deleteDirectory(home.folder().toFile());
        }
        Files.createDirectories(home.folder());
        List<Path> different = prepareStudies(home);
        if (!different.isEmpty()) {
            out.println(
                    "These files differ from those of this build and are used as they are; what is removed is copied again:");
            different.forEach(file -> out.println("  " + file));
        }
        List<String> simulator = new ArrayList<>();
        Demo.Expected expected =
                from != null ? realSessions(out, home, simulator, from) : syntheticSessions(out, home, simulator);
        out.println("Starting DATMAN (logs in " + home.logs() + ")");
        out.flush();
        Daemon daemon = new Daemon(home, out);
        List<String> arguments = new ArrayList<>(List.of(
                "--brief",
                "--studies",
                studies(home).toString(),
                "--dashboard-port",
                Integer.toString(check ? 0 : dashboardPort),
                "--set",
                "DATMAN_INGEST_QUIET_PERIOD=" + quietPeriod,
                // A deletion is accepted after two listings; a demo cannot wait a minute for each.
                "--set",
                "DATMAN_INGEST_CONFIRM_EVERY=PT2S",
                "--"));
        arguments.addAll(simulator);
        RunState state = daemon.start(arguments);
        out.println("Sessions arrive by webhook");
        boolean good;
        try {
            good = new Demo(home, StudyConfigurations.load(studies(home)), out)
                    .follow(expected, patience, Duration.ofMillis(buildMillis), report);
        } finally {
            if (check) {
                daemon.stop();
            }
        }
        if (!check) {
            Addresses.print(out, home, studies(home), state);
            return 0;
        }
        out.println(good ? "All is well" : "NOT ALL IS WELL; the logs and the archive are in " + home.folder());
        out.flush();
        return good ? 0 : 1;
    }

    /** An option without effect is reported as a mistake. */
    private void requireUsed() {
        requireUsed(project == null || from != null, "--project", "--from");
        requireUsed(references == null || from != null, "--references", "--from");
        requireUsed(referenceKinds == null || from != null, "--reference-kinds", "--from");
        if (scenario != null && from != null) {
            throw new ParameterException(
                    spec.commandLine(), "--scenario and --from exclude each other: the sessions come from one of them");
        }
    }

    private void requireUsed(boolean used, String option, String with) {
        if (!used) {
            throw new ParameterException(
                    spec.commandLine(), option + " is used with " + with + " only; add that, or leave it out");
        }
    }

    /** A folder given by a person is used in place. */
    private Path studies(InstallationFolder home) {
        return config == null ? home.studies() : config.toAbsolutePath().normalize();
    }

    /** @return files of the installation that are not those of this build */
    private List<Path> prepareStudies(InstallationFolder home) throws IOException {
        if (config != null) {
            Installation.requireStudies(studies(home));
            return List.of();
        }
        return from != null ? Installation.realScans(home) : Installation.demo(home);
    }

    private Demo.Expected syntheticSessions(PrintWriter out, InstallationFolder home, List<String> simulator)
            throws IOException {
        Path file = scenario == null ? home.folder().resolve("demo-scenario.yaml") : scenario;
        if (scenario == null) {
            Files.writeString(file, scenario("demo.yaml"));
        }
        out.println("Scanning synthetic sessions");
        out.flush();
        // Outside the installations, so that a fresh one for --check reuses the scans already written.
        Path scans = Files.createDirectories(home.folder().resolveSibling("scans"));
        Path ofSimulator = Files.createDirectories(home.simulator()).resolve("scanner");
        if (!Files.exists(ofSimulator)) {
            Files.createSymbolicLink(ofSimulator, scans);
        }
        ScanPlan plan = SyntheticScanner.generate(file, ofSimulator);
        out.printf(
                "  %d sessions, %d series (%d written now)%n",
                plan.sessions().size(), plan.seriesWritten() + plan.seriesReused(), plan.seriesWritten());
        Path all = file;
        if (scenario == null && !check) {
            // The demo waits for its own sessions only; the history follows them and is complete some minutes
            // later.
            all = home.folder().resolve("demo-scenario-with-history.yaml");
            Files.writeString(all, scenario("demo.yaml") + scenario("demo-history.yaml"));
            ScanPlan withHistory = SyntheticScanner.generate(all, ofSimulator);
            out.printf(
                    "  %d sessions of a phantom over a year follow when these are done: see Metrics, tag FBN%n",
                    withHistory.sessions().size() - plan.sessions().size());
        }
        simulator.addAll(List.of("--scenario", all.toAbsolutePath().toString()));
        Duration latest = plan.sessions().stream()
                .flatMap(session -> Stream.concat(
                        Stream.of(session.arriveAfter()),
                        session.later().stream()
                                .map(later -> session.arriveAfter().plus(after(later)))))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return new Demo.Expected(
                plan.sessions().stream().map(ScannedSession::sessionLabel).toList(),
                plan.planted(),
                Map.of(),
                latest.plusSeconds(5));
    }

    private static String scenario(String name) throws IOException {
        try (InputStream in = SyntheticScanner.class.getResourceAsStream("/scenarios/" + name)) {
            if (in == null) {
                throw new IOException("This build lacks the demo's scenario " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Duration after(LaterEvent later) {
        return later.after();
    }

    private Demo.Expected realSessions(PrintWriter out, InstallationFolder home, List<String> simulator, Path sessions)
            throws IOException {
        Path folder = sessions.toAbsolutePath();
        // The simulated XNAT names a session after its folder; links give them names that follow the grammar.
        Path links = home.simulator().resolve("sessions");
        RealSessions.Place place = RealSessions.Place.of(StudyConfigurations.load(studies(home)), project);
        Map<String, String> names = RealSessions.link(folder, place, links);
        out.printf(
                "Sessions from %s: %d, to study %s, site %s, XNAT project %s%n",
                folder, names.size(), place.study(), place.site(), place.project());
        simulator.addAll(List.of("--data", links.toString(), "--project", place.project()));
        Map<String, ReferenceImages> known = new TreeMap<>();
        ReferenceKinds kinds = kinds(studies(home));
        for (Map.Entry<String, String> name : names.entrySet()) {
            ReferenceImages.in((references == null ? folder : references).resolve(name.getValue()), kinds)
                    .ifPresent(reference -> known.put(name.getKey(), reference));
        }
        if (references != null && known.isEmpty()) {
            throw new IOException(references + " has no reference.tsv for any session of " + folder);
        }
        return new Demo.Expected(List.copyOf(names.keySet()), List.of(), known, Duration.ofSeconds(10));
    }

    private ReferenceKinds kinds(Path studies) throws IOException {
        if (referenceKinds != null) {
            return ReferenceKinds.read(referenceKinds.toAbsolutePath());
        }
        Path beside = studies.resolve(ReferenceKinds.FILE);
        return Files.exists(beside) ? ReferenceKinds.read(beside) : ReferenceKinds.NONE;
    }
}
