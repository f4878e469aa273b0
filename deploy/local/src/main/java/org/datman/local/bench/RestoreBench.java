package org.datman.local.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.apache.commons.io.file.PathUtils;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.datman.contracts.topic.Topics;
import org.datman.embedded.EmbeddedKafka;
import org.datman.embedded.FreePort;
import org.datman.embedded.LocalPostgres;
import org.datman.local.InstallationFolder;
import org.datman.local.backup.Backup;
import org.datman.local.backup.BackupStore;
import org.datman.local.backup.Restore;
import org.datman.local.process.ExternalKafka;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Time of a backup, of the next one, and of a restore, of PostgreSQL and topics with the rows and records that sessions of thirty series leave. Texts
 * are of chance, so that nothing is compressed better than in life.
 */
@Command(name = "restore", mixinStandardHelpOptions = true, description = "Time of a backup and of a restore.")
public final class RestoreBench implements Callable<Integer> {

    private static final int SERIES = 30;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Of one series: discovered, tagged, exported, measured. */
    private static final List<String> EVENTS =
            List.of("series-discovered", "series-tagged", "series-exported", "qc-complete");

    private static final String LATEST = """
            insert into %s.latest_event
            select t, 'xnat/E' || s || '/' || n, 'xnat/E' || s, n::text, 1, 1, gen_random_uuid(), now(), now(),
                jsonb_build_object('session', jsonb_build_object('server', 'xnat', 'accession', 'E' || s), 'scan', n::text,
                    'text', (select string_agg(md5(random()::text || g), '') from generate_series(1, 40) g where s > 0))
            from generate_series(1, %d) s, generate_series(1, %d) n, unnest(array[%s]) t
            """;

    private static final String OTHERS = """
            insert into dashboard.timeline_event
            select gen_random_uuid(), t, 'xnat/E' || s, n::text, now(), '/datman/qc', md5(random()::text), 'Series ' || n || ' ' || md5(random()::text)
            from generate_series(1, %1$d) s, generate_series(1, %2$d) n, unnest(array['a', 'b', 'c', 'd']) t;
            insert into dashboard.metric (session, scan, stem, key, value, unit, study, site, tag, name, day)
            select 'xnat/E' || s, n::text, 'stem', 'metric_' || k, random(), '1', 'ST', 'CMH', 'T1', 'ST_CMH_' || s, '2026-12-01'
            from generate_series(1, %1$d) s, generate_series(1, %2$d) n, generate_series(1, 10) k;
            insert into dashboard.review
            select gen_random_uuid(), 'xnat/E' || s, '1', 'stem', 'PASS', 'seen', 'anna', now() from generate_series(1, %1$d) s;
            insert into qc.trend_value
            select 'xnat/E' || s, n::text, 'stem', 'metric_' || k, '1', 'ST', 'CMH', 'T1', 'scanner', '', '', '', '2026-12-01', random(), 'pass'
            from generate_series(1, %1$d) s, generate_series(1, %2$d) n, generate_series(1, 10) k;
            insert into qc.qc_result (session, scan, stem, run_key, event)
            select 'xnat/E' || s, n::text, 'stem', 'k', repeat(md5(random()::text), 30)
            from generate_series(1, %1$d) s, generate_series(1, %2$d) n;
            """;

    @Parameters(defaultValue = "10000", description = "Sessions of " + SERIES + " series (default: ${DEFAULT-VALUE}).")
    private int sessions;

    @Option(names = "--checkout", defaultValue = "${sys:datman.checkout}", hidden = true)
    private Path checkout;

    @Option(names = "--work", description = "Folder for the data (default: a temporary one).")
    private @Nullable Path work;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new RestoreBench()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path folder = work == null ? Files.createTempDirectory("datman-restore-") : Files.createDirectories(work);
        try {
            measure(folder);
            return 0;
        } finally {
            PathUtils.deleteDirectory(folder);
        }
    }

    private void measure(Path folder) throws Exception {
        InstallationFolder home = new InstallationFolder(folder.resolve("home"), checkout);
        home.secret("webhook-secret");
        Path studies = Files.createDirectories(folder.resolve("studies"));
        BackupStore store = new BackupStore(folder.resolve("backups"));
        Backup.Options options = new Backup.Options(Backup.ArchiveMode.NONE, true, 10);
        try (LocalPostgres postgres = LocalPostgres.start(folder.resolve("postgres"), FreePort.any());
                EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), FreePort.any())) {
            postgres.createDatabase(InstallationFolder.DATABASE);
            String url = postgres.jdbcUrl(InstallationFolder.DATABASE);
            kafka.createTopics(Topics.all(4));
            fill(url, kafka.bootstrapServers());
            Backup backup = new Backup(
                    home,
                    studies,
                    ExternalKafka.client(kafka.bootstrapServers(), Map.of(), PATIENCE),
                    () -> connect(url),
                    "bench");
            print("first backup", () -> backup.take(store, options));
            print("next backup", () -> backup.take(store, options));
        }
        System.out.printf(
                Locale.ROOT,
                "  one backup is %d MiB%n",
                PathUtils.sizeOfDirectory(store.whole().get(0)) >> 20);
        BackupStore.Stored stored = BackupStore.read(store.whole().get(1));
        InstallationFolder restored = new InstallationFolder(folder.resolve("restored"), checkout);
        print("restore", () -> {
            Restore.Result result = new Restore(stored, restored, Map.of(), line -> {}).run(settings -> {});
            if (result.different() > 0) {
                throw new IOException("It differs: " + result.differences());
            }
            System.out.printf(
                    Locale.ROOT,
                    "Restore of %d sessions: %d rows, %d records, no difference%n",
                    sessions,
                    result.rows(),
                    result.records());
        });
    }

    private static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(url, LocalPostgres.USER, "");
    }

    private void fill(String url, String brokers) throws Exception {
        try (Connection connection = connect(url)) {
            Migrations.apply(checkout, connection);
            try (Statement statement = connection.createStatement()) {
                latest(statement, "ingest", "'series-discovered'");
                latest(statement, "qc", "'series-tagged', 'series-exported'");
                latest(statement, "pipeline", "'series-exported', 'qc-complete'");
                latest(
                        statement,
                        "dashboard",
                        "'series-discovered', 'series-tagged', 'series-exported', 'qc-complete'");
                statement.execute(String.format(Locale.ROOT, OTHERS, sessions, SERIES));
            }
        }
        Map<String, Object> config = new HashMap<>(ExternalKafka.client(brokers, Map.of(), PATIENCE));
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, 512 << 10);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        Random random = new Random(1);
        byte[] text = new byte[1800];
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
            for (int session = 0; session < sessions; session++) {
                for (int series = 0; series < SERIES; series++) {
                    for (String topic : EVENTS) {
                        for (int i = 0; i < text.length; i++) {
                            text[i] = (byte) Character.forDigit(random.nextInt(16), 16);
                        }
                        ProducerRecord<String, byte[]> record =
                                new ProducerRecord<>(topic, "xnat/E" + session, text.clone());
                        record.headers().add("ce_id", ("E" + session + series).getBytes(StandardCharsets.UTF_8));
                        producer.send(record);
                    }
                }
            }
        }
    }

    private void latest(Statement statement, String schema, String topics) throws SQLException {
        statement.execute(String.format(Locale.ROOT, LATEST, schema, sessions, SERIES, topics));
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void print(String name, Work work) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        work.run();
        System.out.printf(
                Locale.ROOT,
                "  %-14s %8.1f s%n",
                name,
                Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1000.0);
    }
}
