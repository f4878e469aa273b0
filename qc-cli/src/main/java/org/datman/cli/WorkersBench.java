package org.datman.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.datman.metrics.Measured;
import org.datman.metrics.Measurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.plots.report.HtmlReport;
import org.datman.plots.report.ReportJson;

/**
 * Series per minute of one worker, of several in one process, and of as many processes with one each. Each measurement uses all cores for its
 * loops already, so several workers only gain what the serial parts leave idle.
 */
final class WorkersBench {

    private static final int ROUNDS = 4;

    private final PrintWriter console;
    private final List<MeasureRequest> requests;

    /** @param requests of one round, read and measured again in each */
    WorkersBench(PrintWriter console, List<MeasureRequest> requests) {
        this.console = console;
        this.requests = List.copyOf(requests);
    }

    /** Prints a line for each way of sharing the work. */
    void run(int workers, List<String> child) throws IOException, InterruptedException {
        // Once for the compiler.
        measure(1, 1);
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        console.printf(
                Locale.ROOT,
                "%n%d series of %s, on %d cores, load before %.1f:%n",
                ROUNDS * requests.size(),
                requests.stream().map(MeasureRequest::kind).distinct().toList(),
                Runtime.getRuntime().availableProcessors(),
                load);
        double alone = report("1 worker", measure(1, ROUNDS), 0);
        report(workers + " workers in one process", measure(workers, ROUNDS), alone);
        report(workers + " processes, one worker each", processes(workers, child), alone);
    }

    /** Measures some rounds here and prints the seconds, for {@link #processes}. */
    void child(int rounds) {
        measure(1, 1);
        console.println("ready");
        console.flush();
        try {
            if (System.in.read() < 0) {
                return;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        measure(1, rounds);
        console.println("done");
        console.flush();
    }

    private double report(String what, double seconds, double alone) {
        double perMinute = 60.0 * ROUNDS * requests.size() / seconds;
        console.printf(
                Locale.ROOT,
                "  %-30s %7.1f s  %6.1f series per minute%s%n",
                what,
                seconds,
                perMinute,
                alone == 0 ? "" : String.format(Locale.ROOT, "   x %.2f", perMinute / alone));
        console.flush();
        return perMinute;
    }

    private double measure(int workers, int rounds) {
        AtomicInteger next = new AtomicInteger();
        int all = rounds * requests.size();
        ExecutorService pool = Executors.newFixedThreadPool(workers);
        long start = System.nanoTime();
        try {
            List<Future<Integer>> done = new ArrayList<>();
            for (int w = 0; w < workers; w++) {
                done.add(pool.submit(() -> {
                    int n = next.getAndIncrement();
                    for (; n < all; n = next.getAndIncrement()) {
                        Measured measured = Measurement.measure(requests.get(n % requests.size()));
                        ReportJson.write(measured.report());
                        HtmlReport.of(measured.report(), measured.pictures());
                    }
                    return n;
                }));
            }
            for (Future<Integer> one : done) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a measurement of the bench failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            pool.shutdownNow();
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** The rounds are shared out; from the moment when all are warm until the last is done. */
    private double processes(int count, List<String> child) throws IOException, InterruptedException {
        List<Process> all = new ArrayList<>();
        try {
            for (int p = 0; p < count; p++) {
                List<String> command = new ArrayList<>(child);
                command.add("--child");
                command.add(Integer.toString(ROUNDS / count + (p < ROUNDS % count ? 1 : 0)));
                all.add(new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
            }
            for (Process one : all) {
                await(one, "ready");
            }
            long start = System.nanoTime();
            for (Process one : all) {
                one.getOutputStream().write('\n');
                one.getOutputStream().flush();
            }
            for (Process one : all) {
                await(one, "done");
            }
            return (System.nanoTime() - start) / 1e9;
        } finally {
            all.forEach(Process::destroy);
        }
    }

    private static void await(Process process, String word) throws IOException {
        BufferedReader lines = process.inputReader();
        for (String line = lines.readLine(); !word.equals(line); line = lines.readLine()) {
            if (line == null) {
                throw new IOException("a process of the bench ended before it was " + word);
            }
        }
    }

    /** How this program is started once more, with the same heap and class path. */
    static List<String> childCommand() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + (Runtime.getRuntime().maxMemory() >> 20) + "m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                BenchCommand.class.getName());
    }
}
