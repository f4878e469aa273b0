package org.datman.tagging;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.testkit.ASeries;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class TaggingServiceTest {

    @Test
    void aDiscoveredSeriesIsAnsweredWithItsTag() {
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            // Given
            SeriesDiscovered series =
                    ASeries.of("SPN01", "SPN01_CMH_0001_01_01", "3", SeriesDiscovered.Status.PRESENT, "Sag T1");

            // When
            Envelope<SeriesDiscovered> cause = events.publish(series);

            // Then
            Envelope<SeriesTagged> tagged =
                    events.await(SeriesTagged.class, event -> event.session().equals(series.session()));
            assertThat(tagged.event().decision()).isEqualTo(SeriesTagged.Decision.TAGGED);
            assertThat(tagged.event().seriesRevision()).isEqualTo(4);
            assertThat(tagged.causationId()).contains(cause.id().toString());
            assertThat(tagged.source()).isEqualTo("/datman/tagging");
        }
    }
}
