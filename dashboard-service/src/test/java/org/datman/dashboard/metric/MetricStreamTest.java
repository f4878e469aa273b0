package org.datman.dashboard.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.concurrent.atomic.AtomicInteger;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class MetricStreamTest {

    @Inject
    Jdbi jdbi;

    @Inject
    MetricSeries series;

    /** Rows that were read already cannot be lost with the connection: what is missing afterwards was not in memory. */
    @Test
    void theValuesOfAStudyAreReadWhileTheyArePassedOn() {
        // Given
        jdbi.useHandle(handle -> handle.execute("""
                insert into metric (session, scan, stem, key, value, unit, study, site, tag, name, day, scanner, software,
                    coil, phantom, content, standing, version)
                select 'STREAM', '3', 'stem' || n, 'efc', 0.5, '1', 'STREAM', 'CMH', 'T1', 'name', date '2026-11-20', '', '',
                    '', false, 'c' || n, 'GOOD', '1' from generate_series(1, 3500) n
                """));
        AtomicInteger all = new AtomicInteger();
        series.all("STREAM", point -> all.incrementAndGet());
        AtomicInteger read = new AtomicInteger();

        // When
        Throwable thrown = catchThrowable(() -> series.all("STREAM", point -> {
            if (read.incrementAndGet() == 1) {
                endConnection();
            }
        }));

        // Then
        assertThat(all).hasValue(3500);
        assertThat(thrown).isNotNull();
        assertThat(read).hasValue(MetricSeries.FETCH);
    }

    private void endConnection() {
        // Outside of the transaction that reads, which would use its own connection.
        QuarkusTransaction.suspendingExisting().run(() -> jdbi.useHandle(handle -> handle.execute("""
                select pg_terminate_backend(pid) from pg_stat_activity
                where pid <> pg_backend_pid() and query like '%from metric where study%'
                """)));
    }
}
