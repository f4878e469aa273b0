package org.datman.dashboard.metric;

import static org.assertj.core.api.Assertions.assertThat;

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

    /** A query whose rows were all read at once has no open cursor while they are passed on, nor is it of this connection. */
    @Test
    void theValuesOfAStudyAreReadThroughACursorWhileTheyArePassedOn() {
        // Given
        jdbi.useHandle(handle -> handle.execute("""
                insert into metric (session, scan, stem, key, value, unit, study, site, tag, name, day, scanner, software,
                    coil, phantom, content, standing, version)
                select 'STREAM', '3', 'stem' || n, 'efc', 0.5, '1', 'STREAM', 'CMH', 'T1', 'name', date '2026-11-20', '', '',
                    '', false, 'c' || n, 'GOOD', '1' from generate_series(1, 3500) n
                """));
        AtomicInteger read = new AtomicInteger();
        AtomicInteger cursors = new AtomicInteger();

        // When
        series.all("STREAM", point -> {
            if (read.incrementAndGet() == 1) {
                cursors.set(jdbi.withHandle(handle -> handle.createQuery(
                                "select count(*) from pg_cursors where statement like '%from metric where study%'"
                                        + " and statement not like '%pg_cursors%'")
                        .mapTo(Integer.class)
                        .one()));
            }
        });

        // Then
        assertThat(read).hasValue(3500);
        assertThat(cursors).hasValue(1);
    }
}
