package org.datman.pipeline.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.datman.contracts.archive.RunningLog;
import org.datman.contracts.archive.RunningLog.Part;
import org.datman.contracts.archive.RunningLog.Progress;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRole;
import org.datman.pipeline.runner.JobRunner.Command;
import org.datman.platform.archive.Archive;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the end of the logs of one run in the archive while it runs; a run does not depend on whether that can be done, and does not wait for it:
 * an archive that hangs must not keep a run beyond its time limit.
 */
final class LiveLog implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(LiveLog.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final int LONGEST_WORDS = 100;
    private static final Pattern FRACTION = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?) ?(?:/|of) ?([0-9]{1,9})");
    private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,9})?) ?%?");

    private final Archive archive;
    private final Executor executor;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final Clock clock;
    private final Job job;
    private final Map<String, Path> files;
    private final @Nullable Pattern progress;
    private Instant next = Instant.MIN;
    private volatile List<Part> shown = List.of();
    private volatile boolean written;
    private volatile boolean warned;

    /**
     * @param executor runs one after the other what is handed to it
     * @param progress of the descriptor: its first group is what the tool says of its progress; null where it does not say how
     */
    LiveLog(Archive archive, Executor executor, Clock clock, Job job, Command command, @Nullable Pattern progress) {
        this.archive = archive;
        this.executor = executor;
        this.clock = clock;
        this.job = job;
        this.files = Map.of("stdout", command.stdout(), "stderr", command.stderr());
        this.progress = progress;
    }

    /** Shows what is new, at most every five seconds. */
    void show() {
        Instant now = clock.instant();
        if (now.isBefore(next) || !busy.compareAndSet(false, true)) {
            return;
        }
        next = now.plus(EVERY);
        executor.execute(() -> {
            try {
                write(now);
            } finally {
                busy.set(false);
            }
        });
    }

    private void write(Instant now) {
        try {
            List<Part> parts = new ArrayList<>();
            for (String name : List.of("stdout", "stderr")) {
                Part part = part(name, files.getOrDefault(name, Path.of(name)));
                if (part.size() > 0) {
                    parts.add(part);
                }
            }
            // Another worker that has lost the run may have removed it.
            if (!parts.equals(shown) || written && !Files.exists(archive.resolve(path()))) {
                // Before it is written: what was written in part is removed, too.
                written = true;
                archive.write(FileRole.STATE, path(), json(parts, now));
                shown = parts;
            }
        } catch (IOException | RuntimeException e) {
            if (!warned) {
                warned = true;
                LOG.warnf(
                        "The log of a run cannot be shown while it runs run=%s error=%s",
                        job.event().runKey(), e.getMessage());
            }
        }
    }

    private String path() {
        return RunningLog.path(job.event().session(), job.event().pipeline());
    }

    private byte[] json(List<Part> parts, Instant now) throws JsonProcessingException {
        return EventJson.mapper()
                .writeValueAsBytes(new RunningLog(
                        job.event().runKey(),
                        job.attempt(),
                        now,
                        parts,
                        progress == null ? Optional.empty() : progress(parts, progress)));
    }

    private static Part part(String name, Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return new Part(name, 0, "");
        }
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long size = log.length();
            byte[] end = new byte[(int) Math.min(size, RunningLog.LONGEST)];
            log.seek(size - end.length);
            log.readFully(end);
            return new Part(name, size, text(end));
        }
    }

    /** What is no UTF-8 is one character for each byte, so that sizes fit. */
    static String text(byte[] bytes) throws IOException {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)
                .replaceWith("?");
        return decoder.decode(ByteBuffer.wrap(bytes)).toString();
    }

    /** What was said last, of the log that says something. */
    static Optional<Progress> progress(List<Part> parts, Pattern pattern) {
        String last = null;
        for (Part part : parts) {
            Matcher matcher = pattern.matcher(part.end());
            String said = null;
            while (matcher.find()) {
                said = matcher.group(1);
            }
            last = said == null || said.isBlank() ? last : said;
        }
        return Optional.ofNullable(last)
                .map(said -> progress(RunningLog.plain(said).strip()));
    }

    private static Progress progress(String said) {
        String words = said.length() <= LONGEST_WORDS ? said : said.substring(0, LONGEST_WORDS) + "…";
        Matcher fraction = FRACTION.matcher(said);
        Matcher percent = PERCENT.matcher(said);
        Double number = null;
        if (fraction.matches() && Double.parseDouble(fraction.group(2)) > 0) {
            number = 100 * Double.parseDouble(fraction.group(1)) / Double.parseDouble(fraction.group(2));
        } else if (percent.matches()) {
            number = Double.parseDouble(percent.group(1));
        }
        return new Progress(Optional.ofNullable(number).filter(value -> value <= 100), words);
    }

    /** The run has ended, or another worker shows it. */
    @Override
    public void close() {
        // After what is being written.
        executor.execute(() -> {
            if (written) {
                remove(archive, job);
            }
        });
    }

    /** Removes what an earlier worker left. */
    static void remove(Archive archive, Job job) {
        try {
            Files.deleteIfExists(archive.resolve(
                    RunningLog.path(job.event().session(), job.event().pipeline())));
        } catch (IOException | RuntimeException e) {
            LOG.debugf(
                    "The log of a run that ended stays run=%s error=%s",
                    job.event().runKey(), e.getMessage());
        }
    }
}
