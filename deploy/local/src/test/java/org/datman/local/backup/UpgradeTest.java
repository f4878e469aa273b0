package org.datman.local.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.embedded.FreePort;
import org.datman.embedded.LocalPostgres;
import org.datman.local.bench.Migrations;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Migrations of the services from the tables of an earlier DATMAN, kept in {@code schemas}: as {@link SchemaText} wrote them of commit df9003b,
 * with the scripts that had made them.
 */
class UpgradeTest {

    private static final String EARLIER = "schemas/2026-11-23/";

    /** What an older version that still runs beside the new one, or is put back, cannot live with. */
    private static final Pattern BREAKING = Pattern.compile(
            "\\bdrop\\s+(table|column|schema|view|sequence|type)\\b|\\brename\\b|\\balter\\s+(column\\s+)?\\w+\\s+(set\\s+data\\s+)?type\\b"
                    + "|\\bset\\s+not\\s+null\\b|\\btruncate\\b"
                    + "|\\badd\\s+column\\s+(if\\s+not\\s+exists\\s+)?\\w+\\s+(?=[^,;]*\\bnot\\s+null\\b)(?![^,;]*\\bdefault\\b)");

    private static final Pattern COMMENT = Pattern.compile("--[^\\n]*");

    /** Functions that exist during a migration only. */
    private static final Pattern BODY = Pattern.compile("\\$\\$.*?\\$\\$", Pattern.DOTALL);

    /**
     * Scripts of before the first release that older versions cannot live with. None may be added without a reason, and then the changelog says that
     * there is no way back but the backup.
     */
    private static final List<String> BREAKING_SCRIPTS = List.of(
            "dashboard/V1_5__latest_event.sql",
            "dashboard/V1_6__timeline.sql",
            "dashboard/V1_7__plain_names.sql",
            "dashboard/V1_3_1__whole_series_numbers.sql",
            "ingest/V10__leases.sql",
            "ingest/V11__plain_names.sql",
            "ingest/V4__latest_events.sql",
            "pipeline/V10__leases.sql",
            "pipeline/V12__plain_names_and_sessions_to_decide.sql",
            "pipeline/V18__decided_by_study.sql",
            "pipeline/V20__change_of_participant.sql",
            "pipeline/V2__latest_events.sql",
            "qc/V10__leases.sql",
            "qc/V7__server_and_accession.sql");

    private static final Path ROOT = Path.of(System.getProperty("datman.root"));

    @TempDir
    static Path folder;

    private static LocalPostgres postgres;

    @BeforeAll
    static void start() throws Exception {
        postgres = LocalPostgres.start(folder.resolve("postgres"), FreePort.any());
        postgres.createDatabase("fresh");
        postgres.createDatabase("upgraded");
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    private static Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(database), LocalPostgres.USER, "");
    }

    private static String resource(String name) throws IOException {
        try (var in = UpgradeTest.class.getResourceAsStream("/" + EARLIER + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Scripts that had been applied, with their SHA-256. */
    private static Map<String, String> applied(String schema) throws IOException {
        Map<String, String> applied = new TreeMap<>();
        resource(schema + ".tsv").lines().map(line -> line.split("\t", -1)).forEach(row -> applied.put(row[0], row[1]));
        return applied;
    }

    @Test
    void anInstallationOfAnEarlierVersionHasTheSameTablesAfterItsUpgradeAndLosesNoWork() throws Exception {
        // Given new tables, and the earlier ones with work under way
        Map<String, String> fresh = new TreeMap<>();
        try (Connection connection = connect("fresh")) {
            Migrations.apply(ROOT, connection);
            for (String schema : Migrations.schemas()) {
                fresh.put(schema, definition(connection, schema));
            }
        }
        try (Connection connection = connect("upgraded")) {
            execute(connection, earlier());
            execute(connection, List.of(resource("in-flight.sql")));

            // When
            for (String schema : Migrations.schemas()) {
                upgrade(connection, schema);
            }

            // Then
            for (String schema : Migrations.schemas()) {
                assertThat(sorted(definition(connection, schema)))
                        .as(schema)
                        .isEqualTo(sorted(fresh.getOrDefault(schema, "")));
            }
            assertThat(count(connection, "ingest.outbox_event")).isEqualTo(1);
            assertThat(count(connection, "ingest.session_hint where id = 'xnat/E2' and lease_until is null"))
                    .isEqualTo(1);
            assertThat(count(
                            connection,
                            "ingest.latest_event where (topic, identity, major) in"
                                    + " (('session-discovered', 'xnat/E1', 3), ('series-discovered', 'xnat/E1/1', 2))"))
                    .isEqualTo(2);
            assertThat(count(connection, "qc.qc_begun where session = 'xnat/E1'"))
                    .isEqualTo(1);
            assertThat(count(connection, "qc.latest_event where topic = 'series-exported' and (major, minor) = (2, 1)"))
                    .isEqualTo(1);
            assertThat(count(connection, "qc.qc_result where session = 'xnat/E1' and tag = 'T1'"))
                    .isEqualTo(1);
            assertThat(count(connection, "pipeline.job where state = 'RUNNING' and (study, rule) = ('ST', 'dti')"))
                    .isEqualTo(1);
            assertThat(count(connection, "pipeline.latest_event where topic = 'qc-complete'"))
                    .isEqualTo(1);
            assertThat(count(connection, "dashboard.review")).isEqualTo(1);
            assertThat(count(connection, "dashboard.account where username = 'anna'"))
                    .isEqualTo(1);
            assertThat(count(connection, "dashboard.latest_event")).isEqualTo(2);
            assertThat(count(connection, "dashboard.rebuild where wanted")).isEqualTo(1);
        }
    }

    private static String definition(Connection connection, String schema) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set search_path = pg_catalog");
        }
        return SchemaText.of(connection, schema);
    }

    /** Columns stand in the order in which they came. */
    private static List<String> sorted(String definition) {
        return definition
                .lines()
                .filter(line -> !line.startsWith("select setval"))
                .map(line -> line.replaceAll(",$", ""))
                .sorted()
                .toList();
    }

    private static List<String> earlier() throws IOException {
        List<String> statements = new ArrayList<>();
        for (String schema : Migrations.schemas()) {
            statements.addAll(SchemaText.statements(resource(schema + ".sql"), false));
            statements.addAll(SchemaText.statements(resource(schema + ".sql"), true));
        }
        return statements;
    }

    private static void execute(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static void upgrade(Connection connection, String schema) throws SQLException, IOException {
        Map<String, String> before = applied(schema);
        connection.setAutoCommit(false);
        execute(connection, List.of("set search_path = " + schema));
        for (Path script : Migrations.scripts(ROOT, schema)) {
            if (!before.containsKey(script.getFileName().toString())) {
                execute(connection, List.of(Migrations.text(script, schema)));
                connection.commit();
            }
        }
        for (Path script : Migrations.scriptsOfEachStart(ROOT, schema)) {
            execute(connection, List.of(Migrations.text(script, schema)));
            connection.commit();
        }
        connection.setAutoCommit(true);
    }

    private static long count(Connection connection, String from) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from " + from)) {
            row.next();
            return row.getLong(1);
        }
    }

    static List<String> schemas() {
        return Migrations.schemas();
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void aScriptThatWasAppliedNeverChanges(String schema) throws Exception {
        // Given scripts as installations have applied them
        Map<String, String> then = applied(schema);

        // When
        Map<String, String> now = new TreeMap<>();
        for (Path script : Migrations.scripts(ROOT, schema)) {
            now.put(script.getFileName().toString(), DigestUtils.sha256Hex(Files.readAllBytes(script)));
        }

        // Then
        assertThat(now).containsAllEntriesOf(then);
    }

    @Test
    void aMigrationOnlyAddsSoThatTheVersionBeforeCanLiveWithIt() throws Exception {
        // Given all scripts

        // When
        List<String> breaking = new ArrayList<>();
        for (String schema : Migrations.schemas()) {
            for (Path script : Migrations.scripts(ROOT, schema)) {
                if (isBreaking(Files.readString(script))) {
                    breaking.add(schema + "/" + script.getFileName());
                }
            }
        }

        // Then: for another one, add a column or a table beside the old one, fill both, and drop the old one a release
        // later
        assertThat(breaking).containsExactlyInAnyOrderElementsOf(BREAKING_SCRIPTS);
    }

    private static boolean isBreaking(String script) {
        String statements = BODY.matcher(COMMENT.matcher(script).replaceAll(" "))
                .replaceAll(" ")
                .toLowerCase(Locale.ROOT);
        return BREAKING.matcher(statements).find();
    }

    @Test
    void whatAnOlderVersionCannotLiveWithIsRecognized() {
        // Given
        List<String> breaking = List.of(
                "alter table t rename column a to b;",
                "DROP TABLE t;",
                "alter table t add column a text not null;",
                "alter table t alter column a type bigint;",
                "alter table t add column a text, add column b int not null, add column c int default 1;");
        List<String> living = List.of(
                "create table t (a text not null);",
                "alter table t add column a text not null default '';",
                "alter table t add column a text; -- drop table t",
                "create index i on t (a);");

        // When
        List<Boolean> found = breaking.stream().map(UpgradeTest::isBreaking).toList();
        List<Boolean> foundOfLiving =
                living.stream().map(UpgradeTest::isBreaking).toList();

        // Then
        assertThat(found).containsOnly(true);
        assertThat(foundOfLiving).containsOnly(false);
    }
}
