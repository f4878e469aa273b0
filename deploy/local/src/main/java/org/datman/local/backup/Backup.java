package org.datman.local.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.local.InstallationFolder;
import org.datman.local.process.Supervisor;
import org.jspecify.annotations.Nullable;

/**
 * Takes a backup of a DATMAN that runs. PostgreSQL and the topics are of one moment: while it is noted no service sends what is in its
 * outbox, so that each event is in a topic or in an outbox. The archive is copied afterwards: files are there before an event names them.
 */
public final class Backup {

    /** Nothing of the archive, a list of its files with their digests, or the files. */
    public enum ArchiveMode {
        NONE,
        MANIFEST,
        COPY
    }

    /** Folder of what {@code home} has beside the database, the topics and the archive. */
    static final String HOME = "home";

    /** Folder of the study files, gold standards and descriptors. */
    static final String CONFIGURATION = "configuration";

    /** Folder of the files of the archive. */
    static final String ARCHIVE = "archive";

    static final String SECRETS = "secrets";

    /** Of the archive: unfinished work, locks, logs of runs under way. */
    private static final Set<String> NOT_OF_THE_ARCHIVE =
            Set.of(".datman/scratch", ".datman/locks", ".datman/running", ".datman/fixity.lock");

    /** Of the home: what is backed up in another way, made at each start, or of no use elsewhere. */
    private static final Set<String> NOT_OF_THE_HOME = Set.of(
            "archive",
            "postgres",
            "kafka",
            "logs",
            "scratch",
            "simulator",
            "class-archives",
            "run.json",
            "run.json.part",
            "prometheus-targets.json",
            Restore.UNFINISHED);

    private final InstallationFolder home;
    private final Path configuration;
    private final Map<String, Object> kafka;
    private final Connector database;
    private final String version;
    private final long segmentBytes;

    /**
     * What is backed up.
     *
     * @param configuration folder of the study files
     * @param kafka properties of a client
     * @param version of DATMAN
     */
    public Backup(
            InstallationFolder home,
            Path configuration,
            Map<String, Object> kafka,
            Connector database,
            String version) {
        this(home, configuration, kafka, database, version, TopicDump.SEGMENT_BYTES);
    }

    Backup(
            InstallationFolder home,
            Path configuration,
            Map<String, Object> kafka,
            Connector database,
            String version,
            long segmentBytes) {
        this.home = home;
        this.configuration = configuration;
        this.kafka = kafka;
        this.database = database;
        this.version = version;
        this.segmentBytes = segmentBytes;
    }

    /**
     * How it is taken.
     *
     * @param secrets whether the secrets of the installation are in it
     * @param keep how many backups stay in the folder
     */
    public record Options(ArchiveMode archive, boolean secrets, int keep) {}

    /**
     * A backup that was taken.
     *
     * @param folder of the backup
     * @param read bytes of files that were read, not linked or known
     * @param removed older backups that were removed
     */
    public record Taken(Path folder, BackupManifest manifest, long read, int removed) {}

    /**
     * Takes a backup.
     *
     * @throws IOException when it cannot be taken; there is none then
     */
    public Taken take(BackupStore store, Options options) throws IOException, InterruptedException {
        requireOutside(store.folder());
        if (options.archive() != ArchiveMode.NONE && !ArchiveMark.isThere(home.archive())) {
            throw new IOException(ArchiveMark.away(home.archive()) + ". Or take a backup with --archive none");
        }
        PartWriter.folder(store.folder());
        try (FileChannel channel = FileChannel.open(
                        store.folder().resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = tryLock(channel)) {
            if (lock == null) {
                throw new IOException("Another backup into " + store.folder() + " is under way; wait for its end");
            }
            return locked(store, options);
        } catch (SQLException e) {
            throw new IOException(
                    "PostgreSQL could not be backed up: " + e.getMessage() + "; './datman doctor' looks at it", e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException ofThisProcess) {
            return null;
        }
    }

    private void requireOutside(Path folder) throws IOException {
        for (Path part : List.of(home.folder(), configuration, home.archive())) {
            if (real(folder).startsWith(real(part))) {
                throw new IOException("A backup into " + folder + " would be lost with " + part
                        + ", and back up itself: give a folder on another disk");
            }
        }
    }

    /** Without links, as far as it exists. */
    private static Path real(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        for (Path there = absolute; there != null; there = there.getParent()) {
            if (Files.exists(there)) {
                return there.toRealPath().resolve(there.relativize(absolute));
            }
        }
        return absolute;
    }

    private Taken locked(BackupStore store, Options options) throws IOException, InterruptedException, SQLException {
        Optional<BackupStore.Stored> earlier = earlier(store);
        BackupManifest before = earlier.map(BackupStore.Stored::manifest).orElse(null);
        Path beforeFolder = earlier.map(BackupStore.Stored::folder).orElse(null);
        Path partial = store.begin();
        PartWriter parts = new PartWriter(partial);
        TopicDump topics = new TopicDump(kafka, segmentBytes);
        topics.readGroups();
        List<BackupManifest.Schema> schemas;
        List<BackupManifest.Partition> partitions;
        Instant time;
        try (DatabaseDump snapshot = DatabaseDump.open(database, Supervisor.SERVICES, topics::readEnds)) {
            time = snapshot.time();
            schemas = snapshot.write(parts);
        }
        partitions = topics.write(parts, before, beforeFolder);
        List<BackupManifest.Tree> trees = new ArrayList<>();
        long read = 0;
        for (Map.Entry<String, TreeCopy> tree : trees(options).entrySet()) {
            boolean copy = !tree.getKey().equals(ARCHIVE) || options.archive() == ArchiveMode.COPY;
            trees.add(tree.getValue().write(tree.getKey(), copy, parts, tree(before, tree.getKey()), beforeFolder));
            read += tree.getValue().read();
        }
        BackupManifest manifest = new BackupManifest(
                BackupManifest.FORMAT,
                version,
                time,
                topics.cluster(),
                parts.parts(),
                schemas,
                partitions,
                topics.groups(),
                options.secrets(),
                options.archive().name().toLowerCase(Locale.ROOT),
                trees);
        Path folder = store.finish(partial, manifest);
        return new Taken(folder, manifest, read, store.prune(options.keep()));
    }

    /** One that cannot be read is of no use for this one, and must not prevent it. */
    private static Optional<BackupStore.Stored> earlier(BackupStore store) {
        try {
            return store.newest(Instant.MAX);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static BackupManifest.@Nullable Tree tree(@Nullable BackupManifest manifest, String name) {
        return manifest == null
                ? null
                : manifest.trees().stream()
                        .filter(tree -> tree.name().equals(name))
                        .findFirst()
                        .orElse(null);
    }

    private Map<String, TreeCopy> trees(Options options) {
        Map<String, TreeCopy> trees = new TreeMap<>();
        Set<String> leftOut = new HashSet<>(NOT_OF_THE_HOME);
        if (!options.secrets()) {
            leftOut.add(SECRETS);
        }
        if (configuration.startsWith(home.folder())) {
            leftOut.add(home.folder().relativize(configuration).toString());
        }
        trees.put(HOME, new TreeCopy(home.folder(), leftOut, (path, size) -> null, false));
        if (Files.isDirectory(configuration)) {
            trees.put(CONFIGURATION, new TreeCopy(configuration, Set.of(), (path, size) -> null, true));
        }
        if (options.archive() != ArchiveMode.NONE) {
            trees.put(
                    ARCHIVE,
                    new TreeCopy(home.archive(), NOT_OF_THE_ARCHIVE, new PublishedDigests(home.archive()), false));
        }
        return trees;
    }
}
