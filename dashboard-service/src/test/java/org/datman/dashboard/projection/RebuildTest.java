package org.datman.dashboard.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.ConfigurationRead;
import org.datman.contracts.event.Envelope;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class RebuildTest {

    @Inject
    Rebuild rebuild;

    @Inject
    Jdbi jdbi;

    @Test
    void anEventThatCannotBeTakenInIsLeftOutAndReportedAndTheRebuildGoesOn() throws Exception {
        // Given: a time of which no milliseconds can be counted
        Envelope<ConfigurationRead> event = Envelope.first(
                new ConfigurationRead("r1", List.of("SPN01"), List.of(), Instant.MAX, Optional.of(List.of())),
                "/datman/ingest",
                Instant.now());

        // When
        rebuild.apply(event);

        // Then
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(reported(event))
                .singleElement()
                .asString()
                .contains("The read model was rebuilt without", "configuration-read", "ArithmeticException"));
    }

    private List<String> reported(Envelope<?> event) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "select message from failure where stage = 'rebuild' and cause = :cause and open")
                .bind("cause", event.id().toString())
                .mapTo(String.class)
                .list());
    }
}
