package org.datman.pipeline.bids;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.bids.schema.BidsSchema;
import org.datman.bids.validation.BidsValidator;
import org.datman.bids.validation.Finding;
import org.datman.bids.validation.FindingSeverity;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRole;
import org.datman.platform.archive.Archive;
import org.jboss.logging.Logger;

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

    /** In the dataset and in each session folder: the files that DATMAN wrote, with their digests. All others belong to people. */
    private static final String MANIFEST = ".datman.json";

    /** Where files of people are moved whose names DATMAN needs; validators do not look into it. */
    private static final String REMOVED = "sourcedata/removed";

    private static final Set<PosixFilePermission> WRITABLE =
            Set.of(PosixFilePermission.OWNER_WRITE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    /** How many errors of what came as BIDS a message has. */
    private static final int SHOWN = 5;

    private static final Logger LOG = Logger.getLogger(DatasetFolder.class);

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

    /** The folder of the dataset has files and no mark of DATMAN: it belongs to somebody else. */
    static final class ForeignDatasetException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ForeignDatasetException(String place) {
            super("The folder " + place + " of the archive was not written by DATMAN");
        }
    }

    /**
     * Makes sure that the dataset is DATMAN's own, absent or empty, before a write.
     *
     * @throws ForeignDatasetException when it is somebody else's: nothing in it is touched
     */
    private void requireOwn() throws IOException {
        archive.requireThere();
        if (Files.exists(root.resolve(MANIFEST))) {
            return;
        }
        if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
                throw new ForeignDatasetException(place);
            }
            // A name with a dot may be what a killed process left of the mark itself.
            try (Stream<Path> all = Files.list(root)) {
                if (all.anyMatch(each -> !each.getFileName().toString().startsWith("."))) {
                    throw new ForeignDatasetException(place);
                }
            }
        }
        writeManifest(Map.of());
    }

    private void writeManifest(Map<String, String> digests) throws IOException {
        archive.write(
                FileRole.OTHER,
                place + "/" + MANIFEST,
                EventJson.mapper().valueToTree(digests).toPrettyString().getBytes(StandardCharsets.UTF_8));
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
                    requireOwn();
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
        requireOwn();
        String kept = UUID.randomUUID().toString();
        for (String dataset : List.of(DatasetFiles.RAW, DatasetFiles.QC)) {
            putBack(dataset, folder);
            Path target = root.resolve(dataset).resolve(folder);
            if (Files.isDirectory(target)) {
                for (Path file : foreign(target)) {
                    moveAside(file, kept);
                }
                for (Path file : edited(target, Map.of())) {
                    moveAside(file, kept);
                }
                Path old = old(dataset, folder);
                createParent(old);
                Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
                discard(old);
            }
            removeEmptySubject(dataset, folder.substring(0, folder.indexOf('/')));
        }
        removeOwn(log(folder));
        for (String path : ProvenanceObjects.paths(folder)) {
            removeOwn(DatasetFiles.RAW + "/" + path);
        }
    }

    /** Moves a file of a person to where it is in nobody's way. */
    private void moveAside(Path file, String kept) throws IOException {
        Path to = root.resolve(REMOVED).resolve(kept).resolve(root.relativize(file));
        createParent(to);
        Files.move(file, to);
        LOG.infof("A file in a BIDS dataset that is not as DATMAN wrote it was moved aside from=%s to=%s", file, to);
    }

    /** Ends a replacement that was interrupted, so that the session of before is there. */
    void putBack(String folder) throws IOException {
        requireOwn();
        for (String dataset : List.of(DatasetFiles.RAW, DatasetFiles.QC)) {
            putBack(dataset, folder);
        }
    }

    /** Whether the files above the sessions are there. */
    boolean hasTables() {
        return Files.exists(root.resolve(MANIFEST))
                && files.tables(List.of()).keySet().stream().allMatch(path -> Files.exists(root.resolve(path)))
                && files.fixed().keySet().stream().allMatch(path -> Files.exists(root.resolve(path)));
    }

    /** Writes what is above the sessions, each file atomically and only when it has changed. */
    void writeTables(List<BidsSummary> sessions) throws IOException {
        requireOwn();
        Map<String, String> tables = new TreeMap<>(files.fixed());
        tables.putAll(files.tables(sessions));
        writeIfChanged(tables);
        String passed = DatasetFiles.RAW + "/code/passed/";
        for (String path : manifest(root).keySet()) {
            if (path.startsWith(passed) && !tables.containsKey(path)) {
                removeOwn(path);
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
                    tryToDelete(stage);
                }
            }
        }
    }

    /** Writes the provenance of a session. */
    void writeLog(SessionPlan plan, String configRevision) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        texts.put(log(plan.session().folder()), BidsPlanner.provenance(plan, configRevision, files.version()));
        ProvenanceObjects.of(plan, archive).forEach((path, text) -> texts.put(DatasetFiles.RAW + "/" + path, text));
        writeIfChanged(texts);
    }

    private static String log(String folder) {
        return "logs/" + folder.replace('/', '_') + ".json";
    }

    /** Writes files above the sessions. One that is not as DATMAN wrote it is moved aside before. */
    private void writeIfChanged(Map<String, String> texts) throws IOException {
        Map<String, String> before = manifest(root);
        Map<String, String> after = new TreeMap<>(before);
        String kept = UUID.randomUUID().toString();
        for (Map.Entry<String, String> each : texts.entrySet()) {
            String path = each.getKey();
            byte[] bytes = each.getValue().getBytes(StandardCharsets.UTF_8);
            String digest = DigestUtils.sha256Hex(bytes);
            Path file = root.resolve(path);
            String found = digest(file);
            if (!digest.equals(found)) {
                if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !found.equals(before.get(path))) {
                    moveAside(file, kept);
                }
                archive.write(FileRole.OTHER, place + "/" + path, bytes);
            }
            after.put(path, digest);
        }
        if (!after.equals(before)) {
            writeManifest(after);
        }
    }

    /** Removes a file above the sessions; one that is not as DATMAN wrote it is moved aside. */
    private void removeOwn(String path) throws IOException {
        Map<String, String> digests = new TreeMap<>(manifest(root));
        Path file = root.resolve(path);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            if (digest(file).equals(digests.get(path))) {
                Files.delete(file);
            } else {
                moveAside(file, UUID.randomUUID().toString());
            }
        }
        if (digests.remove(path) != null) {
            writeManifest(digests);
        }
    }

    /** SHA-256; empty for what is no regular file. */
    private static String digest(Path file) throws IOException {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                ? DigestUtils.sha256Hex(Files.readAllBytes(file))
                : "";
    }

    /** Whether the dataset has exactly these files already. */
    private boolean isPublished(SessionPlan plan) throws IOException {
        return isThere(DatasetFiles.RAW, plan, plan.raw()) && isThere(DatasetFiles.QC, plan, plan.qc());
    }

    private boolean isThere(String dataset, SessionPlan plan, List<PlannedFile> planned) throws IOException {
        Path target = root.resolve(dataset).resolve(plan.session().folder());
        if (!manifest(target).equals(digests(planned))) {
            return false;
        }
        for (PlannedFile file : planned) {
            Path there = target.resolve(file.path());
            boolean same = file.source() == null
                    ? file.sha256().equals(digest(there))
                    : isSame(archive.resolve(file.source().path()), there);
            if (!same) {
                return false;
            }
        }
        return true;
    }

    /** Whether one is a link to the other; copies, where the file system has no links, are compared by size. */
    private static boolean isSame(Path source, Path there) throws IOException {
        return Files.isRegularFile(there, LinkOption.NOFOLLOW_LINKS)
                && (Files.isSameFile(source, there) || Files.size(source) == Files.size(there));
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
                protect(path);
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

    /** What breaks the standard, by stem of the image; under the label of its folder for what came as BIDS, which is taken as a whole. */
    private static Map<String, String> faults(Path dataset, SessionPlan plan)
            throws IOException, InvalidSessionException {
        Map<String, String> faults = new TreeMap<>();
        List<String> supplied = new ArrayList<>();
        String prefix = "/" + plan.session().folder() + "/";
        List<Finding> errors = new BidsValidator(dataset, BidsSchema.bundled(), true)
                .validate().findings().stream()
                        .filter(finding -> finding.severity() == FindingSeverity.ERROR)
                        .toList();
        for (Finding error : errors) {
            String place = error.location();
            String text = error.code() + (error.subCode().isEmpty() ? "" : " (" + error.subCode() + ")") + ": "
                    + error.message().strip();
            List<String> concerned = plan.images().stream()
                    .filter(image -> place.startsWith(prefix) && image.owns(place.substring(prefix.length())))
                    .map(image -> image.image().stem())
                    .toList();
            Optional<TaskEvents> events = plan.session().events().stream()
                    .filter(each -> plan.run(each)
                            .filter(run -> place.startsWith(prefix + run.events() + "."))
                            .isPresent())
                    .findFirst();
            boolean came = plan.supplied().stream().anyMatch(file -> place.equals(prefix + file.path()));
            if (came
                    || concerned.isEmpty()
                            && events.isEmpty()
                            && !plan.supplied().isEmpty()) {
                // An error of no file may be of those that came: without them it is seen whose it is.
                supplied.add(text + (came ? " at " + place.substring(prefix.length()) : ""));
            } else if (events.isPresent()) {
                faults.putIfAbsent(events.get().source().path(), text);
            } else if (concerned.isEmpty()) {
                throw new InvalidSessionException(text + " at " + (place.isEmpty() ? "the dataset" : place));
            }
            concerned.forEach(stem -> faults.putIfAbsent(stem, text));
        }
        if (!supplied.isEmpty()) {
            faults.put(
                    SuppliedSession.LABEL,
                    String.join("; ", supplied.subList(0, Math.min(SHOWN, supplied.size())))
                            + (supplied.size() > SHOWN ? "; and " + (supplied.size() - SHOWN) + " more" : ""));
        }
        return faults;
    }

    private void replace(String dataset, String folder, Path built) throws IOException {
        Path target = root.resolve(dataset).resolve(folder);
        String kept = UUID.randomUUID().toString();
        createParent(target);
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            moveAside(target, kept);
        }
        Map<String, String> after = manifest(built);
        if (Files.isDirectory(target)) {
            for (Path file : edited(target, after)) {
                moveAside(file, kept);
            }
        }
        if (Files.isDirectory(target) && haveSameImages(target, built)) {
            for (Map.Entry<String, String> file : after.entrySet()) {
                Path there = target.resolve(file.getKey());
                if (isText(file.getKey()) && !file.getValue().equals(digest(there))) {
                    overwrite(built.resolve(file.getKey()), there);
                }
            }
            overwrite(built.resolve(MANIFEST), target.resolve(MANIFEST));
        } else if (Files.isDirectory(target)) {
            for (Path file : foreign(target)) {
                Path to = built.resolve(target.relativize(file));
                if (isFree(built, to)) {
                    carryOver(file, to);
                } else {
                    moveAside(file, kept);
                }
            }
            Path old = old(dataset, folder);
            Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
            Files.move(built, target, StandardCopyOption.ATOMIC_MOVE);
            syncParent(target);
            discard(old);
        } else {
            Files.move(built, target, StandardCopyOption.ATOMIC_MOVE);
            syncParent(target);
        }
    }

    /** Whether nothing has that name, and no file that of a folder above it. */
    private static boolean isFree(Path folder, Path path) {
        for (Path above = path.getParent(); above != null && !above.equals(folder); above = above.getParent()) {
            if (Files.exists(above, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isDirectory(above, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
        }
        return !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static void carryOver(Path file, Path to) throws IOException {
        createParent(to);
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            link(file, to);
        } else {
            // A link, as it is, or an empty folder.
            Files.copy(file, to, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static boolean isText(String path) {
        return path.endsWith(".json") || path.endsWith(".tsv");
    }

    /** Whether two folders have the same names, and differ in tables and sidecars at most: those can change one by one. */
    private static boolean haveSameImages(Path target, Path built) throws IOException {
        Map<String, String> before = manifest(target);
        Map<String, String> after = manifest(built);
        if (!before.keySet().equals(after.keySet())) {
            return false;
        }
        for (Map.Entry<String, String> file : after.entrySet()) {
            if (!isText(file.getKey())
                    && !(file.getValue().equals(before.get(file.getKey()))
                            && isSame(built.resolve(file.getKey()), target.resolve(file.getKey())))) {
                return false;
            }
        }
        return true;
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
            discard(old);
        } else {
            createParent(target);
            Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private Path old(String dataset, String folder) {
        return root.resolve(WORK).resolve(OLD + (dataset + "/" + folder).replace('/', '_'));
    }

    /** What DATMAN did not write into a session folder: files, links and empty folders. No link is followed. */
    private static List<Path> foreign(Path target) throws IOException {
        Set<String> own = manifest(target).keySet();
        List<Path> foreign = new ArrayList<>();
        try (Stream<Path> all = Files.walk(target)) {
            for (Path path : all.skip(1).toList()) {
                boolean concerns = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                        ? isEmpty(path)
                        : !path.getFileName().toString().equals(MANIFEST) && !own.contains(name(target, path));
                if (concerns) {
                    foreign.add(path);
                }
            }
        }
        return foreign;
    }

    /**
     * Files under DATMAN's names that somebody else wrote: texts that are neither as the manifest has them nor as they are to be, and
     * what lies in the place of an image.
     */
    private static List<Path> edited(Path target, Map<String, String> after) throws IOException {
        List<Path> edited = new ArrayList<>();
        for (Map.Entry<String, String> own : manifest(target).entrySet()) {
            Path file = target.resolve(own.getKey());
            boolean there = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
            if (there && (isText(own.getKey()) || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))) {
                String digest = digest(file);
                if (!digest.equals(own.getValue()) && !digest.equals(after.get(own.getKey()))) {
                    edited.add(file);
                }
            } else if (there && isWritable(file) && !digest(file).equals(own.getValue())) {
                edited.add(file);
            }
        }
        return edited;
    }

    /** Whether somebody may write a file: DATMAN's images are read-only, so that only another's needs to be read. */
    private static boolean isWritable(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view == null || view.readAttributes().permissions().stream().anyMatch(WRITABLE::contains);
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.findAny().isEmpty();
        }
    }

    private static String name(Path folder, Path path) {
        return folder.relativize(path).toString().replace('\\', '/');
    }

    private static Map<String, String> manifest(Path target) throws IOException {
        Path file = target.resolve(MANIFEST);
        return Files.exists(file) ? EventJson.mapper().readValue(file.toFile(), TEXTS) : Map.of();
    }

    private void removeEmptySubject(String dataset, String label) throws IOException {
        Path subject = root.resolve(dataset).resolve(label);
        if (!Files.isDirectory(subject)) {
            return;
        }
        List<Path> left = new ArrayList<>();
        try (Stream<Path> all = Files.list(subject)) {
            all.forEach(left::add);
        }
        Path table = subject.resolve(subject.getFileName() + "_sessions.tsv");
        if (left.isEmpty() || left.equals(List.of(table))) {
            removeOwn(dataset + "/" + label + "/" + table.getFileName());
            Files.delete(subject);
        }
    }

    private static void link(Path source, Path target) throws IOException {
        createParent(target);
        try {
            Files.createLink(target, source);
        } catch (NoSuchFileException | FileAlreadyExistsException noPlace) {
            throw noPlace;
        } catch (UnsupportedOperationException | FileSystemException noLinksHere) {
            Files.copy(source, target);
            sync(target);
        }
    }

    /** Takes the right to write from everybody: a link is the file of the archive, which is only ever replaced. */
    private static void protect(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        try {
            Set<PosixFilePermission> permissions =
                    new HashSet<>(view.readAttributes().permissions());
            if (permissions.removeAll(WRITABLE)) {
                view.setPermissions(permissions);
            }
        } catch (FileSystemException ofAnotherOwner) {
            LOG.debugf("A linked file stays writable file=%s error=%s", file, ofAnotherOwner.toString());
        }
    }

    /** Writes a new file: one that is there may be a link to the archive, which writing would change. */
    private static void write(Path file, String text) throws IOException {
        createParent(file);
        Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
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

    /** Removes what was replaced. It is out of the way already, so that a failure, as of a file that is open on NFS, is made up for later. */
    private void discard(Path old) throws IOException {
        Path gone = root.resolve(WORK).resolve(UUID.randomUUID().toString());
        Files.move(old, gone, StandardCopyOption.ATOMIC_MOVE);
        tryToDelete(gone);
    }

    private static void tryToDelete(Path folder) {
        try {
            delete(folder);
        } catch (IOException | UncheckedIOException e) {
            LOG.warnf("A folder of what was replaced cannot be removed yet folder=%s error=%s", folder, e.toString());
        }
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
