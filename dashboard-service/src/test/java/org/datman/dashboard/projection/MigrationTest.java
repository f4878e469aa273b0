package org.datman.dashboard.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import javax.sql.DataSource;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Migrations of tables that hold something already. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class MigrationTest {

    private static final String OLD = "dashboard_migration_test";
    private static final String SHARED = "dashboard_shape_test";

    @Inject
    DataSource database;

    @Inject
    Jdbi jdbi;

    @AfterEach
    void drop() {
        jdbi.useHandle(handle -> handle.execute(
                "drop schema if exists " + OLD + " cascade; drop schema if exists " + SHARED + " cascade"));
    }

    @Test
    void theNewestEventsStayInTheTableThatAllServicesHave() {
        // Given
        migrate(OLD, "1.4", "db/dashboard");
        migrate(SHARED, "latest", "db/latest");
        jdbi.useHandle(
                handle -> handle.execute(
                        "insert into " + OLD + ".fact values ('session-discovered', 'a/E1', 'a/E1', '', 4, 0,"
                                + " '00000000-0000-0000-0000-000000000001', '2026-03-01T10:00:00Z', '2026-03-01T11:00:00Z', '{\"label\": \"one\"}')"));

        // When
        migrate(OLD, "1.5", "db/dashboard", "db/latest");

        // Then
        assertThat(strings(
                        "select topic || ' ' || identity || ' ' || session || ' ' || scan || ' ' || major || ' ' || minor || ' '"
                                + " || (last_published - published)::text || ' ' || (payload ->> 'label') from " + OLD
                                + ".latest_event"))
                .containsExactly("session-discovered a/E1 a/E1  4 0 01:00:00 one");
        assertThat(shape(OLD)).isNotEmpty().isEqualTo(shape(SHARED));
    }

    @Test
    void rowsStayUnderTheNewNamesOfTheirColumns() {
        // Given
        migrate(OLD, "1.6", "db/dashboard", "db/latest");
        jdbi.useHandle(handle -> handle.execute("insert into " + OLD
                + ".timeline_event values ('00000000-0000-0000-0000-000000000001', 'session-discovered', 'a/E1', '',"
                + " '2026-03-01T10:00:00Z', '/datman/ingest', '', 'E1 was discovered')"));

        // When
        migrate(OLD, "1.7", "db/dashboard", "db/latest");

        // Then
        assertThat(strings("select description || ' ' || extract(epoch from published)::bigint from " + OLD
                        + ".timeline_event"))
                .containsExactly("E1 was discovered 1772359200");
    }

    private List<String> shape(String schema) {
        return strings("select column_name || ' ' || data_type || ' ' || is_nullable from information_schema.columns"
                + " where table_schema = '" + schema + "' and table_name = 'latest_event' order by ordinal_position");
    }

    private List<String> strings(String query) {
        return jdbi.withHandle(
                handle -> handle.createQuery(query).mapTo(String.class).list());
    }

    private void migrate(String schema, String target, String... locations) {
        Flyway.configure()
                .dataSource(database)
                .schemas(schema)
                .createSchemas(true)
                .outOfOrder(true)
                .locations(locations)
                .target(target)
                .load()
                .migrate();
    }
}
