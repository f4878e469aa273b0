package org.datman.export.fixity;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.datman.contracts.archive.ExportIndex;
import org.datman.contracts.archive.ExportIndex.Entry;
import org.datman.contracts.archive.Segments;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.export.index.UnreadableIndex;
import org.datman.export.work.SessionLocks;
import org.datman.platform.archive.Archive;
import org.datman.platform.event.PermanentException;
import org.jboss.logging.Logger;

/**
 * One pass over all files of the export index: every file is read and its SHA-256 compared with the published one. It
 * stores its progress ({@code .datman/fixity.json}), so that it resumes after a restart or the next night; two services of one
 * archive never run a pass at the same time.
 */
final class FixityPass {

    /** Stage name in failures. */
    static final String STAGE = "fixity";

    private static final Logger LOG = Logger.getLogger(FixityPass.class);
    private static final String CURSOR = ".datman/fixity.json";
    private static final String LOCK = ".datman/fixity.lock";

    /** Path segments of an index file of one session: {@code .datman/series/<server>/<accession>/<scan>.json}. */
    private static final int SCAN_LEVEL = 5;

    private static final int NAMED = 3;

    private final Archive archive;
    private final SessionLocks locks;
    private final Consumer<ProcessingFailed> publisher;
    private final Pace pace;
    private final Clock clock;

    FixityPass(Archive archive, SessionLocks locks, Consumer<ProcessingFailed> publisher, Pace pace, Clock clock) {
        this.archive = archive;
        this.locks = locks;
        this.publisher = publisher;
        this.pace = pace;
        this.clock = clock;
    }

    /** Waits after this number of bytes was read, so that the archive's disks stay free for work. */
    @FunctionalInterface
    interface Pace {
        void after(long bytes) throws InterruptedException;
    }

    /**
     * Progress of the last pass.
     *
     * @param after index file that was checked last; empty at the beginning of a pass
     * @param finished when the last complete pass ended
     */
    record Cursor(String after, Optional<Instant> finished) {}

    /** Result of a run. */
    record Result(int checked, int drifted, boolean whole) {}

    /**
     * Continues where the last run stopped.
     *
     * @param longest time after which it stops until the next run
     */
    Result run(Duration longest) throws IOException, InterruptedException {
        if (!Files.isDirectory(archive.root().resolve(".datman"))) {
            // Nothing was exported yet, or the storage is unavailable: all files would seem to be missing.
            return new Result(0, 0, false);
        }
        try (FileChannel channel =
                        FileChannel.open(archive.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null
                    ? new Result(0, 0, false)
                    : locked(clock.instant().plus(longest));
        } catch (OverlappingFileLockException ofThisProcess) {
            return new Result(0, 0, false);
        }
    }

    private Result locked(Instant end) throws IOException, InterruptedException {
        Cursor cursor = cursor();
        int checked = 0;
        int drifted = 0;
        for (String index : ExportIndex.files(archive.root())) {
            if (index.compareTo(cursor.after()) <= 0) {
                continue;
            }
            if (!clock.instant().isBefore(end)) {
                return new Result(checked, drifted, false);
            }
            try {
                Optional<Entry> entry = ExportIndex.read(archive.root(), index);
                if (entry.isPresent()) {
                    checked += entry.get().files().size();
                    drifted += check(index, entry.get());
                }
            } catch (JsonProcessingException damaged) {
                LOG.warnf("The export index cannot be read file=%s", index);
                publishFailure(unreadable(index, damaged.getOriginalMessage()));
            }
            write(new Cursor(index, cursor.finished()));
        }
        write(new Cursor("", Optional.of(clock.instant())));
        return new Result(checked, drifted, true);
    }

    private int check(String index, Entry entry) throws IOException, InterruptedException {
        boolean any = false;
        for (FileRef file : entry.files()) {
            any |= drift(file).isPresent();
            pace.after(file.size());
        }
        if (!any) {
            return 0;
        }
        // It may have been exported again in the meantime: the index is read again under the lock.
        List<String> drifts = new ArrayList<>();
        locks.holding(entry.session(), () -> {
            for (FileRef file :
                    ExportIndex.read(archive.root(), index).map(Entry::files).orElse(List.of())) {
                drift(file).ifPresent(drifts::add);
            }
        });
        if (!drifts.isEmpty()) {
            LOG.warnf(
                    "Files differ from their published state session=%s scan=%s files=%d",
                    entry.session().identity(), entry.findScan().orElse(""), drifts.size());
            publishFailure(failure(entry, drifts));
        }
        return drifts.size();
    }

    private void publishFailure(ProcessingFailed failed) {
        try {
            publisher.accept(failed);
        } catch (PermanentException refused) {
            // Otherwise this pass would end here, and the next one too.
            LOG.errorf("A failure cannot be published failure=%s error=%s", failed.identity(), refused.getMessage());
        }
    }

    private ProcessingFailed failure(Entry entry, List<String> drifts) {
        return ProcessingFailedBuilder.builder()
                .service("export")
                .stage(STAGE)
                .kind(ProcessingFailed.Kind.PERMANENT)
                .attempts(1)
                .reason(
                        new Reason(
                                "files-changed",
                                drifts.size() + " exported file(s) differ from their published state: "
                                        + drifts.stream().limit(NAMED).collect(Collectors.joining("; "))
                                        + (drifts.size() > NAMED ? " …" : ""),
                                "Press 'Reprocess': the files are made from the DICOM files on the server again; find out who or what changed them"))
                .time(clock.instant())
                .session(Optional.of(entry.session()))
                .scan(entry.findScan())
                .cause(Optional.of(
                        entry.findScan().isPresent()
                                ? "files of the scan"
                                : entry.files().get(0).path()))
                .build();
    }

    private ProcessingFailed unreadable(String index, String problem) {
        Path file = Path.of(index);
        boolean ofScan = index.startsWith(ExportIndex.SERIES + "/") && file.getNameCount() == SCAN_LEVEL;
        return ProcessingFailedBuilder.builder()
                .service("export")
                .stage(STAGE)
                .kind(ProcessingFailed.Kind.PERMANENT)
                .attempts(1)
                .reason(UnreadableIndex.reason(
                        file.getFileName() + ", by which the exported files are checked,", String.valueOf(problem)))
                .time(clock.instant())
                .session(session(file))
                .scan(ofScan ? UnreadableIndex.scanOf(file) : Optional.empty())
                .cause(Optional.of(index))
                .build();
    }

    /** The session of the folder of an index file. */
    private static Optional<SessionRef> session(Path index) {
        try {
            return index.getNameCount() == SCAN_LEVEL
                    ? Optional.of(new SessionRef(
                            Segments.id(index.getName(2).toString()),
                            Segments.id(index.getName(3).toString())))
                    : Optional.empty();
        } catch (IllegalArgumentException ofSomebodyElse) {
            return Optional.empty();
        }
    }

    /** The fault of a file, as text. */
    private Optional<String> drift(FileRef file) {
        try {
            return archive.verify(file).map(difference -> file.path() + " " + difference.text());
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of(file.path() + " cannot be read");
        }
    }

    private Cursor cursor() throws IOException {
        try {
            return EventJson.mapper().readValue(Files.readAllBytes(archive.resolve(CURSOR)), Cursor.class);
        } catch (NoSuchFileException first) {
            return new Cursor("", Optional.empty());
        } catch (JsonProcessingException unreadable) {
            LOG.warnf(
                    "The progress of the last pass cannot be read; it starts from the beginning error=%s",
                    unreadable.getOriginalMessage());
            return new Cursor("", Optional.empty());
        }
    }

    private void write(Cursor cursor) throws IOException {
        archive.write(FileRole.STATE, CURSOR, EventJson.mapper().writeValueAsBytes(cursor));
    }
}
