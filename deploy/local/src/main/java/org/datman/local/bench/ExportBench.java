package org.datman.local.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.event.SeriesTaggedAssignmentBuilder;
import org.datman.contracts.event.SeriesTaggedBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.simulator.XnatSimulator;
import org.datman.simulator.archive.Resource;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.datman.simulator.importer.LoadOptions;
import org.datman.xnat.FileListing;
import org.datman.xnat.ResourceRef;
import org.datman.xnat.XnatClient;
import org.datman.xnat.XnatConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code datman bench export}: from tagged series on an XNAT to published files, by the built export service, against unzip, sha256sum and
 * dcm2niix on the same bytes in the same run.
 */
@Command(
        name = "bench-export",
        description = "Time and heap of the export service, against unzip, sha256sum and dcm2niix on the same bytes.",
        mixinStandardHelpOptions = true)
public final class ExportBench implements Callable<Integer> {

    private static final double GOAL = 1.05;
    private static final double SECOND = 1e9;
    private static final double MIB = 1 << 20;
    private static final String ACCOUNT = "datman";
    private static final String STUDY = "BEN01";
    /** Sessions at once; as the service has it. */
    private static final int WORKERS = 2;

    private static final int SLICES = 40;
    /** Rows and columns of the images of a large series; half a MiB each. */
    private static final int LARGE = 512;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rounds",
            defaultValue = "3",
            description = "Rounds, behind one to warm up (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--sessions", defaultValue = "4", description = "Sessions per round (default: ${DEFAULT-VALUE}).")
    private int sessions;

    @Option(names = "--files", description = "One session with one series of that many files instead.")
    private int files;

    @Option(names = "--mib", description = "One session with one series of that many MiB instead.")
    private int mib;

    @Option(
            names = "--heap",
            defaultValue = "128m",
            description = "Largest heap of the service, as for -Xmx (default: ${DEFAULT-VALUE}).")
    private String heap;

    /** A series on XNAT: what DATMAN is told, and the zip that the programs get. */
    private record Work(SeriesTagged tagged, Path zipFolder) {}

    /** The times of one round, ns. */
    private record Round(long bare, long datman, double source) {

        double ratio() {
            return (double) datman / bare;
        }
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ExportBench()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("datman-bench-export-");
        Path jar = Path.of(System.getProperty("datman.checkout"), "export-service/target/quarkus-app/quarkus-run.jar");
        Path dicom = folder.resolve("dicom");
        List<BenchScans> scans = scans();
        for (BenchScans one : scans) {
            one.write(dicom.resolve(Integer.toString(one.number())));
        }
        try (XnatSimulator simulator =
                        XnatSimulator.builder().users(Map.of(ACCOUNT, ACCOUNT)).start();
                XnatClient client = client(simulator.url());
                ExportProcess service = ExportProcess.start(jar, folder, simulator.url(), heap, WORKERS)) {
            return measured(folder, dicom, simulator, client, service);
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private List<BenchScans> scans() {
        if (files > 0 || mib > 0) {
            sessions = 1;
            int size = files > 0 ? 64 : LARGE;
            int count = files > 0 ? files : (int) (mib * MIB / (LARGE * LARGE * Short.BYTES));
            return List.of(new BenchScans(2, "a large series", size, SLICES, Math.max(1, count / SLICES)));
        }
        return List.of(
                new BenchScans(2, "Sag T1", 256, 192, 1),
                new BenchScans(3, "RestingState", 64, SLICES, 50),
                new BenchScans(4, "Ax T2", 320, 48, 1));
    }

    private int measured(Path folder, Path dicom, XnatSimulator simulator, XnatClient client, ExportProcess service)
            throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        boolean warm = files == 0 && mib == 0;
        long bytes = FileUtils.sizeOfDirectory(dicom.toFile()) * sessions;
        out.printf(
                "%d sessions of %d series, %,d files, %.0f MiB; %d sessions at once, the service with -Xmx%s%s%n"
                        + "Both compress: dcm2niix at its level 6, DATMAN at 4%n",
                sessions,
                scans().size(),
                sessions * scans().stream().mapToInt(BenchScans::files).sum(),
                bytes / MIB,
                WORKERS,
                heap,
                warm ? "" : ", just started");
        int last = warm ? rounds : 0;
        List<Round> all = new ArrayList<>();
        Map<String, Double> before = Map.of();
        for (int number = warm ? -1 : 0; number < Math.max(1, last); number++) {
            if (number == 0) {
                before = service.steps();
            }
            Path place = Files.createDirectories(folder.resolve("bare"));
            List<List<Work>> work = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                work.add(prepared(
                        dicom, "%s_CMH_%04d_%02d_01".formatted(STUDY, i + 1, number + 2), place, simulator, client));
            }
            // Programs and service take turns in being first: what one leaves in the caches is not always the other's.
            Round round;
            if (number % 2 == 0) {
                long bare = bare(work);
                round = datman(work, service, bare);
            } else {
                Round first = datman(work, service, 0);
                round = new Round(bare(work), first.datman(), first.source());
            }
            FileUtils.deleteDirectory(place.toFile());
            if (number >= 0) {
                all.add(round);
                out.printf(
                        Locale.ROOT,
                        "unzip, sha256sum, dcm2niix: %6.2f s   DATMAN: %6.2f s   ratio %.2f   (XNAT's double, Kafka and this"
                                + " benchmark meanwhile: %.2f s of processor time)%n",
                        round.bare() / SECOND,
                        round.datman() / SECOND,
                        round.ratio(),
                        round.source());
                out.flush();
            }
        }
        out.printf("Steps of the exports, of both sessions together: %s%n", steps(before, service.steps(), all));
        double ratio = all.stream().map(Round::ratio).sorted().toList().get(all.size() / 2);
        out.printf(
                Locale.ROOT,
                "Ratio %.2f (median of %d); goal %.2f. Largest heap seen, garbage included: %.0f MiB of -Xmx%s%n",
                ratio,
                all.size(),
                GOAL,
                service.peakHeap() / MIB,
                heap);
        out.flush();
        return ratio <= GOAL ? 0 : 1;
    }

    private static long bare(List<List<Work>> work) throws IOException, InterruptedException {
        settleDisk();
        return BareTools.run(
                work.stream()
                        .map(session -> session.stream().map(Work::zipFolder).toList())
                        .toList(),
                WORKERS);
    }

    private static Round datman(List<List<Work>> work, ExportProcess service, long bare)
            throws IOException, InterruptedException {
        settleDisk();
        OperatingSystemMXBean own = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long cpu = own.getProcessCpuTime();
        long wall = service.export(work.stream()
                .map(session -> session.stream().map(Work::tagged).toList())
                .toList());
        return new Round(bare, wall, (own.getProcessCpuTime() - cpu) / SECOND);
    }

    /** What was written before is on the disk, so that writing it slows nobody. */
    private static void settleDisk() throws IOException, InterruptedException {
        new ProcessBuilder("sync").start().waitFor();
    }

    private static String steps(Map<String, Double> before, Map<String, Double> after, List<Round> rounds) {
        Map<String, Double> spent = new TreeMap<>(after);
        spent.replaceAll((step, seconds) -> seconds - before.getOrDefault(step, 0.0));
        double sum = spent.values().stream().mapToDouble(one -> one).sum();
        double wall = rounds.stream().mapToLong(Round::datman).sum() / SECOND;
        return spent.entrySet().stream()
                        .map(step -> String.format(
                                Locale.ROOT,
                                "%s %.2f s (%.0f %%)",
                                step.getKey(),
                                step.getValue(),
                                100 * step.getValue() / sum))
                        .collect(Collectors.joining(", "))
                + String.format(Locale.ROOT, "; of %.2f s of wall", wall);
    }

    /** Puts a session on XNAT; returns its series, each with the zip that XNAT makes of it. */
    private static List<Work> prepared(Path dicom, String label, Path place, XnatSimulator simulator, XnatClient client)
            throws IOException {
        Session session = simulator.addSession(
                dicom, LoadOptions.project(STUDY).subject(label).label(label));
        List<Work> work = new ArrayList<>();
        for (Scan scan : session.scans()) {
            Resource resource = scan.resources().get(0);
            ResourceRef ref = ResourceRef.ofScan(session.id(), scan.id(), Long.toString(resource.id()));
            Path folder = Files.createDirectories(place.resolve(label).resolve(scan.id()));
            client.readZip(
                    ref, zip -> Files.copy(zip, folder.resolve("series.zip"), StandardCopyOption.REPLACE_EXISTING));
            work.add(new Work(
                    tagged(label, session, scan, resource, FileListing.fingerprint(client.files(ref))), folder));
        }
        return work;
    }

    private static SeriesTagged tagged(
            String label, Session session, Scan scan, Resource resource, String fingerprint) {
        String tag = "S" + scan.id();
        return SeriesTaggedBuilder.builder()
                .session(new SessionRef("xnat", session.id()))
                .seriesRevision(1)
                .decision(Decision.TAGGED)
                .phantom(false)
                .scan(scan.id())
                .description(scan.description())
                .assignments(List.of(SeriesTaggedAssignmentBuilder.builder()
                        .tag(tag)
                        .stem("%s_%s_%02d_bench".formatted(label, tag, Integer.parseInt(scan.id())))
                        .qcKind("ignore")
                        .formats(List.of("nii", "dcm"))
                        .build()))
                .reason(Reason.of("tagged", "for the benchmark"))
                .explanation(List.of())
                .fileCount(resource.files().size())
                .fingerprint(fingerprint)
                .configRevision("bench")
                .study(Optional.of(STUDY))
                .site(Optional.of("CMH"))
                .sessionName(Optional.of(label))
                .seriesNumber(Optional.of(Long.valueOf(scan.id())))
                .uid(Optional.of(scan.uid()))
                .resource(Optional.of(Long.toString(resource.id())))
                .date(Optional.of(LocalDate.of(2026, 11, 2)))
                .build();
    }

    private static XnatClient client(URI xnat) {
        return new XnatClient(XnatConfig.of(xnat, "xnat", ACCOUNT, () -> ACCOUNT));
    }
}
