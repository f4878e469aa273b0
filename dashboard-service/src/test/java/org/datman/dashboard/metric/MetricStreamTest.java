package org.datman.dashboard.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
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

    @Test
    void theValuesOfAStudyArePassedOnOnceEachAndNoConnectionWaitsForTheirReader() {
        // Given
        jdbi.useHandle(handle -> handle.execute("""
                insert into metric (session, scan, stem, key, value, unit, study, site, tag, name, day, scanner, software,
                    coil, phantom, content, standing, version)
                select 'STREAM', '3', 'stem' || n, 'efc', 0.5, '1', 'STREAM', 'CMH', 'T1', 'name', date '2026-11-20', '', '',
                    '', false, 'c' || n, 'GOOD', v::text from generate_series(1, 2250) n, generate_series(1, 2) v
                """));
        List<String> read = new ArrayList<>();
        List<Integer> waiting = new ArrayList<>();

        // When
        series.all("STREAM", point -> {
            read.add(point.content() + " " + point.version());
            if (read.size() % 1000 == 1) {
                waiting.add(jdbi.withHandle(handle -> handle.createQuery(
                                "select count(*) from pg_stat_activity where state like 'idle in transaction%'"
                                        + " and query like '%from metric where study%'")
                        .mapTo(Integer.class)
                        .one()));
            }
        });

        // Then: of one day, and of one image by two definitions
        assertThat(read).hasSize(4500).doesNotHaveDuplicates();
        assertThat(waiting).hasSize(5).containsOnly(0);
    }
}
