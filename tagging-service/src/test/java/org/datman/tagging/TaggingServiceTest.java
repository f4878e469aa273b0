package org.datman.tagging;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionRef;
import org.datman.platform.testkit.ChannelRules;
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
            SeriesDiscovered series = series();

            // When
            Envelope<SeriesDiscovered> cause = events.say(series);

            // Then
            Envelope<SeriesTagged> tagged =
                    events.await(SeriesTagged.class, event -> event.session().equals(series.session()));
            assertThat(tagged.event().decision()).isEqualTo(SeriesTagged.Decision.TAGGED);
            assertThat(tagged.event().seriesRevision()).isEqualTo(4);
            assertThat(tagged.causationId()).contains(cause.id().toString());
            assertThat(tagged.source()).isEqualTo("/datman/tagging");
        }
    }

    @Test
    void everyChannelDeclaresItsFailureStrategy() throws Exception {
        // When
        List<String> breaches = ChannelRules.breaches("tagging");

        // Then
        assertThat(breaches).isEmpty();
    }

    private static SeriesDiscovered series() {
        return new SeriesDiscovered(
                new SessionRef("test", "T_E00001"),
                4,
                SeriesDiscovered.Status.PRESENT,
                Optional.empty(),
                "SPN01",
                "subject",
                "SPN01_CMH_0001_01_01",
                "3",
                Optional.empty(),
                Optional.empty(),
                "Sag T1",
                "",
                "xnat:mrScanData",
                "usable",
                List.of("ORIGINAL", "PRIMARY", "M", "ND"),
                new TreeSet<>(),
                Map.of(),
                Optional.of("17"),
                10,
                1000,
                "fingerprint",
                Optional.of("2026-01-02"));
    }
}
