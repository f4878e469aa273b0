package org.datman.local.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.RulePreview;
import org.datman.contracts.study.RulePreview.Known;
import org.datman.contracts.study.RulePreview.Totals;
import org.datman.contracts.study.StudyConfigurations;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code datman bench preview}: time of comparing a changed study text over many stored series, without the database. */
@Command(
        name = "bench-preview",
        description =
                "Prints how long a preview of changed rules takes over many known series, read from JSON as stored.",
        mixinStandardHelpOptions = true)
public final class PreviewBench implements Callable<Integer> {

    private static final int BATCH = 2_000;
    private static final int SERIES_OF_A_SESSION = 12;
    private static final double GOAL_SECONDS = 60;
    private static final double NANOS = 1e9;
    private static final long MIB = 1 << 20;

    @Spec
    private CommandSpec spec;

    @Option(names = "--series", defaultValue = "1000000", description = "Known series (default: ${DEFAULT-VALUE}).")
    private int count;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new PreviewBench()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        String text = text();
        StudyConfigurations now = read(text);
        // A tag has another name, and the series of another are measured otherwise.
        StudyConfigurations candidate =
                read(text.replaceFirst("(?m)^  T1:", "  T1W:").replace("QcType: dwi", "QcType: ignore"));
        RulePreview preview =
                new RulePreview(now, candidate.valid().values().iterator().next(), 10);
        List<SeriesDiscovered> kinds = TaggingBench.series();
        long begin = System.nanoTime();
        long generated = 0;
        List<Known> batch = new ArrayList<>(BATCH);
        for (int i = 0; i < count; i++) {
            long started = System.nanoTime();
            batch.add(known(kinds, i));
            generated += System.nanoTime() - started;
            if (batch.size() == BATCH || i == count - 1) {
                preview.addAll(batch);
                batch = new ArrayList<>(BATCH);
            }
        }
        double seconds = (System.nanoTime() - begin - generated) / NANOS;
        Totals totals = preview.totals();
        Runtime runtime = Runtime.getRuntime();
        out.printf(
                "%,d series, %d processors: %.1f s (goal %.0f s), %.1f s of processor time with making the series, heap in use %,d MiB%n",
                totals.series(),
                runtime.availableProcessors(),
                seconds,
                GOAL_SECONDS,
                processorSeconds(),
                (runtime.totalMemory() - runtime.freeMemory()) / MIB);
        out.println("Changes: " + totals.changes());
        return seconds < GOAL_SECONDS ? 0 : 1;
    }

    /** Processor time of this process so far, in s: on a busy machine the wall clock tells little. */
    private static double processorSeconds() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toMillis()
                / 1000.0;
    }

    private static Known known(List<SeriesDiscovered> kinds, int i) {
        int session = i / SERIES_OF_A_SESSION;
        String label = "REAL_LAB_%06d_01_01".formatted(session);
        SeriesDiscovered series = kinds.get(i % kinds.size())
                .withSession(new SessionRef("bench", "BENCH_E" + session))
                .withSubjectLabel(label.substring(0, 15))
                .withSessionLabel(label);
        return new Known(
                new String(EventJson.write(series), StandardCharsets.UTF_8), i % 3 == 0 ? "PASS" : "NEW", i % 2 == 0);
    }

    private static StudyConfigurations read(String text) {
        StudyConfigurations read = StudyConfigurations.ofText("REAL.yml", text.getBytes(StandardCharsets.UTF_8));
        if (!read.errors().isEmpty()) {
            throw new IllegalStateException(read.errors().toString());
        }
        return read;
    }

    private static String text() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                PreviewBench.class.getResourceAsStream("/demo-studies/REAL.yml"), "demo-studies/REAL.yml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
