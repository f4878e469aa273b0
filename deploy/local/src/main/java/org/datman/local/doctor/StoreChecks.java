package org.datman.local.doctor;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.datman.contracts.topic.Topics;
import org.datman.embedded.KafkaTopics;
import org.datman.local.process.ExternalPostgres;

/** PostgreSQL and Kafka: version and the settings on which it depends that nothing is lost. */
final class StoreChecks {

    /** Connections that the six services may open together, and some for people. */
    private static final int CONNECTIONS = 60;

    private static final List<String> DURABLE = List.of("fsync", "synchronous_commit", "full_page_writes");

    private StoreChecks() {}

    /** @param external whether it is the lab's own */
    static List<Diagnosis> postgres(Connection connection, boolean external) throws SQLException {
        String what = "PostgreSQL";
        List<Diagnosis> findings = new ArrayList<>();
        String version = show(connection, "server_version");
        int major = connection.getMetaData().getDatabaseMajorVersion();
        findings.add(
                major >= ExternalPostgres.OLDEST
                        ? Diagnosis.ok(what, (external ? "of the lab" : "embedded") + ", version " + version)
                        : Diagnosis.error(
                                what, "version " + version, "Upgrade it to " + ExternalPostgres.OLDEST + " or later"));
        for (String setting : DURABLE) {
            String value = show(connection, setting);
            if (value.equals("off")) {
                findings.add(Diagnosis.error(
                        what, setting + " is off: a power cut loses acknowledged data", "Set " + setting + " = on"));
            }
        }
        if (show(connection, "data_checksums").equals("off")) {
            findings.add(Diagnosis.warning(
                    what,
                    "data checksums are off: damage of the disk is not noticed",
                    "Run pg_checksums --enable while it is down"));
        }
        int connections = Integer.parseInt(show(connection, "max_connections"));
        if (connections < CONNECTIONS) {
            findings.add(Diagnosis.error(
                    what,
                    "max_connections is " + connections + "; the services need up to " + CONNECTIONS,
                    "Set max_connections = 100"));
        }
        if (external && !mayCreate(connection)) {
            findings.add(Diagnosis.error(
                    what,
                    "the user may not create schemas in the database",
                    "GRANT CREATE ON DATABASE … TO …: each service makes its own schema"));
        }
        return findings;
    }

    /**
     * @param client properties of an admin client
     * @param external whether it is the lab's own
     */
    static List<Diagnosis> kafka(Map<String, Object> client, boolean external) throws InterruptedException {
        String what = "Kafka";
        try {
            List<Topics.Topic> topics = Topics.all(Topics.DEFAULT_PARTITIONS);
            List<String> differences = KafkaTopics.differences(client, topics);
            List<Diagnosis> findings = new ArrayList<>();
            differences.forEach(
                    difference -> findings.add(
                            Diagnosis.error(
                                    what,
                                    difference,
                                    "Create or change the topic as './datman topics --print' lists it; event topics must be kept for ever")));
            if (differences.isEmpty()) {
                findings.add(Diagnosis.ok(
                        what,
                        (external ? "of the lab" : "embedded") + ", version "
                                + KafkaTopics.version(client).orElse("unknown (newer than this DATMAN)") + ", "
                                + topics.size() + " topics as they should be"));
                int replicas = KafkaTopics.fewestReplicas(client, topics);
                if (external && replicas < 2) {
                    findings.add(
                            Diagnosis.warning(
                                    what,
                                    "some topics have one replica: a lost disk loses events",
                                    "Give event topics three replicas (min.insync.replicas 2), if the cluster has three brokers"));
                }
            }
            return findings;
        } catch (ExecutionException | KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return List.of(Diagnosis.error(
                    what,
                    client.get("bootstrap.servers") + " does not answer or refuses: " + cause.getMessage(),
                    "Check --kafka, KAFKA_SECURITY_PROTOCOL, KAFKA_SASL_… and KAFKA_SSL_…, and the network"));
        }
    }

    private static String show(Connection connection, String setting) throws SQLException {
        try (Statement statement = connection.createStatement();
                // A constant of this class, never a text from outside.
                ResultSet result = statement.executeQuery("show " + setting)) {
            return result.next() ? result.getString(1) : "";
        }
    }

    private static boolean mayCreate(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery("select has_database_privilege(current_database(), 'CREATE')")) {
            return result.next() && result.getBoolean(1);
        }
    }
}
