package org.datman.local.provenance;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.contracts.archive.ExportIndex;
import org.datman.contracts.archive.Fixity;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.provenance.QcProvenance;

/** Reads all files that are published, with the results of quality control on them, and compares their digests. */
public final class ArchiveCheck {

    private static final String METRICS = "metrics.json";

    private final Path archive;
    private final Consumer<String> differences;
    private final Pace pace;
    private int files;
    private long bytes;
    private int different;

    private ArchiveCheck(Path archive, Consumer<String> differences, Pace pace) {
        this.archive = archive;
        this.differences = differences;
        this.pace = pace;
    }

    /**
     * The result.
     *
     * @param different files that are not as published, and records and index files that cannot be read
     */
    public record Result(int files, long bytes, int different) {}

    /**
     * How far a check is.
     *
     * @param after index file that was checked last; empty at the beginning
     * @param files that were read, in all runs
     * @param bytes that were read
     * @param different files that were not as published
     */
    public record Position(String after, int files, long bytes, int different) {

        /** Of a check that begins. */
        public static final Position BEGINNING = new Position("", 0, 0, 0);
    }

    /** Waits after so many bytes were read, so that the disks of the archive stay free for work. */
    @FunctionalInterface
    public interface Pace {
        void after(long bytes);
    }

    /** Gets how far it is, after each index file. */
    @FunctionalInterface
    public interface Progress {
        void at(Position position, int done, int of) throws IOException;
    }

    /**
     * Checks an archive.
     *
     * @param archive absolute and normalised
     * @param study only this one; empty for all
     * @param differences gets a line for each file that is not as published
     */
    public static Result of(Path archive, String study, Consumer<String> differences) throws IOException {
        return of(archive, study, Position.BEGINNING, differences, bytes -> {}, (position, done, of) -> {});
    }

    /**
     * The same, from where an earlier check was.
     *
     * @param from where it begins; what was found before is in the result
     */
    public static Result of(
            Path archive, String study, Position from, Consumer<String> differences, Pace pace, Progress progress)
            throws IOException {
        if (!ArchiveMark.isThere(archive)) {
            throw new IOException(ArchiveMark.away(archive));
        }
        ArchiveCheck check = new ArchiveCheck(archive, differences, pace);
        check.files = from.files();
        check.bytes = from.bytes();
        check.different = from.different();
        List<String> all = ExportIndex.files(archive);
        int done = 0;
        for (String index : all) {
            done++;
            if (index.compareTo(from.after()) <= 0) {
                continue;
            }
            try {
                Optional<ExportIndex.Entry> entry = ExportIndex.read(archive, index)
                        .filter(one -> study.isEmpty() || one.study().equals(study));
                if (entry.isPresent()) {
                    check.entry(entry.get());
                }
            } catch (IOException unreadable) {
                check.unreadable(index, unreadable);
            }
            progress.at(new Position(index, check.files, check.bytes, check.different), done, all.size());
        }
        return new Result(check.files, check.bytes, check.different);
    }

    private void entry(ExportIndex.Entry entry) {
        entry.files().forEach(this::file);
        for (FileRef file : entry.files()) {
            Optional<ArchivePlace> place = ArchivePlace.of(file.path());
            if (file.role() == FileRole.PROVENANCE && place.isPresent()) {
                ArchivePlace of = place.get();
                results(of.study() + "/qc/" + of.session() + "/" + of.stem() + "/");
            }
        }
    }

    private void file(FileRef file) {
        files++;
        bytes += file.size();
        try {
            Fixity.verify(archive, file).ifPresent(difference -> report(file.path() + " " + difference.text()));
        } catch (IllegalArgumentException outside) {
            report(String.valueOf(outside.getMessage()));
        } catch (IOException unreadable) {
            unreadable(file.path(), unreadable);
        }
        pace.after(file.size());
    }

    /** The files of a result of quality control, as the provenance beside them lists them. */
    private void results(String folder) {
        String path = folder + QcProvenance.FILE_NAME;
        try {
            EventJson.mapper()
                    .readValue(Files.readAllBytes(archive.resolve(path)), QcProvenance.class)
                    .outputs()
                    .forEach(this::file);
        } catch (NoSuchFileException none) {
            if (Files.exists(archive.resolve(folder + METRICS))) {
                report(path + " is missing: what was published as " + folder + METRICS + " is not known");
            }
        } catch (IOException unreadable) {
            unreadable(path, unreadable);
        }
    }

    private void unreadable(String path, IOException e) {
        report(path + " cannot be read: "
                + (e instanceof JsonProcessingException damaged ? damaged.getOriginalMessage() : e.toString()));
    }

    private void report(String difference) {
        different++;
        differences.accept(difference);
    }
}
