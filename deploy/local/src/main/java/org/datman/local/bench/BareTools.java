package org.datman.local.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The same work by hand: each zip unpacked, its files digested and converted by the programs that everybody has. Two sessions at once, as the
 * export service has it.
 */
final class BareTools {

    /** In a folder with {@code series.zip}, its folders left out: dcm2niix looks five deep only. It compresses by itself, as it does for people. */
    private static final String SCRIPT =
            "mkdir in out && unzip -qqj series.zip -d in && find in -type f -exec sha256sum {} + >digests"
                    + " && dcm2niix -b y -ba y -z y -f i_%s_%e -o out in >log 2>&1 && ls out/*.nii.gz >/dev/null";

    private BareTools() {}

    /**
     * Runs it; the folder of each series is left with all files.
     *
     * @param sessions folders of series, each with {@code series.zip}, by session
     * @return wall time, ns
     */
    static long run(List<List<Path>> sessions, int workers) throws IOException, InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(workers);
        try {
            long begin = System.nanoTime();
            List<Future<?>> running = new ArrayList<>();
            for (List<Path> session : sessions) {
                running.add(pool.submit(() -> {
                    for (Path series : session) {
                        convert(series);
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
            return System.nanoTime() - begin;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private static void convert(Path series) throws IOException, InterruptedException {
        Path errors = series.resolve("errors");
        int code = new ProcessBuilder("sh", "-c", SCRIPT)
                .directory(series.toFile())
                .redirectErrorStream(true)
                .redirectOutput(errors.toFile())
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("unzip, sha256sum and dcm2niix ended with code " + code + ": "
                    + Files.readString(errors).strip());
        }
    }
}
