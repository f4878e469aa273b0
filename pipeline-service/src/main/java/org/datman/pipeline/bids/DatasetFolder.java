package org.datman.pipeline.bids;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.datman.bids.schema.BidsSchema;
import org.datman.bids.validation.BidsValidator;
import org.datman.bids.validation.Finding;
import org.datman.bids.validation.FindingSeverity;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRole;
import org.datman.platform.archive.Archive;

/**
 * A study dataset in the archive: {@code <STUDY>/bids} or {@code <STUDY>/bids-phantoms}. A session is built and validated in a dot folder beside
 * the dataset and then renamed into it, so that readers see the whole session or none. Every step may be interrupted and done again: what an
 * interrupted one left is put back or removed when the same session is written the next time.
 *
 * <p>Not for two threads at a time that publish into one dataset.
 */
final class DatasetFolder {

    /** Holds what is being written; validators do not look into folders that begin with a dot. */
    private static final String WORK = ".work";

    /** Begins the name of a session folder that was moved away for its replacement. */
    private static final String OLD = "old-";

    /** In each session folder: the files that DATMAN wrote, with their digests. All others belong to people. */
    private static final String MANIFEST = ".datman.json";

    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private final Archive archive;
    private final DatasetFiles files;
    private final String place;
    private final Path root;

    /** @param dataset {@code bids} or {@code bids-phantoms} */
    DatasetFolder(Archive archive, String study, String dataset, String version) {
        this.archive = archive;
        this.files = new DatasetFiles(study, dataset.equals("bids-phantoms"), version);
        this.place = study + "/" + dataset;
        this.root = archive.resolve(place);
    }

    /** A session that is ready to appear. Closing it removes what was built and not published. */
    record Prepared(SessionPlan plan, Path stage) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            delete(stage);
        }
    }

    /** A session that is not valid for a reason that no image of it has. */
    static final class InvalidSessionException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidSessionException(String message) {
            super(message);
        }
    }

    /**
     * Builds the files of a session and validates them. Images that break the standard are left out, with what the validator found, so that
     * one of them does not hold up the others.
     */
    Prepared prepare(BidsSession session) throws IOException, InvalidSessionException {
        archive.requireThere();
        Map<String, String> refused = new HashMap<>();
        while (true) {
            SessionPlan plan = BidsPlanner.plan(session, refused);
            Path stage = root.resolve(WORK).resolve(UUID.randomUUID().toString());
            boolean ready = false;
            try {
                if (plan.isEmpty() || isPublished(plan)) {
                    ready = true;
                } else {
                    build(stage, plan);
                    Map<String, String> found = faults(stage.resolve(DatasetFiles.RAW), plan);
                    ready = found.isEmpty();
                    refused.putAll(found);
                }
                if (ready) {
                    return new Prepared(plan, stage);
                }
            } finally {
                if (!ready) {
                    delete(stage);
                }
            }
        }
    }

    /** Lets a prepared session appear, or replaces the one of before; a session without any image goes. */
    void publish(Prepared prepared) throws IOException {
        SessionPlan plan = prepared.plan();
        String folder = plan.session().folder();
        if (plan.isEmpty()) {
            remove(folder);
            return;
        }
        for (String dataset : List.of(DatasetFiles.RAW, DatasetFiles.QC)) {
            putBack(dataset, folder);
            Path built = prepared.stage().resolve(dataset).resolve(folder);
            if (Files.isDirectory(built)) {
                replace(dataset, folder, built);
            }
        }
    }

    /** Removes a session. Files of people that were in it are kept in {@code sourcedata/removed}. */
    void remove(String folder) throws IOException {
        archive.requireThere();
        for (String dataset : List.of(DatasetFiles.RAW, DatasetFiles.QC)) {
            putBack(dataset, folder);
            Path target = root.resolve(dataset).resolve(folder);
            if (Files.isDirectory(target)) {
                List<Path> foreign = foreign(target);
                Path kept = root.resolve("sourcedata/removed")
                        .resolve(UUID.randomUUID().toString());
                for (Path file : foreign) {
                    Path to = kept.resolve(dataset).resolve(folder).resolve(target.relativize(file));
                    createParent(to);
                    Files.move(file, to);
                }
                Path old = old(dataset, folder);
                createParent(old);
                Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
                delete(old);
            }
            removeEmptySubject(root.resolve(dataset).resolve(folder.substring(0, folder.indexOf('/'))));
        }
        Files.deleteIfExists(root.resolve(log(folder)));
    }

    /** Writes what is above the sessions, each file atomically and only when it has changed. */
    void writeTables(List<BidsSummary> sessions) throws IOException {
        Map<String, String> tables = new TreeMap<>(files.fixed());
        tables.putAll(files.tables(sessions));
        for (Map.Entry<String, String> table : tables.entrySet()) {
            writeIfChanged(table.getKey(), table.getValue());
        }
        Path passed = root.resolve(DatasetFiles.RAW).resolve("code/passed");
        try (DirectoryStream<Path> filters = Files.newDirectoryStream(passed, "sub-*_filter.json")) {
            for (Path filter : filters) {
                if (!tables.containsKey(DatasetFiles.RAW + "/code/passed/" + filter.getFileName())) {
                    Files.delete(filter);
                }
            }
        }
    }

    /** Removes what processes that were killed had built and not published; nothing is built for so long. */
    void removeLeft(Instant before) throws IOException {
        Path work = root.resolve(WORK);
        if (!Files.isDirectory(work)) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(
                work, each -> !each.getFileName().toString().startsWith(OLD))) {
            for (Path stage : left) {
                if (Files.getLastModifiedTime(stage).toInstant().isBefore(before)) {
                    delete(stage);
                }
            }
        }
    }

    /** Writes the provenance of a session. */
    void writeLog(SessionPlan plan, String configRevision) throws IOException {
        writeIfChanged(log(plan.session().folder()), BidsPlanner.provenance(plan, configRevision, files.version()));
    }

    private static String log(String folder) {
        return "logs/" + folder.replace('/', '_') + ".json";
    }

    private void writeIfChanged(String path, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Path file = root.resolve(path);
        if (!Archive.isFile(file) || !Arrays.equals(Files.readAllBytes(file), bytes)) {
            archive.write(FileRole.OTHER, place + "/" + path, bytes);
        }
    }

    /** Whether the dataset has exactly these files already. */
    private boolean isPublished(SessionPlan plan) throws IOException {
        return isThere(DatasetFiles.RAW, plan, plan.raw()) && isThere(DatasetFiles.QC, plan, plan.qc());
    }

    private boolean isThere(String dataset, SessionPlan plan, List<PlannedFile> planned) throws IOException {
        Path target = root.resolve(dataset).resolve(plan.session().folder());
        return manifest(target).equals(digests(planned))
                && planned.stream().allMatch(file -> Files.exists(target.resolve(file.path())));
    }

    private void build(Path stage, SessionPlan plan) throws IOException {
        Map<String, String> above = new TreeMap<>(files.fixed());
        above.putAll(files.tables(List.of(BidsSummary.of(plan))));
        for (Map.Entry<String, String> file : above.entrySet()) {
            write(stage.resolve(file.getKey()), file.getValue());
        }
        String folder = plan.session().folder();
        build(stage.resolve(DatasetFiles.RAW).resolve(folder), plan.raw());
        build(stage.resolve(DatasetFiles.QC).resolve(folder), plan.qc());
    }

    private void build(Path target, List<PlannedFile> planned) throws IOException {
        for (PlannedFile file : planned) {
            Path path = target.resolve(file.path());
            if (file.source() == null) {
                write(path, file.text());
            } else {
                link(archive.resolve(file.source().path()), path);
            }
        }
        write(
                target.resolve(MANIFEST),
                EventJson.mapper().valueToTree(digests(planned)).toPrettyString());
        try (Stream<Path> all = Files.walk(target)) {
            for (Path folder : all.filter(Files::isDirectory).toList()) {
                sync(folder);
            }
        }
    }

    private static Map<String, String> digests(List<PlannedFile> planned) {
        Map<String, String> digests = new TreeMap<>();
        planned.forEach(file -> digests.put(file.path(), file.sha256()));
        return digests;
    }

    /** What breaks the standard, by stem of the image. */
    private static Map<String, String> faults(Path dataset, SessionPlan plan)
            throws IOException, InvalidSessionException {
        Map<String, String> faults = new TreeMap<>();
        List<Finding> errors = new BidsValidator(dataset, BidsSchema.bundled(), true)
                .validate().findings().stream()
                        .filter(finding -> finding.severity() == FindingSeverity.ERROR)
                        .toList();
        for (Finding error : errors) {
            String place = error.location();
            String text = error.code() + (error.subCode().isEmpty() ? "" : " (" + error.subCode() + ")") + ": "
                    + error.message().strip();
            List<String> concerned = plan.images().stream()
                    .filter(image -> place.startsWith(
                            "/" + plan.session().folder() + "/" + image.path().withExtension(".")))
                    .map(image -> image.image().stem())
                    .toList();
            if (concerned.isEmpty()) {
                throw new InvalidSessionException(text + " at " + (place.isEmpty() ? "the dataset" : place));
            }
            concerned.forEach(stem -> faults.putIfAbsent(stem, text));
        }
        return faults;
    }

    private void replace(String dataset, String folder, Path built) throws IOException {
        Path target = root.resolve(dataset).resolve(folder);
        createParent(target);
        if (Files.isDirectory(target) && haveSameImages(target, built)) {
            Map<String, String> before = manifest(target);
            for (Map.Entry<String, String> file : manifest(built).entrySet()) {
                if (!file.getValue().equals(before.get(file.getKey()))) {
                    overwrite(built.resolve(file.getKey()), target.resolve(file.getKey()));
                }
            }
            overwrite(built.resolve(MANIFEST), target.resolve(MANIFEST));
        } else if (Files.isDirectory(target)) {
            for (Path file : foreign(target)) {
                Path to = built.resolve(target.relativize(file));
                if (!Files.exists(to)) {
                    createParent(to);
                    link(file, to);
                }
            }
            Path old = old(dataset, folder);
            Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
            Files.move(built, target, StandardCopyOption.ATOMIC_MOVE);
            syncParent(target);
            delete(old);
        } else {
            Files.move(built, target, StandardCopyOption.ATOMIC_MOVE);
            syncParent(target);
        }
    }

    /** Whether two folders have the same names, and differ in tables and sidecars at most: those can change one by one. */
    private static boolean haveSameImages(Path target, Path built) throws IOException {
        Map<String, String> before = manifest(target);
        Map<String, String> after = manifest(built);
        return before.keySet().equals(after.keySet())
                && after.entrySet().stream()
                        .allMatch(file -> Files.exists(target.resolve(file.getKey()))
                                && (file.getKey().endsWith(".json")
                                        || file.getKey().endsWith(".tsv")
                                        || file.getValue().equals(before.get(file.getKey()))));
    }

    private static void overwrite(Path source, Path target) throws IOException {
        Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncParent(target);
    }

    /** Ends a replacement that was interrupted: the old session is put back when no new one is there, else removed. */
    private void putBack(String dataset, String folder) throws IOException {
        Path old = old(dataset, folder);
        Path target = root.resolve(dataset).resolve(folder);
        if (!Files.exists(old)) {
            return;
        }
        if (Files.exists(target) || !Files.exists(old.resolve(MANIFEST))) {
            delete(old);
        } else {
            createParent(target);
            Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private Path old(String dataset, String folder) {
        return root.resolve(WORK).resolve(OLD + (dataset + "/" + folder).replace('/', '_'));
    }

    /** The files of a session folder that DATMAN did not write. */
    private static List<Path> foreign(Path target) throws IOException {
        Set<String> own = manifest(target).keySet();
        try (Stream<Path> all = Files.walk(target)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals(MANIFEST))
                    .filter(file ->
                            !own.contains(target.relativize(file).toString().replace('\\', '/')))
                    .toList();
        }
    }

    private static Map<String, String> manifest(Path target) throws IOException {
        Path file = target.resolve(MANIFEST);
        return Files.exists(file) ? EventJson.mapper().readValue(file.toFile(), TEXTS) : Map.of();
    }

    private static void removeEmptySubject(Path subject) throws IOException {
        if (!Files.isDirectory(subject)) {
            return;
        }
        List<Path> left = new ArrayList<>();
        try (Stream<Path> all = Files.list(subject)) {
            all.forEach(left::add);
        }
        Path table = subject.resolve(subject.getFileName() + "_sessions.tsv");
        if (left.isEmpty() || left.equals(List.of(table))) {
            Files.deleteIfExists(table);
            Files.delete(subject);
        }
    }

    private static void link(Path source, Path target) throws IOException {
        createParent(target);
        try {
            Files.createLink(target, source);
        } catch (NoSuchFileException gone) {
            throw gone;
        } catch (UnsupportedOperationException | FileSystemException noLinksHere) {
            Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
            sync(target);
        }
    }

    private static void write(Path file, String text) throws IOException {
        createParent(file);
        Files.writeString(file, text, StandardCharsets.UTF_8);
        sync(file);
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void createParent(Path path) throws IOException {
        Files.createDirectories(Objects.requireNonNull(path.getParent()));
    }

    private static void syncParent(Path path) throws IOException {
        sync(Objects.requireNonNull(path.getParent()));
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
