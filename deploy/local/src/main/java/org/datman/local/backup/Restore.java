package org.datman.local.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.embedded.EmbeddedKafka;
import org.datman.embedded.FreePort;
import org.datman.embedded.KafkaTopics;
import org.datman.embedded.LocalPostgres;
import org.datman.local.InstallationFolder;
import org.datman.local.InstallationSettings;
import org.datman.local.process.ExternalKafka;
import org.datman.local.process.ExternalPostgres;

/**
 * Makes a new installation of a backup. Never touches one that is there. Events that a service had in its outbox and that are in their topic,
 * too, are taken out of the outbox, so that they are not sent once more.
 */
public final class Restore {

    /** A file of an installation whose restore has not come to its end. */
    public static final String UNFINISHED = "restore-unfinished.txt";

    /** What may be in the folder of a new installation: an archive that is mounted there, and logs of what looked at it. */
    private static final Set<String> MAY_BE_THERE = Set.of("archive", "logs", "lost+found");

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration START = Duration.ofMinutes(5);
    private static final int NAMED = 20;
    private static final short ONE = 1;

    private final BackupStore.Stored backup;
    private final InstallationFolder home;
    private final Map<String, String> environment;
    private final Consumer<String> progress;
    private final List<String> differences = new ArrayList<>();
    private long differenceCount;

    /**
     * A restore.
     *
     * @param home the new installation
     * @param environment with the password of a PostgreSQL of the lab, and how a Kafka of the lab is reached
     * @param progress gets a line for each step
     */
    public Restore(
            BackupStore.Stored backup,
            InstallationFolder home,
            Map<String, String> environment,
            Consumer<String> progress) {
        this.backup = backup;
        this.home = home;
        this.environment = Map.copyOf(environment);
        this.progress = progress;
    }

    /** Changes the settings of the backup to those of the new installation. */
    @FunctionalInterface
    public interface Changes {
        void apply(InstallationSettings settings) throws IOException;
    }

    /**
     * What was restored.
     *
     * @param tables of PostgreSQL, with {@code rows} in all
     * @param records of topics
     * @param sentBefore events that were taken out of outboxes, because they are in their topics
     * @param files of all folders, the archive included where it was copied
     * @param different how many differences to the backup there are
     * @param differences the first of them, in words
     */
    public record Result(
            int tables,
            long rows,
            long records,
            int sentBefore,
            long files,
            long different,
            List<String> differences) {}

    /**
     * Restores.
     *
     * @param changes of settings: another Kafka or PostgreSQL, another folder of study files
     * @throws IOException when it cannot be done; before anything was written if the backup is damaged or the folder is not empty
     */
    public Result run(Changes changes) throws IOException, InterruptedException {
        requireEmpty();
        progress.accept("The backup of " + backup.manifest().time() + " is checked");
        BackupCheck.Result check = BackupCheck.of(backup);
        if (check.different() > 0) {
            throw new IOException("The backup " + backup.folder() + " is damaged (" + String.join("; ", check.faults())
                    + "): take another one. Nothing was restored");
        }
        Files.createDirectories(home.folder());
        Path unfinished = home.folder().resolve(UNFINISHED);
        Files.writeString(
                unfinished,
                "A restore of " + backup.folder() + " into this folder did not come to its end. Remove the folder, and"
                        + " restore again.\n");
        long files = 0;
        for (BackupManifest.Tree tree : backup.manifest().trees()) {
            if (!tree.name().equals(Backup.ARCHIVE)) {
                files += copy(tree, tree.name().equals(Backup.CONFIGURATION) ? home.studies() : home.folder());
            }
        }
        InstallationSettings settings = InstallationSettings.read(home.settings());
        settings.set(InstallationSettings.STUDIES, home.studies());
        changes.apply(settings);
        settings.write();
        Loaded loaded = load(settings);
        files += archive();
        Files.delete(unfinished);
        long rows = backup.manifest().schemas().stream()
                .flatMap(schema -> schema.tables().stream())
                .mapToLong(BackupManifest.Table::rows)
                .sum();
        int tables = backup.manifest().schemas().stream()
                .mapToInt(schema -> schema.tables().size())
                .sum();
        return new Result(
                tables, rows, loaded.records(), loaded.sentBefore(), files, differenceCount, List.copyOf(differences));
    }

    /** Whether the restore of an installation has not come to its end. */
    public static boolean isUnfinished(InstallationFolder home) {
        return Files.exists(home.folder().resolve(UNFINISHED));
    }

    private void requireEmpty() throws IOException {
        if (!Files.exists(home.folder())) {
            return;
        }
        try (Stream<Path> entries = Files.list(home.folder())) {
            Optional<Path> first = entries.filter(
                            entry -> !MAY_BE_THERE.contains(entry.getFileName().toString()))
                    .findFirst();
            if (first.isPresent()) {
                throw new IOException(
                        home.folder() + " is not empty (" + first.get().getFileName()
                                + "): a restore makes a new installation only. Give another folder with --home");
            }
        }
        boolean copied = backup.manifest().trees().stream()
                .anyMatch(tree -> tree.name().equals(Backup.ARCHIVE) && tree.copied());
        if (copied && Files.exists(home.archive())) {
            try (Stream<Path> entries = Files.list(home.archive())) {
                if (entries.anyMatch(entry -> !entry.getFileName().toString().equals("lost+found"))) {
                    throw new IOException(
                            home.archive()
                                    + " is not empty, and the backup has the files of an archive. Give another folder with --home");
                }
            }
        }
    }

    private record Loaded(long records, int sentBefore) {}

    private Loaded load(InstallationSettings settings) throws IOException, InterruptedException {
        Optional<String> lab = settings.get(InstallationSettings.POSTGRES);
        if (lab.isPresent()) {
            ExternalPostgres server = ExternalPostgres.of(lab.get());
            String password = ExternalPostgres.password(environment);
            return load(() -> server.connectForLong(password), settings);
        }
        progress.accept("PostgreSQL starts");
        try (LocalPostgres postgres = LocalPostgres.startDurable(
                home.postgres(),
                FreePort.any(),
                home.secret(InstallationFolder.POSTGRES_PASSWORD),
                home.logs().resolve("postgres.log"),
                START)) {
            postgres.createDatabase(InstallationFolder.DATABASE);
            ExternalPostgres server =
                    new ExternalPostgres(postgres.jdbcUrl(InstallationFolder.DATABASE), LocalPostgres.USER);
            String password = Files.readString(home.secret(InstallationFolder.POSTGRES_PASSWORD))
                    .strip();
            return load(() -> server.connectForLong(password), settings);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static IOException failed(SQLException e) {
        return new IOException("PostgreSQL did not take the backup: " + e.getMessage(), e);
    }

    private Loaded load(Connector connector, InstallationSettings settings) throws IOException, InterruptedException {
        Optional<String> lab = settings.get(InstallationSettings.KAFKA);
        try (Connection connection = connector.connect()) {
            if (lab.isPresent()) {
                return load(
                        connection,
                        ExternalKafka.client(lab.get(), environment, PATIENCE),
                        KafkaTopics.DEFAULT_REPLICAS);
            }
            progress.accept("Kafka starts");
            // Not each record on the disk for itself: its end puts all there.
            try (EmbeddedKafka kafka = EmbeddedKafka.start(home.kafka(), FreePort.any(), FreePort.any(), false)) {
                return load(connection, ExternalKafka.client(kafka.bootstrapServers(), Map.of(), PATIENCE), ONE);
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private Loaded load(Connection connection, Map<String, Object> kafka, short replicas)
            throws SQLException, IOException, InterruptedException {
        List<BackupManifest.Schema> schemas = backup.manifest().schemas();
        Set<String> present = DatabaseLoad.present(connection, schemas);
        Set<String> used = TopicLoad.used(kafka, backup.manifest().topics());
        if (!present.isEmpty() || !used.isEmpty()) {
            throw new IOException("There is a DATMAN already: schemas " + present + ", topics with records " + used
                    + ". A restore needs a PostgreSQL without its schemas and a Kafka without its records. Remove "
                    + home.folder() + ", and give other ones with --postgres and --kafka");
        }
        progress.accept("The tables are loaded");
        DatabaseLoad database = new DatabaseLoad(connection, backup.folder());
        database.load(schemas).forEach(this::different);
        Set<String> waiting = DatabaseLoad.waiting(connection, schemas);
        progress.accept("The topics are loaded");
        TopicLoad topics = new TopicLoad(kafka, backup.folder());
        topics.load(backup.manifest().topics(), backup.manifest().groups(), replicas, waiting)
                .forEach(this::different);
        return new Loaded(topics.records(), DatabaseLoad.remove(connection, schemas, topics.sent()));
    }

    private long archive() throws IOException {
        Optional<BackupManifest.Tree> tree = backup.manifest().trees().stream()
                .filter(one -> one.name().equals(Backup.ARCHIVE))
                .findFirst();
        if (tree.isPresent() && tree.get().copied()) {
            progress.accept("The archive is copied");
            return copy(tree.get(), home.archive());
        }
        if (!ArchiveMark.isThere(home.archive())) {
            different("the archive is not in " + home.archive()
                    + ": mount or copy it there; './datman verify' reads its files then");
            return 0;
        }
        if (tree.isEmpty()) {
            return 0;
        }
        progress.accept("The archive is compared");
        TreeCopy.each(backup.folder().resolve(tree.get().list()), file -> {
            if (file.link().isEmpty()) {
                Path place = BackupCheck.inside(home.archive(), file.path());
                if (!Files.isRegularFile(place)) {
                    different("archive: " + file.path() + " is missing");
                } else if (Files.size(place) != file.size()) {
                    different("archive: " + file.path() + " has another size");
                }
            }
        });
        return 0;
    }

    private void different(String text) {
        differenceCount++;
        if (differences.size() < NAMED) {
            differences.add(text);
        }
    }

    /** Links come last: no file is written through one. */
    private long copy(BackupManifest.Tree tree, Path target) throws IOException {
        Path root = target.toAbsolutePath().normalize();
        Path from = backup.folder().resolve(tree.name());
        List<TreeFile> links = new ArrayList<>();
        TreeCopy.each(backup.folder().resolve(tree.list()), file -> {
            Path place = BackupCheck.inside(root, file.path());
            Files.createDirectories(place.getParent());
            if (!file.link().isEmpty()) {
                links.add(file);
                return;
            }
            String sha256 = TreeCopy.copy(from.resolve(file.path()), place);
            if (!sha256.equals(file.sha256())) {
                different(tree.name() + ": " + file.path() + " has other bytes than were written");
            }
            setFacts(place, file);
        });
        for (TreeFile link : links) {
            Files.createSymbolicLink(BackupCheck.inside(root, link.path()), Path.of(link.link()));
        }
        return tree.files();
    }

    private static void setFacts(Path place, TreeFile file) throws IOException {
        if (!file.mode().isEmpty()) {
            Files.setPosixFilePermissions(place, PosixFilePermissions.fromString(file.mode()));
        }
        Files.setLastModifiedTime(place, FileTime.fromMillis(file.modified()));
    }
}
