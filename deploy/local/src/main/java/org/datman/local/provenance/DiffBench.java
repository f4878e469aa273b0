package org.datman.local.provenance;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.io.FileUtils;

/** {@code datman bench diff}: the time to compare the lists of two releases of 20,000 sessions with six series each. */
public final class DiffBench {

    private static final int SERIES = 6;
    private static final double GOAL_SECONDS = 5;
    private static final int RUNS = 3;

    private DiffBench() {}

    /** Writes the lists, and compares them three times. */
    public static void main(String[] arguments) throws IOException {
        System.exit(run(arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000, System.out) ? 0 : 1);
    }

    /** Whether the slowest comparison was as quick as it should be. */
    static boolean run(int sessions, PrintStream out) throws IOException {
        Path folder = Files.createTempDirectory("datman-diff-bench-");
        try {
            Path before = folder.resolve("a.tsv.gz");
            Path after = folder.resolve("b.tsv.gz");
            int files = Release.write(lines(sessions, "v1.0.20250506", 0).iterator(), before);
            // One image in a hundred has other DICOM files, one in a hundred another converter.
            Release.write(lines(sessions, "v1.0.20260416", 100).iterator(), after);
            out.printf(
                    "%d sessions, %d files per release, %d MiB compressed%n",
                    sessions, files, Files.size(before) >> 20);
            double slowest = 0;
            for (int run = 0; run < RUNS; run++) {
                long start = System.nanoTime();
                long processor = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                long[] different = new long[1];
                ReleaseDiff.Result result;
                try (Release old = Release.open(before);
                        Release now = Release.open(after)) {
                    result = ReleaseDiff.of(old, now, change -> different[0]++);
                }
                double seconds = (System.nanoTime() - start) / 1e9;
                slowest = Math.max(slowest, seconds);
                double busy = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - processor) / 1e9;
                out.printf(
                        "%.2f s (%.2f s of a processor): %d the same, %d different%n",
                        seconds, busy, result.same(), different[0]);
            }
            out.printf("slowest %.2f s (goal %.0f s)%n", slowest, GOAL_SECONDS);
            return slowest <= GOAL_SECONDS;
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    private static List<String> lines(int sessions, String converter, int every) {
        Random random = new Random(7);
        List<String> lines = new ArrayList<>();
        for (int session = 0; session < sessions; session++) {
            String name = "SPN01_CMH_%04d_%02d_01".formatted(session / 20, session % 20 + 1);
            for (int series = 1; series <= SERIES; series++) {
                String stem = name + "_T1_%02d_Sag-T1-MPRAGE".formatted(series);
                long number = (long) session * SERIES + series;
                String source = digest(stem + (every > 0 && number % every == 1 ? "later" : ""));
                String program = "dcm2niix " + (every > 0 && number % every != 2 ? "v1.0.20250506" : converter);
                String[][] kinds = {
                    {"nii", ".nii.gz", "nifti"},
                    {"nii", ".json", "sidecar"},
                    {"dcm", ".dcm", "dicom"},
                    {"provenance", ".prov.json", "provenance"},
                    {"qc", "/metrics.json", "metrics"}
                };
                for (String[] kind : kinds) {
                    lines.add(new ReleaseFile(
                                    stem,
                                    "SPN01/" + kind[0] + "/" + name + "/" + stem + kind[1],
                                    kind[2],
                                    digest(source + program + kind[1]),
                                    Integer.toString(random.nextInt(10_000_000)),
                                    source,
                                    "0123456789ab",
                                    "ba9876543210",
                                    program,
                                    "-b y -ba y -z n -w 2 -p y -i n -f i_%s_%e gzip=4",
                                    "datman-export 0.1.0")
                            .line());
                }
            }
        }
        lines.sort(String::compareTo);
        return lines;
    }

    private static String digest(String text) {
        return DigestUtils.sha256Hex(text);
    }
}
