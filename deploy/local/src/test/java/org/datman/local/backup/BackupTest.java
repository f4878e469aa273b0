package org.datman.local.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.contracts.topic.OutboxLock;
import org.datman.contracts.topic.Topics;
import org.datman.embedded.EmbeddedKafka;
import org.datman.embedded.FreePort;
import org.datman.embedded.LocalPostgres;
import org.datman.local.InstallationFolder;
import org.datman.local.InstallationSettings;
import org.datman.local.bench.Migrations;
import org.datman.local.process.ExternalKafka;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backup and restore on a real PostgreSQL and a real Kafka, with the tables that the services' migrations make. */
class BackupTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Small, so that a few records close a segment. */
    private static final long SEGMENT = 2000;

    private static final UUID SENT = UUID.fromString("00000000-0000-0000-0000-000000000001");
    private static final UUID WAITING = UUID.fromString("00000000-0000-0000-0000-000000000002");

    private static final Path ROOT = Path.of(System.getProperty("datman.root"));

    @TempDir
    static Path folder;

    private static LocalPostgres postgres;
    private static EmbeddedKafka kafka;
    private static InstallationFolder home;
    private static Path configuration;

    @BeforeAll
    static void anInstallation() throws Exception {
        home = new InstallationFolder(folder.resolve("home"), ROOT);
        postgres = LocalPostgres.start(folder.resolve("source/postgres"), FreePort.any());
        postgres.createDatabase(InstallationFolder.DATABASE);
        kafka = EmbeddedKafka.start(folder.resolve("source/kafka"), FreePort.any());
        kafka.createTopics(Topics.all(2));
        try (Connection connection = connect(postgres)) {
            Migrations.apply(ROOT, connection);
            fill(connection);
        }
        configuration = Files.createDirectories(folder.resolve("studies"));
        Files.writeString(configuration.resolve("DEMO.yml"), "StudyTag: DEMO\n");
        Path script = Files.writeString(configuration.resolve("tool.sh"), "true\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x---"));
        home.secret("webhook-secret");
        InstallationSettings settings = InstallationSettings.read(home.settings());
        settings.set(InstallationSettings.XNAT, "https://xnat.example.org");
        settings.set(InstallationSettings.STUDIES, configuration);
        settings.write();
        ArchiveMark.create(home.archive());
        write("DEMO/nifti/a.nii.gz", "image");
        write(".datman/scratch/half", "unfinished");
        produce(SENT, "first");
        for (int i = 0; i < 30; i++) {
            produce(UUID.randomUUID(), "x".repeat(200));
        }
        try (Admin admin = Admin.create(client(kafka))) {
            admin.alterConsumerGroupOffsets(
                            "datman-qc.series-exported",
                            Map.of(new TopicPartition("series-exported", 0), new OffsetAndMetadata(7)))
                    .all()
                    .get();
        }
    }

    @AfterAll
    static void stop() throws Exception {
        kafka.close();
        postgres.close();
    }

    private static void fill(Connection connection) throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    insert into qc.latest_event values ('series-exported', E'x/E1/1\\t\\\\2', 'x/E1', '1', 3, 4,
                        '00000000-0000-0000-0000-000000000009', '2026-12-01T03:00:00.123456Z', '2026-12-01T03:00:00Z',
                        '{"name": "ST_CMH_0001_01", "n": 1.50, "t": "a\\\\tb ü 😀"}');
                    insert into dashboard.account (username, password, roles) values ('anna', 'digest', 'manager'), ('ben', 'd', 'rater');
                    insert into dashboard.review values ('00000000-0000-0000-0000-000000000008', 'x/E1', '1', 'stem', 'PASS', E'two\\nlines',
                        'anna', now());
                    insert into qc.trend_value values ('x/E1', '1', 's', 'snr', '1', 'ST', 'CMH', 'T1', 'S', '', '', '', '2026-12-01',
                        0.1::float8 + 0.2::float8, 'pass');
                    """);
            statement.execute("insert into qc.outbox_event (event_id, topic, key, headers, payload) values ('" + SENT
                    + "', 'series-exported', 'k', '{}', 'x'), ('" + WAITING
                    + "', 'series-exported', 'k', '{}', '\\x00ff')");
        }
    }

    private static void write(String path, String text) throws IOException {
        Path file = home.archive().resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void produce(UUID id, String value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client(kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    "series-exported", 0, 1_700_000_000_000L, null, value.getBytes(StandardCharsets.UTF_8));
            record.headers().add("ce_id", id.toString().getBytes(StandardCharsets.UTF_8));
            record.headers().add("empty", null);
            producer.send(record).get();
        }
    }

    private static Connection connect(LocalPostgres server) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(InstallationFolder.DATABASE), LocalPostgres.USER, "");
    }

    private static Map<String, Object> client(EmbeddedKafka broker) {
        return ExternalKafka.client(broker.bootstrapServers(), Map.of(), PATIENCE);
    }

    private static Backup backup() {
        return new Backup(home, configuration, client(kafka), () -> connect(postgres), "1.0", SEGMENT);
    }

    private static Backup.Options options(Backup.ArchiveMode mode) {
        return new Backup.Options(mode, true, 100);
    }

    private Restore restore(Backup.Taken taken, InstallationFolder target) throws IOException {
        return new Restore(BackupStore.read(taken.folder()), target, Map.of(), line -> {});
    }

    @Test
    void aRestoreIsTheStateOfTheBackup() throws Exception {
        // Given a backup, and more that came after it
        BackupStore store = new BackupStore(folder.resolve("backups"));
        Backup.Taken taken = backup().take(store, options(Backup.ArchiveMode.COPY));
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "insert into dashboard.account (username, password, roles) values ('later', 'd', 'rater')");
        }
        produce(UUID.randomUUID(), "later");
        InstallationFolder target = new InstallationFolder(folder.resolve("restored"), home.checkout());

        // When
        Restore.Result result = restore(taken, target).run(settings -> {});

        // Then there are no differences, and what had been sent is not in the outbox any more
        assertThat(result.differences()).isEmpty();
        assertThat(result.sentBefore()).isEqualTo(1);
        assertThat(result.records()).isEqualTo(31);
        // Then a backup of the restored one has the same rows, records and offsets
        Backup.Taken again = backupOf(target);
        List<BackupManifest.Part> before = ofServers(taken.manifest());
        List<BackupManifest.Part> after = ofServers(again.manifest());
        assertThat(after)
                .filteredOn(part -> !part.path().contains("outbox"))
                .containsExactlyInAnyOrderElementsOf(before.stream()
                        .filter(part -> !part.path().contains("outbox"))
                        .toList());
        assertThat(rows(again.manifest(), "qc", "outbox_event")).isEqualTo(1);
        assertThat(again.manifest().groups())
                .isEqualTo(Map.of("datman-qc.series-exported", Map.of("series-exported-0", 7L)));
        assertThat(again.manifest().topics().stream()
                        .mapToLong(BackupManifest.Partition::end)
                        .sum())
                .isEqualTo(31);
        // Then a schema of views of a service is there, too
        assertThat(again.manifest().schemas())
                .extracting(BackupManifest.Schema::name)
                .containsExactly("dashboard", "dashboard_granted", "ingest", "pipeline", "qc");
        // Then the files are there with their permissions, what is unfinished is not, and the study files are in the
        // new folder
        assertThat(target.archive().resolve("DEMO/nifti/a.nii.gz")).hasContent("image");
        assertThat(target.archive().resolve(".datman/scratch")).doesNotExist();
        assertThat(ArchiveMark.isThere(target.archive())).isTrue();
        assertThat(target.secret("webhook-secret")).hasSameTextualContentAs(home.secret("webhook-secret"));
        assertThat(Files.getPosixFilePermissions(target.studies().resolve("tool.sh")))
                .isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
        InstallationSettings settings = InstallationSettings.read(target.settings());
        assertThat(settings.get(InstallationSettings.STUDIES))
                .contains(target.studies().toString());
        assertThat(settings.get(InstallationSettings.XNAT)).contains("https://xnat.example.org");
        assertThat(Restore.isUnfinished(target)).isFalse();
    }

    private static Backup.Taken backupOf(InstallationFolder target) throws Exception {
        String password = Files.readString(target.secret(InstallationFolder.POSTGRES_PASSWORD))
                .strip();
        try (LocalPostgres restored = LocalPostgres.startDurable(
                        target.postgres(),
                        FreePort.any(),
                        target.secret(InstallationFolder.POSTGRES_PASSWORD),
                        target.logs().resolve("postgres.log"),
                        Duration.ofMinutes(1));
                EmbeddedKafka broker = EmbeddedKafka.start(target.kafka(), FreePort.any())) {
            return new Backup(
                            target,
                            target.studies(),
                            client(broker),
                            () -> DriverManager.getConnection(
                                    restored.jdbcUrl(InstallationFolder.DATABASE), LocalPostgres.USER, password),
                            "1.0",
                            SEGMENT)
                    .take(new BackupStore(folder.resolve("second-backups")), options(Backup.ArchiveMode.NONE));
        }
    }

    private static List<BackupManifest.Part> ofServers(BackupManifest manifest) {
        return manifest.parts().stream()
                .filter(part ->
                        part.path().startsWith("postgres/") || part.path().startsWith("topics/"))
                .toList();
    }

    private static long rows(BackupManifest manifest, String schema, String table) {
        return manifest.schemas().stream()
                .filter(one -> one.name().equals(schema))
                .flatMap(one -> one.tables().stream())
                .filter(one -> one.name().equals(table))
                .mapToLong(BackupManifest.Table::rows)
                .sum();
    }

    @Test
    void theNextBackupReadsNoFileAndNoClosedPartOfATopicAgain() throws Exception {
        // Given
        BackupStore store = new BackupStore(folder.resolve("often"));
        Backup.Taken first = backup().take(store, options(Backup.ArchiveMode.COPY));

        // When
        Backup.Taken second = backup().take(store, options(Backup.ArchiveMode.COPY));

        // Then
        assertThat(first.read()).isPositive();
        assertThat(second.read()).isZero();
        assertThat(Files.isSameFile(
                        first.folder().resolve("archive/DEMO/nifti/a.nii.gz"),
                        second.folder().resolve("archive/DEMO/nifti/a.nii.gz")))
                .isTrue();
        BackupManifest.Segment closed = second.manifest().topics().stream()
                .flatMap(partition -> partition.segments().stream())
                .filter(BackupManifest.Segment::closed)
                .findFirst()
                .orElseThrow();
        assertThat(Files.isSameFile(
                        first.folder().resolve(closed.part()), second.folder().resolve(closed.part())))
                .isTrue();
        assertThat(BackupCheck.of(BackupStore.read(second.folder())).faults()).isEmpty();
    }

    @Test
    void allOfABackupIsReadableByItsOwnerOnly() throws Exception {
        // Given
        BackupStore store = new BackupStore(folder.resolve("private"));

        // When
        Backup.Taken taken = backup().take(store, options(Backup.ArchiveMode.COPY));

        // Then
        List<Path> all;
        try (Stream<Path> paths = Files.walk(taken.folder())) {
            all = paths.toList();
        }
        assertThat(all).hasSizeGreaterThan(50).allSatisfy(path -> assertThat(
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .endsWith("------"));
    }

    @Test
    void secretsAreLeftOutWhenTold() throws Exception {
        // Given
        BackupStore store = new BackupStore(folder.resolve("no-secrets"));

        // When
        Backup.Taken taken = backup().take(store, new Backup.Options(Backup.ArchiveMode.MANIFEST, false, 100));

        // Then
        assertThat(taken.folder().resolve("home/settings.properties")).exists();
        assertThat(taken.folder().resolve("home/secrets")).doesNotExist();
        assertThat(taken.folder().resolve("archive")).doesNotExist();
        assertThat(taken.folder().resolve("archive.jsonl.gz")).exists();
    }

    @Test
    void theSnapshotIsTakenWhenNoOutboxIsBeingSent() throws Exception {
        // Given a service that sends its outbox
        List<Long> took = new ArrayList<>();
        try (Connection sending = connect(postgres);
                Statement statement = sending.createStatement()) {
            sending.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock" + OutboxLock.number("'qc'"));
            Thread service = new Thread(() -> {
                try {
                    Thread.sleep(1500);
                    sending.commit();
                } catch (InterruptedException | SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            service.start();

            // When
            long begin = System.nanoTime();
            try (DatabaseDump dump = DatabaseDump.open(() -> connect(postgres), List.of("qc"), () -> {
                took.add(Duration.ofNanos(System.nanoTime() - begin).toMillis());
                // Nobody else sends while Kafka is asked.
                try (Connection other = connect(postgres);
                        Statement ask = other.createStatement();
                        var row = ask.executeQuery("select pg_try_advisory_xact_lock" + OutboxLock.number("'qc'"))) {
                    row.next();
                    assertThat(row.getBoolean(1)).isFalse();
                } catch (SQLException e) {
                    throw new IOException(e);
                }
            })) {
                assertThat(dump.time()).isAfter(Instant.EPOCH);
            }
            service.join();
        }

        // Then
        assertThat(took).singleElement().satisfies(millis -> assertThat(millis).isGreaterThan(1000));
    }

    @Test
    void aDamagedBackupIsRefusedBeforeAnythingIsWritten() throws Exception {
        // Given
        Backup.Taken taken =
                backup().take(new BackupStore(folder.resolve("damaged")), options(Backup.ArchiveMode.NONE));
        Path rows = taken.folder().resolve("postgres/qc/latest_event.copy.gz");
        byte[] bytes = Files.readAllBytes(rows);
        bytes[bytes.length / 2] ^= 1;
        Files.write(rows, bytes);
        InstallationFolder target = new InstallationFolder(folder.resolve("never"), home.checkout());

        // When
        assertThatThrownBy(() -> restore(taken, target).run(settings -> {}))
                // Then
                .isInstanceOf(IOException.class)
                .hasMessageContaining("latest_event.copy.gz has other bytes than were written");
        assertThat(target.folder()).doesNotExist();
    }

    @Test
    void noInstallationIsOverwritten() throws Exception {
        // Given
        Backup.Taken taken = backup().take(new BackupStore(folder.resolve("live")), options(Backup.ArchiveMode.NONE));

        // When
        assertThatThrownBy(() -> restore(taken, home).run(settings -> {}))
                // Then
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not empty");
    }

    @Test
    void aBackupInsideTheInstallationIsRefused() throws Exception {
        // Given a way into it
        Path link = Files.createSymbolicLink(folder.resolve("link"), home.folder());
        BackupStore store = new BackupStore(link.resolve("backups"));

        // When
        assertThatThrownBy(() -> backup().take(store, options(Backup.ArchiveMode.NONE)))
                // Then
                .isInstanceOf(IOException.class)
                .hasMessageContaining("would be lost with");
    }

    @Test
    void aBackupThatEndedEarlyIsNoneAndTheNextOneRemovesIt() throws Exception {
        // Given a backup that ended early: its Kafka went away
        BackupStore store = new BackupStore(folder.resolve("early"));
        Map<String, Object> nowhere =
                ExternalKafka.client("127.0.0.1:" + FreePort.any(), Map.of(), Duration.ofSeconds(1));
        Backup broken = new Backup(home, configuration, nowhere, () -> connect(postgres), "1.0", SEGMENT);
        assertThatThrownBy(() -> broken.take(store, options(Backup.ArchiveMode.NONE)))
                .isInstanceOf(IOException.class);
        Path left = store.folder().resolve("new.unfinished");
        assertThat(left).exists();
        assertThat(store.whole()).isEmpty();

        // When
        Backup.Taken taken = backup().take(store, options(Backup.ArchiveMode.NONE));

        // Then
        assertThat(left).doesNotExist();
        assertThat(store.whole()).containsExactly(taken.folder());
    }
}
