package org.datman.simulator.scanner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.datman.simulator.scanner.Scenario.Resource;
import org.datman.simulator.scanner.Scenario.Session;
import org.datman.synthetic.Series;
import org.jspecify.annotations.Nullable;

/**
 * Scanners that write the sessions of a scenario as DICOM files. The same scenario always gives the same bytes. A series that an earlier call wrote
 * is kept when nothing that determines its bytes has changed; a series is written to a temporary folder and renamed, so a killed call leaves no
 * partial series.
 *
 * <p>Layout: {@code <out>/<project>/<session>/scans/<number>-<description>/*.dcm}, {@code …/resources/<label>/<file>} and
 * {@code …/late/<number>-<description>/*.dcm}.
 */
public final class SyntheticScanner {
    private static final String MARKS = ".written";

    private final Path out;
    private final String code = codeFingerprint();
    private final AtomicInteger written = new AtomicInteger();
    private final AtomicInteger reused = new AtomicInteger();

    private SyntheticScanner(Path out) {
        this.out = out;
    }

    /**
     * Writes the missing series of a scenario.
     *
     * @param scenarioFile a YAML file; see the package's description
     * @param out folder of this scenario alone: files that the scenario does not name are removed from its sessions
     * @return the sessions in order of arrival
     * @throws ScenarioException when the scenario cannot be used; nothing has been written then
     * @throws IOException when the folder cannot be written
     */
    public static ScanPlan generate(Path scenarioFile, Path out) throws IOException {
        return new SyntheticScanner(out).run(ScenarioFile.parse(scenarioFile));
    }

    private ScanPlan run(Scenario scenario) throws IOException {
        List<SessionPlanner.Plan> plans = new ArrayList<>();
        for (int i = 0; i < scenario.sessions().size(); i++) {
            plans.add(SessionPlanner.plan(scenario, i));
        }
        ExecutorService pool =
                Executors.newFixedThreadPool(Math.max(1, Runtime.getRuntime().availableProcessors()));
        try {
            List<ScannedSession> sessions = new ArrayList<>();
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < plans.size(); i++) {
                sessions.add(session(scenario.sessions().get(i), plans.get(i), pool, work));
            }
            for (Future<?> one : work) {
                await(one);
            }
            sessions.sort(Comparator.comparing(ScannedSession::arriveAfter));
            return new ScanPlan(sessions, written.get(), reused.get());
        } finally {
            pool.shutdownNow();
        }
    }

    private static void await(Future<?> work) throws IOException {
        try {
            work.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while scanning", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UncheckedIOException io) {
                throw io.getCause();
            }
            throw new IllegalStateException("a series could not be written: " + e.getCause(), e.getCause());
        }
    }

    private ScannedSession session(
            Session session, SessionPlanner.Plan plan, ExecutorService pool, List<Future<?>> work) throws IOException {
        Path folder = out.resolve(safe(session.project())).resolve(safe(session.label()));
        Path scans = folder.resolve("scans");
        Path lateScans = folder.resolve("late");
        Path marks = folder.resolve(MARKS);
        Files.createDirectories(scans);
        Files.createDirectories(marks);
        Map<Integer, Path> late = new HashMap<>();
        Set<Path> wanted = new LinkedHashSet<>();
        for (SeriesPlan series : plan.series()) {
            Path target = (series.late() == null ? scans : lateScans).resolve(series.folderName());
            wanted.add(target);
            if (series.late() != null) {
                Files.createDirectories(lateScans);
                late.put(series.number(), target);
            }
            Path mark = marks.resolve((series.late() == null ? "scans-" : "late-") + series.folderName());
            work.add(pool.submit(() -> write(series, target, mark)));
        }
        removeOthers(scans, wanted);
        removeOthers(lateScans, wanted);
        return new ScannedSession(
                session.project(),
                session.subject(),
                session.label(),
                session.arriveAfter(),
                scans,
                resources(session, folder.resolve("resources")),
                SessionPlanner.later(session, plan, late),
                plan.planted());
    }

    private void write(SeriesPlan series, Path target, Path mark) {
        String hash = Uids.hex(code + "|" + series.canonical());
        try {
            if (Files.isDirectory(target)
                    && Files.exists(mark)
                    && Files.readString(mark).equals(hash)) {
                reused.incrementAndGet();
                return;
            }
            Files.deleteIfExists(mark);
            FileUtils.deleteDirectory(target.toFile());
            Path beside = mark.resolveSibling("writing-" + series.number());
            FileUtils.deleteDirectory(beside.toFile());
            Files.createDirectories(beside);
            SeriesWriter.write(series, beside);
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
            Files.writeString(mark, hash);
            written.incrementAndGet();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot write series " + series.number() + " of " + series.sessionLabel(), e);
        }
    }

    private static @Nullable Path resources(Session session, Path folder) throws IOException {
        FileUtils.deleteDirectory(folder.toFile());
        for (Resource resource : session.resources()) {
            Path label = Files.createDirectories(folder.resolve(resource.label()));
            Files.writeString(label.resolve(resource.file()), resource.content());
        }
        return session.resources().isEmpty() ? null : folder;
    }

    /** A folder name for any label, and another one for another label. */
    private static String safe(String label) {
        String plain = label.replaceAll("[^A-Za-z0-9_-]", "_");
        return plain.equals(label) ? label : plain + "-" + Uids.hex(label).substring(0, 8);
    }

    private static void removeOthers(Path parent, Set<Path> wanted) throws IOException {
        if (!Files.isDirectory(parent)) {
            return;
        }
        List<Path> found;
        try (Stream<Path> children = Files.list(parent)) {
            found = children.toList();
        }
        for (Path child : found) {
            if (!wanted.contains(child)) {
                FileUtils.forceDelete(child.toFile());
            }
        }
    }

    /** Changes when the code that makes the bytes is built again: files of an older build are written again. */
    private static String codeFingerprint() {
        return fingerprint(SyntheticScanner.class) + fingerprint(Series.class);
    }

    private static String fingerprint(Class<?> type) {
        try {
            Path source = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
            try (Stream<Path> files = Files.walk(source)) {
                StringBuilder text = new StringBuilder();
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    text.append(Files.size(file))
                            .append('@')
                            .append(Files.getLastModifiedTime(file))
                            .append(' ');
                }
                return Uids.hex(text.toString());
            }
        } catch (URISyntaxException | IOException e) {
            throw new IllegalStateException("cannot find the scanner's own code", e);
        }
    }
}
