package org.datman.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.datman.contracts.topic.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Acknowledged data is stored after everything was killed during a write; and no connection is possible without the password. */
class DurabilityTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @Test
    void nothingAcknowledgedIsLostWhenAllIsKilledInTheMiddleOfWriting() throws Exception {
        // Given a database and a Kafka that two threads write to
        Path password = password("first-password");
        int[] ports = {FreePort.any(), FreePort.any(), FreePort.any(), FreePort.any()};
        ConcurrentLinkedQueue<Integer> rows = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Integer> records = new ConcurrentLinkedQueue<>();
        String topic = Topics.all(1).get(0).name();
        LocalPostgres postgres = durable(ports[0], password);
        Process kafka = kafka(ports);
        Thread rowWriter = new Thread(() -> writeRows(postgres.jdbcUrl("postgres"), rows));
        Thread recordWriter = new Thread(() -> writeRecords("127.0.0.1:" + ports[1], topic, records));
        rowWriter.start();
        recordWriter.start();
        await(() -> rows.size() > 200 && records.size() > 200, "both to be in the middle of writing");

        // When
        ProcessHandle.of(postgres.pid()).orElseThrow().destroyForcibly();
        kafka.destroyForcibly().waitFor();
        rowWriter.join();
        recordWriter.interrupt();
        recordWriter.join();

        // Then
        try (LocalPostgres again = durable(ports[0], password);
                Connection connection = connect(again, "first-password")) {
            assertThat(numbers(connection)).containsAll(rows);
        }
        Process kafkaAgain = kafka(ports);
        try {
            assertThat(numbers("127.0.0.1:" + ports[1], topic)).containsAll(records);
        } finally {
            kafkaAgain.destroy();
            kafkaAgain.waitFor();
        }
    }

    @Test
    void aPowerCutFindsOnTheDiskWhatWasAcknowledged() throws Exception {
        // Given
        Path password = password("first-password");
        int[] ports = {FreePort.any(), FreePort.any(), FreePort.any(), FreePort.any()};
        Process kafka = kafka(ports);
        try (LocalPostgres postgres = durable(ports[0], password);
                Connection connection = connect(postgres, "first-password");
                Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + ports[1]))) {

            // When
            ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
            String flush = admin.describeConfigs(List.of(broker))
                    .all()
                    .get()
                    .get(broker)
                    .get("log.flush.interval.messages")
                    .value();

            // Then
            assertThat(flush).isEqualTo("1");
            for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes", "data_checksums")) {
                assertThat(shown(connection, setting)).as(setting).isEqualTo("on");
            }
        } finally {
            kafka.destroy();
            kafka.waitFor();
        }
    }

    @Test
    void anInstallationWithoutAPasswordGetsOneAndKeepsItsRows() throws Exception {
        // Given an older installation: any local user has all rights
        int port = FreePort.any();
        try (LocalPostgres open = LocalPostgres.start(folder.resolve("postgres"), port);
                Connection connection = connect(open, "")) {
            connection.createStatement().execute("create table written (number integer)");
            connection.createStatement().execute("insert into written values (42)");
        }

        // When
        try (LocalPostgres postgres = durable(port, password("first-password"));
                Connection connection = connect(postgres, "first-password")) {

            // Then
            assertThat(numbers(connection)).containsExactly(42);
            assertThatThrownBy(() -> connect(postgres, "wrong"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            assertThatThrownBy(() -> connect(postgres, "")).isInstanceOf(SQLException.class);
            ResultSet rules = connection
                    .createStatement()
                    .executeQuery("select string_agg(distinct auth_method, ',') from pg_hba_file_rules");
            rules.next();
            assertThat(rules.getString(1)).isEqualTo("scram-sha-256");
        }
    }

    @Test
    void aNewPasswordInTheFileIsTheDatabasesAtTheNextStart() throws Exception {
        // Given
        int port = FreePort.any();
        durable(port, password("first-password")).close();

        // When
        try (LocalPostgres postgres = durable(port, password("second-password"))) {

            // Then
            connect(postgres, "second-password").close();
            assertThatThrownBy(() -> connect(postgres, "first-password")).isInstanceOf(SQLException.class);
        }
    }

    private Path password(String text) throws IOException {
        return Files.writeString(folder.resolve("password"), text + "\n");
    }

    private LocalPostgres durable(int port, Path password) throws IOException {
        return LocalPostgres.startDurable(
                folder.resolve("postgres"), port, password, folder.resolve("postgres.log"), PATIENCE);
    }

    private Process kafka(int[] ports) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KafkaProcess.class.getName(),
                        folder.resolve("kafka").toString(),
                        Integer.toString(ports[1]),
                        Integer.toString(ports[2]),
                        Integer.toString(ports[3]),
                        "1")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("kafka.log").toFile())
                .start();
        URI health = URI.create("http://127.0.0.1:" + ports[3] + KafkaProcess.HEALTH);
        await(
                () -> {
                    assertThat(process.isAlive()).as("Kafka runs").isTrue();
                    try {
                        return HttpClient.newHttpClient()
                                        .send(
                                                HttpRequest.newBuilder(health).build(),
                                                HttpResponse.BodyHandlers.discarding())
                                        .statusCode()
                                == 200;
                    } catch (IOException notYet) {
                        return false;
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                "Kafka to answer");
        return process;
    }

    private static void writeRows(String url, ConcurrentLinkedQueue<Integer> acknowledged) {
        try (Connection connection = DriverManager.getConnection(url, LocalPostgres.USER, "first-password")) {
            connection.createStatement().execute("create table written (number integer)");
            for (int n = 0; ; n++) {
                connection.createStatement().execute("insert into written values (" + n + ")");
                acknowledged.add(n);
            }
        } catch (SQLException killed) {
            // Everything acknowledged until now must be stored.
        }
    }

    private static void writeRecords(String servers, String topic, ConcurrentLinkedQueue<Integer> acknowledged) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        servers,
                        "acks",
                        "all",
                        "delivery.timeout.ms",
                        4000,
                        "request.timeout.ms",
                        3000,
                        "linger.ms",
                        0),
                new StringSerializer(),
                new StringSerializer())) {
            for (int n = 0; ; n++) {
                producer.send(new ProducerRecord<>(topic, Integer.toString(n))).get();
                acknowledged.add(n);
            }
        } catch (Exception killed) {
            // Everything acknowledged until now must be stored.
        }
    }

    private static Connection connect(LocalPostgres postgres, String password) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl("postgres"), LocalPostgres.USER, password);
    }

    private static String shown(Connection connection, String setting) throws SQLException {
        ResultSet rows = connection.createStatement().executeQuery("show " + setting);
        rows.next();
        return rows.getString(1);
    }

    private static Set<Integer> numbers(Connection connection) throws SQLException {
        Set<Integer> numbers = new HashSet<>();
        ResultSet rows = connection.createStatement().executeQuery("select number from written");
        while (rows.next()) {
            numbers.add(rows.getInt(1));
        }
        return numbers;
    }

    private static Set<Integer> numbers(String servers, String topic) {
        Set<Integer> numbers = new HashSet<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers), new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> numbers.add(Integer.valueOf(record.value())));
            }
        }
        return numbers;
    }

    private static void await(BooleanSupplier condition, String what) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time for " + what).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}
