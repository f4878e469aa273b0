package org.datman.local.provenance;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.contracts.archive.Defaced;
import org.datman.contracts.archive.ExportIndex;
import org.datman.contracts.archive.Fixity;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.provenance.Provenance;
import org.datman.contracts.provenance.QcProvenance;
import org.jspecify.annotations.Nullable;

/**
 * What was published at one time: images, associated files and numbers, with their digests and inputs. Either the list that
 * {@code datman release} wrote (text, tab-separated, gzip, sorted by item and path), or an archive as it is now.
 */
public final class Release implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final Iterator<String> lines;
    private final AutoCloseable source;
    private final @Nullable Path archive;

    private Release(Iterator<String> lines, AutoCloseable source, @Nullable Path archive) {
        this.lines = lines;
        this.source = source;
        this.archive = archive;
    }

    /**
     * Opens a release.
     *
     * @param from a list, or an archive
     * @throws IOException when it is neither
     */
    public static Release open(Path from) throws IOException {
        if (Files.isDirectory(from)) {
            Path archive = from.toAbsolutePath().normalize();
            SortedLines lines = list(archive, "", null);
            return new Release(lines.sorted(), lines, archive);
        }
        BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(from), BUFFER), StandardCharsets.UTF_8),
                BUFFER);
        String header = reader.readLine();
        if (!ReleaseFile.HEADER.equals(header)) {
            reader.close();
            throw new IOException(from + " is no list of a release; './datman release' writes one");
        }
        return new Release(reader.lines().iterator(), reader, null);
    }

    /**
     * Writes the list of an archive.
     *
     * @param study only this one; empty for all
     * @param replace whether a list that is there is replaced
     * @return number of files
     * @throws IOException when no file is published, or the target is there; it is as before then
     */
    public static int write(Path archive, String study, Path target, boolean replace) throws IOException {
        return write(archive, study, target, replace, null);
    }

    /**
     * Writes the list of what may leave the lab: of tags that a study defaces the images without the face, and of everything else
     * NIfTI, sidecars, gradients and metrics.
     *
     * @param leftOut gets the stems of images without a usable defaced form, with the reason
     * @return number of files
     * @throws IOException as above, and when a study has no rule that defaces
     */
    public static int writeDefaced(
            Path archive, String study, Path target, boolean replace, Map<String, String> leftOut) throws IOException {
        Path root = archive.toAbsolutePath().normalize();
        return write(root, study, target, replace, new Leaving(new DefacedImages(root), leftOut));
    }

    /** A list of what may leave the lab; what may not is added to those left out. */
    private record Leaving(DefacedImages images, Map<String, String> leftOut) {}

    private static int write(Path archive, String study, Path target, boolean replace, @Nullable Leaving leaving)
            throws IOException {
        if (!replace && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(target + " is there already; give another name, or --replace");
        }
        try (SortedLines lines = list(archive.toAbsolutePath().normalize(), study, leaving)) {
            if (lines.count() == 0 && leaving != null && !leaving.leftOut().isEmpty()) {
                throw new IOException("No image may be in the list; " + target + " was not written");
            }
            return write(lines, archive, study, target, replace);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static int write(SortedLines lines, Path archive, String study, Path target, boolean replace)
            throws IOException {
        if (lines.count() == 0) {
            throw new IOException("The archive " + archive + " has no published file"
                    + (study.isEmpty() ? "" : " of a study '" + study + "'"));
        }
        // Beside it first: a full disk must not cost the list of before.
        Path beside = target.resolveSibling(target.getFileName() + ".partial");
        try {
            write(lines.sorted(), beside);
            if (replace) {
                Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.move(beside, target);
            }
        } finally {
            Files.deleteIfExists(beside);
        }
        return Math.toIntExact(lines.count());
    }

    /** Writes lines that are in order. */
    static int write(Iterator<String> lines, Path target) throws IOException {
        int count = 0;
        try (BufferedWriter out = new BufferedWriter(new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(target), BUFFER), StandardCharsets.UTF_8))) {
            out.write(ReleaseFile.HEADER);
            out.write('\n');
            while (lines.hasNext()) {
                out.write(lines.next());
                out.write('\n');
                count++;
            }
        }
        return count;
    }

    /** Its lines, in order. */
    Iterator<String> lines() {
        return lines;
    }

    /** The record of an image; empty for a list, which has only the digests. */
    Optional<Provenance> record(List<ReleaseFile> files) throws IOException {
        if (archive == null) {
            return Optional.empty();
        }
        for (ReleaseFile file : files) {
            if (file.role().equals(FileRole.PROVENANCE.key())) {
                return Optional.of(EventJson.mapper()
                        .readValue(Fixity.resolve(archive, file.path()).toFile(), Provenance.class));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        try {
            source.close();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** The lines of an archive, sorted. */
    private static SortedLines list(Path archive, String study, @Nullable Leaving leaving) throws IOException {
        if (!ArchiveMark.isThere(archive)) {
            throw new IOException(ArchiveMark.away(archive));
        }
        SortedLines lines = new SortedLines();
        boolean whole = false;
        try {
            list(archive, study, lines, leaving);
            whole = true;
            return lines;
        } finally {
            if (!whole) {
                lines.close();
            }
        }
    }

    private static void list(Path archive, String study, SortedLines lines, @Nullable Leaving leaving)
            throws IOException {
        for (String index : ExportIndex.files(archive)) {
            try {
                ExportIndex.read(archive, index)
                        .filter(entry -> study.isEmpty() || entry.study().equals(study))
                        .ifPresent(entry -> add(archive, entry, lines, leaving));
            } catch (JsonProcessingException damaged) {
                throw new IOException(
                        index + " in the archive cannot be read: " + damaged.getOriginalMessage()
                                + "; the dashboard's inbox says what to do",
                        damaged);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
    }

    private static void add(Path archive, ExportIndex.Entry entry, SortedLines lines, @Nullable Leaving leaving) {
        try {
            for (FileRef file : entry.files()) {
                if (file.role() == FileRole.RESOURCE && leaving == null) {
                    lines.add(row(file.path(), file, "", "", "", "", "", "").line());
                } else if (file.role() == FileRole.PROVENANCE) {
                    image(archive, entry, file, lines, leaving);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void image(
            Path archive, ExportIndex.Entry entry, FileRef recordFile, SortedLines lines, @Nullable Leaving leaving)
            throws IOException {
        Provenance record = readRecord(archive, recordFile);
        String rule = DigestUtils.sha256Hex(record.naming().tag()
                        + record.naming().explanation().stream()
                                .filter(one -> one.matched()
                                        && one.tag().equals(record.naming().tag()))
                                .flatMap(one -> one.clauses().stream())
                                .map(clause -> clause.field() + " " + clause.expected())
                                .toList())
                .substring(0, 12);
        String program =
                record.conversion().map(c -> c.program() + " " + c.version()).orElse("");
        String options =
                record.conversion().map(Provenance.Conversion::parameters).orElse("");
        String software = record.run().software().orElse("");
        Map<String, FileRef> files = new LinkedHashMap<>();
        record.files().forEach(file -> files.put(file.path(), file));
        entry.files().stream()
                .filter(file -> ArchivePlace.of(file.path())
                        .filter(place -> record.stem().equals(place.stem()))
                        .isPresent())
                .forEach(file -> files.put(file.path(), file));
        files.put(recordFile.path(), recordFile);
        if (leaving != null) {
            files.values().removeIf(file -> !DefacedImages.FILES.contains(file.role()));
            if (leaving.images().shows(record)) {
                Optional<Defaced> defaced = leaving.images().find(record);
                if (defaced.isEmpty()) {
                    leaving.leftOut().put(record.stem(), DefacedImages.NOT_DEFACED);
                    return;
                }
                files.values().removeIf(file -> file.role() == FileRole.NIFTI);
                lines.add(row(
                                record.stem(),
                                defaced.get().defaced(),
                                defaced.get().original().sha256(),
                                rule,
                                record.naming().configRevision(),
                                defaced.get().tool() + " " + defaced.get().toolVersion(),
                                defaced.get().descriptorSha256(),
                                software)
                        .line());
            }
        }
        for (FileRef file : files.values()) {
            lines.add(row(
                            record.stem(),
                            file,
                            record.source().sha256(),
                            rule,
                            record.naming().configRevision(),
                            program,
                            options,
                            software)
                    .line());
        }
        Path qc = Fixity.resolve(
                archive,
                entry.study() + "/qc/" + record.naming().sessionName() + "/" + record.stem() + "/"
                        + QcProvenance.FILE_NAME);
        if (Files.exists(qc)) {
            QcProvenance result = EventJson.mapper().readValue(Files.readAllBytes(qc), QcProvenance.class);
            for (FileRef file : result.outputs()) {
                if (file.role() == FileRole.METRICS) {
                    lines.add(row(
                                    record.stem(),
                                    file,
                                    result.inputSha256(),
                                    DigestUtils.sha256Hex(new TreeMap<>(result.limits()).toString())
                                            .substring(0, 12),
                                    result.configRevision(),
                                    result.tool(),
                                    result.kind(),
                                    "")
                            .line());
                }
            }
        }
    }

    private static Provenance readRecord(Path archive, FileRef recordFile) throws IOException {
        try {
            byte[] record = Files.readAllBytes(Fixity.resolve(archive, recordFile.path()));
            if (!DigestUtils.sha256Hex(record).equals(recordFile.sha256())) {
                throw new IOException(
                        recordFile.path() + " is not as it was published; './datman verify' names all such files");
            }
            return EventJson.mapper().readValue(record, Provenance.class);
        } catch (NoSuchFileException gone) {
            throw new IOException(
                    recordFile.path() + " is missing in the archive; './datman verify' names all such files", gone);
        }
    }

    private static ReleaseFile row(
            String item,
            FileRef file,
            String source,
            String rule,
            String revision,
            String program,
            String options,
            String software) {
        return new ReleaseFile(
                item,
                file.path(),
                file.role().key(),
                file.sha256(),
                Long.toString(file.size()),
                source,
                rule,
                revision,
                program,
                options,
                software);
    }
}
