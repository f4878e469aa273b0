package org.datman.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.datman.contracts.metric.QcKind;
import org.datman.imaging.nifti.NiftiDataType;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiWriter;
import org.datman.metrics.Measured;
import org.datman.metrics.Measurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.metrics.model.MeasureException;
import org.datman.plots.report.HtmlReport;
import org.datman.plots.report.ReportJson;
import org.datman.synthetic.Anatomy;
import org.datman.synthetic.DwiSeries;
import org.datman.synthetic.EpiSeries;
import org.datman.synthetic.Grid;
import org.datman.synthetic.Motion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Prints time and peak heap of whole measurements, pictures and report page included, stage by stage, against the budgets of the
 * specification (<a href="{@docRoot}/../docs/qc-specification.md#E">section E</a>); then, with the code compiled, the cost of twice the data.
 */
@Command(
        name = "bench-qc",
        mixinStandardHelpOptions = true,
        description = "Measures synthetic runs of standard size and prints time and peak heap against the budgets,"
                + " and how the cost grows with the data.",
        exitCodeOnExecutionException = 1)
public final class BenchCommand implements Callable<Integer> {

    private static final double HEAP_BUDGET_MB = 1500;

    /** A measurement; {@code processor} seconds of all threads. */
    private record Cost(String what, double voxelVolumes, double seconds, double processor) {

        double nanosPerVoxel() {
            return processor * 1e9 / voxelVolumes;
        }
    }

    @Option(names = "--kind", paramLabel = "K", description = "Only bold, anat or dwi.")
    private @Nullable String only;

    @Option(
            names = "--no-growth",
            description =
                    "Leaves out the second part: half and all of the data once more, to show that cost is linear.")
    private boolean noGrowth;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Instead: series per minute of one worker, of N in one process and of N processes.")
    private int workers;

    @Option(names = "--child", hidden = true, description = "One of the processes of --workers, with its rounds.")
    private int child;

    private final List<Cost> growth = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(new CommandLine(new BenchCommand()).execute(args));
    }

    @Override
    public Integer call() throws IOException, MeasureException, InterruptedException {
        PrintWriter console = console();
        console.printf(
                "%d cores, heap at most %d MB, Java %s%n",
                Runtime.getRuntime().availableProcessors(), Runtime.getRuntime().maxMemory() >> 20, Runtime.version());
        Path folder = Files.createTempDirectory("datman-bench-");
        try {
            if (workers > 0 || child > 0) {
                shareWork(folder);
                return CommandLine.ExitCode.OK;
            }
            boolean within = true;
            if (wanted(QcKind.BOLD)) {
                within &= bold(folder);
            }
            if (wanted(QcKind.ANAT)) {
                within &= anat(folder);
            }
            if (wanted(QcKind.DWI)) {
                within &= dwi(folder);
            }
            if (!noGrowth) {
                printGrowth();
            }
            return within ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        } finally {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path p : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(p);
                }
            }
        }
    }

    /** Small series, as most of a session are: code outside the loops over voxels dominates their time. */
    private void shareWork(Path folder) throws IOException, InterruptedException {
        Grid large = Grid.axial(128, 128, 88, 2, 2, 2);
        Grid small = Grid.axial(64, 64, 36, 3.4, 3.4, 3.5);
        EpiSeries run =
                EpiSeries.of(small, 100).motion(Motion.walk(100, 0.02, 0.02, 1)).seed(1);
        Grid diffusion = Grid.axial(96, 96, 40, 2.3, 2.3, 3);
        List<MeasureRequest> round =
                List.of(epi(folder, small, 100, run), t1(folder, large), diffusion(folder, diffusion, 1));
        WorkersBench bench = new WorkersBench(console(), round);
        if (child > 0) {
            bench.child(child);
        } else {
            bench.run(workers, WorkersBench.childCommand());
        }
    }

    private PrintWriter console() {
        return spec.commandLine().getOut();
    }

    private boolean wanted(QcKind kind) {
        return (only == null || only.equals(kind.key())) && Measurement.kinds().contains(kind);
    }

    private boolean bold(Path folder) throws IOException, MeasureException {
        Grid grid = Grid.axial(64, 64, 36, 3.4, 3.4, 3.5);
        EpiSeries made =
                EpiSeries.of(grid, 200).motion(Motion.walk(200, 0.02, 0.02, 1)).seed(1);
        boolean within = budgeted("EPI 64x64x36x200", epi(folder, grid, 200, made), 25);
        if (!noGrowth) {
            grown("EPI 64x64x36x100", epi(folder, grid, 100, made), voxels(grid) * 100);
            grown("EPI 64x64x36x200", epi(folder, grid, 200, made), voxels(grid) * 200);
        }
        return within;
    }

    private static MeasureRequest epi(Path folder, Grid grid, int volumes, EpiSeries made) throws IOException {
        Path file = write(folder, "bold.nii.gz", grid, volumes, 2, made::volume);
        return MeasureRequest.of("bench", QcKind.BOLD, file).withSidecar(sidecar(folder));
    }

    private boolean anat(Path folder) throws IOException, MeasureException {
        Grid grid = Grid.axial(256, 256, 176, 1, 1, 1);
        boolean within = budgeted("T1 256x256x176", t1(folder, grid), 20);
        if (!noGrowth) {
            Grid half = Grid.axial(256, 256, 88, 1, 1, 2);
            grown("T1 256x256x88", t1(folder, half), voxels(half));
            grown("T1 256x256x176", t1(folder, grid), voxels(grid));
        }
        return within;
    }

    private static MeasureRequest t1(Path folder, Grid grid) throws IOException {
        float[] volume = Anatomy.of(grid).seed(1).volume();
        Path file = write(folder, "t1.nii.gz", grid, 1, 0, t -> volume);
        return MeasureRequest.of("bench", QcKind.ANAT, file).withSidecar(sidecar(folder));
    }

    private boolean dwi(Path folder) throws IOException, MeasureException {
        Grid grid = Grid.axial(128, 128, 60, 1.8, 1.8, 2.2);
        boolean within = budgeted("DWI 128x128x60x100", diffusion(folder, grid, 2), 60);
        if (!noGrowth) {
            grown("DWI 128x128x60x50", diffusion(folder, grid, 1), voxels(grid) * 50);
            grown("DWI 128x128x60x100", diffusion(folder, grid, 2), voxels(grid) * 100);
        }
        return within;
    }

    /** Five, 15 and 30 volumes of b 0, 1000 and 2000, times {@code times}. */
    private static MeasureRequest diffusion(Path folder, Grid grid, int times) throws IOException {
        DwiSeries made = DwiSeries.of(grid)
                .b0(5 * times)
                .shell(1000, 15 * times)
                .shell(2000, 30 * times)
                .seed(1);
        int volumes = 50 * times;
        Path file = write(folder, "dwi.nii.gz", grid, volumes, 8, made::volume);
        Path bval = folder.resolve("dwi.bval");
        Path bvec = folder.resolve("dwi.bvec");
        StringBuilder values = new StringBuilder();
        StringBuilder[] vectors = {new StringBuilder(), new StringBuilder(), new StringBuilder()};
        for (int t = 0; t < volumes; t++) {
            values.append(made.bvals()[t]).append(' ');
            for (int a = 0; a < 3; a++) {
                vectors[a].append(made.fslBvecs()[t][a]).append(' ');
            }
        }
        Files.writeString(bval, values + "\n");
        Files.writeString(bvec, vectors[0] + "\n" + vectors[1] + "\n" + vectors[2] + "\n");
        return MeasureRequest.of("bench", QcKind.DWI, file)
                .withGradients(bval, bvec)
                .withSidecar(sidecar(folder));
    }

    private boolean budgeted(String what, MeasureRequest request, double budget) throws MeasureException {
        List<MemoryPoolMXBean> heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
        System.gc();
        heap.forEach(MemoryPoolMXBean::resetPeakUsage);
        double cpu = cpuSeconds();
        long start = System.nanoTime();
        Measured measured = Measurement.measure(request);
        double drawn = (System.nanoTime() - start) / 1e9;
        ReportJson.write(measured.report());
        HtmlReport.of(measured.report(), measured.pictures());
        double seconds = (System.nanoTime() - start) / 1e9;
        cpu = cpuSeconds() - cpu;
        double megabytes =
                heap.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum() / 1048576.0;
        boolean within = seconds <= budget && megabytes <= HEAP_BUDGET_MB;
        PrintWriter console = console();
        console.printf(
                Locale.ROOT,
                "%n%s: %.2f s (budget %.0f s, processor time of all threads %.2f s), peak heap %.0f MB (budget %.0f MB) %s, verdict %s%n",
                what,
                seconds,
                budget,
                cpu,
                megabytes,
                HEAP_BUDGET_MB,
                within ? "ok" : "OVER",
                measured.report().verdict().level());
        for (Map.Entry<String, Double> stage : measured.stageSeconds().entrySet()) {
            console.printf(Locale.ROOT, "  %-16s %7.3f s%n", stage.getKey(), stage.getValue());
        }
        console.printf(Locale.ROOT, "  %-16s %7.3f s%n", "report", seconds - drawn);
        console.flush();
        return within;
    }

    private static double voxels(Grid grid) {
        return (double) grid.nx() * grid.ny() * grid.nz();
    }

    private void grown(String what, MeasureRequest request, double voxelVolumes) throws MeasureException {
        double cpu = cpuSeconds();
        long start = System.nanoTime();
        Measurement.measure(request);
        growth.add(new Cost(what, voxelVolumes, (System.nanoTime() - start) / 1e9, cpuSeconds() - cpu));
    }

    /** Pairs of half and all. */
    private void printGrowth() {
        PrintWriter console = console();
        console.printf("%nTwice the data, once the code is compiled:%n");
        console.printf(
                "  %-20s %14s %9s %12s %22s%n", "", "voxels x vols", "s", "processor s", "processor ns per voxel");
        for (int n = 0; n < growth.size(); n++) {
            Cost cost = growth.get(n);
            console.printf(
                    Locale.ROOT,
                    "  %-20s %14.0f %9.2f %12.2f %22.0f%s%n",
                    cost.what(),
                    cost.voxelVolumes(),
                    cost.seconds(),
                    cost.processor(),
                    cost.nanosPerVoxel(),
                    n % 2 == 0
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    "   x %.2f",
                                    cost.nanosPerVoxel() / growth.get(n - 1).nanosPerVoxel()));
        }
        console.flush();
    }

    /** Processor time of the process on all cores; on a busy machine it is more reliable than the wall clock. */
    private static double cpuSeconds() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean bean
                ? bean.getProcessCpuTime() / 1e9
                : Double.NaN;
    }

    private static Path sidecar(Path folder) throws IOException {
        return Files.writeString(folder.resolve("bench.json"), "{\"PhaseEncodingDirection\":\"j-\"}");
    }

    /** Writes 16-bit integers, as scanners store them. */
    private static Path write(Path folder, String name, Grid g, int volumes, double tr, IntFunction<float[]> volume)
            throws IOException {
        double[][] affine = new double[4][4];
        for (int v = 0; v < 16; v++) {
            affine[v / 4][v % 4] = g.affine()[v];
        }
        NiftiHeader header = volumes == 1
                ? NiftiHeader.of(NiftiDataType.INT16, affine, g.nx(), g.ny(), g.nz())
                : NiftiHeader.of(NiftiDataType.INT16, affine, g.nx(), g.ny(), g.nz(), volumes)
                        .withRepetitionTime(tr);
        Path file = folder.resolve(name);
        try (NiftiWriter writer = NiftiWriter.create(file, header)) {
            for (int t = 0; t < volumes; t++) {
                writer.writeVolume(volume.apply(t));
            }
        }
        return file;
    }
}
