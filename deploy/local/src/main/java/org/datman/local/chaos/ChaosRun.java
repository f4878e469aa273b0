package org.datman.local.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;
import org.datman.contracts.event.SessionRef;
import org.datman.local.InstallationFolder;
import org.datman.local.chaos.check.ExpectedSession;
import org.datman.local.chaos.check.HistoryChecker;
import org.datman.local.chaos.check.RecordedHistory;
import org.datman.local.chaos.check.Violation;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.datman.simulator.importer.LoadOptions;
import org.datman.simulator.scanner.ScannedSession;
import org.datman.simulator.scanner.SyntheticScanner;

/** One system, one calm session of each kind, then one or more seeds: for each, sessions arrive under the faults of its schedule. */
public final class ChaosRun {

    /** Name by which DATMAN knows the simulated XNAT. */
    private static final String SERVER = "xnat";

    private static final Duration CALM = Duration.ofMinutes(5);
    private static final Duration RECOVERY = Duration.ofMinutes(6);
    private static final long BASE_MEBIBYTES = 512;
    private static final long SESSION_MEBIBYTES = 40;

    private final InstallationFolder home;
    private final Confinement confinement;
    private final PrintWriter out;

    /**
     * @param home a folder that is emptied
     * @param inside whether this process runs in namespaces of its own, see {@link Confinement#enclosing}
     */
    public ChaosRun(InstallationFolder home, boolean inside, PrintWriter out) throws InterruptedException {
        this.home = home;
        this.confinement = Confinement.here(inside);
        this.out = out;
    }

    /**
     * Runs it.
     *
     * @param seeds one schedule each, one after the other on the same system
     * @param length how long sessions arrive and faults strike, for each seed
     * @param sessions how many arrive for each seed
     */
    public ChaosReport run(List<Long> seeds, Duration length, int sessions) throws IOException, InterruptedException {
        FileUtils.deleteDirectory(home.folder().toFile());
        Files.createDirectories(home.folder());
        List<ScannedSession> scans = scan();
        say("Starting the system (logs in " + home.logs() + ")");
        List<ChaosReport.Seed> results = new ArrayList<>();
        long mebibytes = BASE_MEBIBYTES + SESSION_MEBIBYTES * seeds.size() * sessions;
        try (ChaosSystem system = new ChaosSystem(home, confinement, mebibytes)) {
            Recorder recorder = new Recorder(system);
            List<ExpectedSession> expected = new ArrayList<>();
            for (ScannedSession scan : scans) {
                expected.add(arrive(system, scan, scan.sessionLabel()));
            }
            say("Calm sessions: " + scans.size());
            List<String> open = recorder.awaitQuiet(names(expected), CALM);
            if (!open.isEmpty()) {
                throw new IOException("The calm sessions did not end in " + CALM.toMinutes() + " min: " + open
                        + "; logs in " + home.logs());
            }
            for (long seed : seeds) {
                results.add(seed(system, recorder, scans, expected, seed, length, sessions));
            }
        }
        return new ChaosReport(sessions, length, results);
    }

    private ChaosReport.Seed seed(
            ChaosSystem system,
            Recorder recorder,
            List<ScannedSession> scans,
            List<ExpectedSession> expected,
            long seed,
            Duration length,
            int sessions)
            throws IOException, InterruptedException {
        List<PlannedFault> schedule = FaultSchedule.of(seed, length);
        say("Seed " + seed + ": " + sessions + " sessions, " + schedule.size() + " faults in " + length.toSeconds()
                + " s");
        int before = expected.size();
        CompletableFuture<List<ExpectedSession>> arrivals =
                CompletableFuture.supplyAsync(() -> arriveAll(system, scans, before, length, sessions));
        List<AppliedFault> faults = new FaultDriver(system, confinement, out).drive(schedule);
        expected.addAll(arrivals.join());
        long healed = System.nanoTime();
        say("All faults are over");
        List<String> open = recorder.awaitQuiet(names(expected), RECOVERY);
        double recovery = (System.nanoTime() - healed) / 1e9;
        List<Violation> violations = new ArrayList<>();
        int events = 0;
        int files = 0;
        try {
            RecordedHistory history = recorder.record(
                    expected.stream().map(ExpectedSession::session).toList(), open);
            violations.addAll(HistoryChecker.check(history, expected));
            events = history.events().size();
            files = history.files().size();
        } catch (IOException e) {
            violations.add(new Violation(Violation.Kind.NOT_QUIET, "system", "cannot be read: " + e + "; " + open));
        }
        say(String.format(
                Locale.ROOT,
                "Quiet %.0f s later: %d events, %d files, %d violations",
                recovery,
                events,
                files,
                violations.size()));
        violations.forEach(one -> say("  " + one.kind() + " " + one.where() + ": " + one.what()));
        return new ChaosReport.Seed(seed, faults, recovery, events, files, violations);
    }

    private List<ScannedSession> scan() throws IOException {
        Path file = home.folder().resolve("sessions.yaml");
        try (InputStream in = ChaosRun.class.getResourceAsStream("/chaos/sessions.yaml")) {
            if (in == null) {
                throw new IOException("This build lacks the scans of the chaos study");
            }
            Files.copy(in, file);
        }
        // Beside the installation, so that the next run finds them.
        Path folder = Files.createDirectories(home.folder().resolveSibling("chaos-scans"));
        return SyntheticScanner.generate(file, folder).sessions();
    }

    private static List<ExpectedSession> arriveAll(
            ChaosSystem system, List<ScannedSession> scans, int before, Duration length, int sessions) {
        List<ExpectedSession> arrived = new ArrayList<>();
        // The last ones arrive some seconds before the faults end.
        long pause = length.toMillis() * 9 / 10 / Math.max(1, sessions);
        try {
            for (int number = 0; number < sessions; number++) {
                ScannedSession scan = scans.get(number % scans.size());
                arrived.add(arrive(
                        system, scan, String.format(Locale.ROOT, "CHAOS_CMH_%04d_01_01", 1000 + before + number)));
                TimeUnit.MILLISECONDS.sleep(pause);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return arrived;
    }

    private static ExpectedSession arrive(ChaosSystem system, ScannedSession scan, String name) throws IOException {
        Session session = system.xnat()
                .addSession(
                        scan.folder(),
                        LoadOptions.project(ChaosSystem.STUDY)
                                .subject(name.substring(0, name.length() - "_01_01".length()))
                                .label(name));
        system.xnat()
                .addResourceFile(session.id(), "MISC", "notes.txt", "The same.\n".getBytes(StandardCharsets.UTF_8));
        return new ExpectedSession(
                new SessionRef(SERVER, session.id()),
                name,
                session.scans().stream().map(Scan::id).collect(Collectors.toSet()),
                1,
                scan.sessionLabel());
    }

    private static List<String> names(List<ExpectedSession> expected) {
        return expected.stream().map(ExpectedSession::name).toList();
    }

    private void say(String text) {
        out.println(text);
        out.flush();
    }
}
