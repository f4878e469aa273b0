package org.datman.local.provenance;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
    private int files;
    private long bytes;
    private int different;

    private ArchiveCheck(Path archive, Consumer<String> differences) {
        this.archive = archive;
        this.differences = differences;
    }

    /**
     * The result.
     *
     * @param different files that are not as published, and records and index files that cannot be read
     */
    public record Result(int files, long bytes, int different) {}

    /**
     * Checks an archive.
     *
     * @param archive absolute and normalised
     * @param study only this one; empty for all
     * @param differences gets a line for each file that is not as published
     */
    public static Result of(Path archive, String study, Consumer<String> differences) throws IOException {
        if (!ArchiveMark.isThere(archive)) {
            throw new IOException(ArchiveMark.away(archive));
        }
        ArchiveCheck check = new ArchiveCheck(archive, differences);
        for (String index : ExportIndex.files(archive)) {
            try {
                Optional<ExportIndex.Entry> entry = ExportIndex.read(archive, index)
                        .filter(one -> study.isEmpty() || one.study().equals(study));
                if (entry.isPresent()) {
                    check.entry(entry.get());
                }
            } catch (IOException unreadable) {
                check.unreadable(index, unreadable);
            }
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
