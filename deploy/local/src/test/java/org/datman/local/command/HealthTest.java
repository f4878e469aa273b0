package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HealthTest {

    @Test
    void whatIsDownIsShownWithWhy() {
        // Given the health answer of a service whose worker ended, one of whose channels stopped, and that cannot reach
        // Kafka
        String body = """
                {"status": "DOWN", "checks": [
                  {"name": "worker threads", "status": "DOWN",
                   "data": {"ended": "ingest-worker-1: java.lang.OutOfMemoryError: Java heap space"}},
                  {"name": "SmallRye Reactive Messaging - liveness check", "status": "DOWN",
                   "data": {"events-out": "[OK]", "series-tagged": "[KO] - it stops here"}},
                  {"name": "Kafka", "status": "DOWN", "data": {"trouble": "no answer within 3 s"}},
                  {"name": "Database connections health check", "status": "UP", "data": {"<default>": "UP"}}
                ]}
                """;

        // When
        List<String> reasons = Health.reasons(body);

        // Then
        assertThat(reasons)
                .containsExactly(
                        "worker threads: ended ingest-worker-1: java.lang.OutOfMemoryError: Java heap space",
                        "SmallRye Reactive Messaging - liveness check: series-tagged [KO] - it stops here",
                        "Kafka: trouble no answer within 3 s");
    }
}
