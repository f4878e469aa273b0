package org.datman.local.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesDiscovered.Status;
import org.datman.contracts.event.SeriesDiscoveredBuilder;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.SeriesTagger;
import org.datman.contracts.study.StudyConfigurations;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code datman bench tagging}: decisions per second of processor time, with explanation and file name, of one thread. */
@Command(
        name = "bench-tagging",
        description =
                "Prints how many series one core decides in a second, by the rules for the scans of five vendors.",
        mixinStandardHelpOptions = true)
public final class TaggingBench implements Callable<Integer> {

    private static final int GOAL = 50_000;
    private static final int ROUNDS = 5;
    private static final double SECOND = 1e9;

    /** Descriptions as scanners write them, one per line: of each kind of decision some. */
    private static final List<String[]> SERIES =
            """
            anat-T1w_acq-mprage|ORIGINAL\\PRIMARY\\M\\ND\\NORM
            localizer|ORIGINAL\\PRIMARY\\M\\ND
            func-bold_task-fa_run-1|ORIGINAL\\PRIMARY\\M\\MB\\ND
            DWI_dir80_AP|ORIGINAL\\PRIMARY\\DIFFUSION\\NONE
            DWI_dir80_AP|DERIVED\\PRIMARY\\DIFFUSION\\ADC
            gre_field_mapping|ORIGINAL\\PRIMARY\\M\\ND
            gre_field_mapping|ORIGINAL\\PRIMARY\\P\\ND
            fcMRI Field Mapping|ORIGINAL\\PRIMARY\\M_FFE\\M\\FFE
            B0map|ORIGINAL\\PRIMARY\\OTHER
            PhoenixZIPReport|ORIGINAL\\PRIMARY\\OTHER
            a series that no rule knows|ORIGINAL\\PRIMARY\\M
            ACR_T1_TSE|ORIGINAL\\PRIMARY\\M\\ND
            """.lines().map(line -> line.split("\\|")).toList();

    @Spec
    private CommandSpec spec;

    @Option(names = "--series", defaultValue = "200000", description = "Series per round (default: ${DEFAULT-VALUE}).")
    private int count;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new TaggingBench()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        StudyConfigurations studies = studies();
        List<SeriesDiscovered> series = series();
        long tags = studies.valid().values().stream()
                .flatMap(study -> study.sites().values().stream())
                .mapToLong(site -> site.tags().size())
                .sum();
        out.printf(
                "%,d series of %d kinds, %d tags; one thread, %d rounds behind one to warm up%n",
                count, series.size(), tags, ROUNDS);
        ThreadMXBean thread = ManagementFactory.getThreadMXBean();
        Map<Decision, Integer> decisions = decide(series, studies);
        List<Double> rates = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            long begin = thread.getCurrentThreadCpuTime();
            decisions = decide(series, studies);
            rates.add(count / ((thread.getCurrentThreadCpuTime() - begin) / SECOND));
        }
        rates.sort(Double::compare);
        double median = rates.get(ROUNDS / 2);
        out.printf("Decisions: %s%n", decisions);
        out.printf(
                "%,.0f per second of one core (%,.0f to %,.0f); goal %,d: %.2f x%n",
                median, rates.get(0), rates.get(ROUNDS - 1), GOAL, median / GOAL);
        return median >= GOAL ? 0 : 1;
    }

    private Map<Decision, Integer> decide(List<SeriesDiscovered> series, StudyConfigurations studies) {
        Map<Decision, Integer> decisions = new EnumMap<>(Decision.class);
        for (int i = 0; i < count; i++) {
            decisions.merge(
                    SeriesTagger.decide(series.get(i % series.size()), studies).decision(), 1, Integer::sum);
        }
        return decisions;
    }

    private static StudyConfigurations studies() throws IOException {
        Path folder = Files.createTempDirectory("datman-bench-");
        Path file = folder.resolve("REAL.yml");
        try (InputStream in = Objects.requireNonNull(
                TaggingBench.class.getResourceAsStream("/demo-studies/REAL.yml"), "demo-studies/REAL.yml")) {
            Files.copy(in, file);
            return StudyConfigurations.loadFile(file);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    /** A series of each kind. */
    static List<SeriesDiscovered> series() {
        List<SeriesDiscovered> all = new ArrayList<>();
        for (String[] line : SERIES) {
            long number = all.size() + 2L;
            all.add(SeriesDiscoveredBuilder.builder()
                    .session(new SessionRef("bench", "BENCH_E00001"))
                    .seriesRevision(1)
                    .status(Status.PRESENT)
                    .project("REAL")
                    .subjectLabel("REAL_LAB_0001")
                    .sessionLabel("REAL_LAB_0001_01_01")
                    .scan(Long.toString(number))
                    .description(line[0])
                    .xnatType(line[0])
                    .xsiType("xnat:mrScanData")
                    .quality("usable")
                    .imageType(List.of(line[1].split("\\\\")))
                    .echoNumbers(new TreeSet<>())
                    .header(Map.of("Modality", "MR", "Rows", "64", "SOPClassUID", "1.2.840.10008.5.1.4.1.1.4"))
                    .fileCount(192)
                    .byteCount(33_000_000)
                    .fingerprint("0".repeat(64))
                    .seriesNumber(Optional.of(number))
                    .uid(Optional.of("1.2.3." + number))
                    .resource(Optional.of("77"))
                    .date(Optional.of(LocalDate.of(2026, 11, 20)))
                    .build());
        }
        return all;
    }
}
