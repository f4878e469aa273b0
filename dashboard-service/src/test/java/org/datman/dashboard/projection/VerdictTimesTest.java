package org.datman.dashboard.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class VerdictTimesTest {

    private static final Instant T = EventFixtures.START;

    @Inject
    Projector projector;

    @Inject
    VerdictTimes verdicts;

    @Test
    void theFirstVerdictAboutARevisionCountsFromItsDiscoveryAndNoRepeatedOne() {
        // Given a series, its verdict after 90 s, the same measured again, and one of a revision that is not known
        EventFixtures fixtures = EventFixtures.of("TIMES_E1", "SPN01_CMH_1901_01_01");
        projector.apply(Envelope.first(fixtures.discovered(1, fixtures.name()), "ingest", T));
        projector.apply(Envelope.first(fixtures.series("3", 1, "Sag T1"), "ingest", T));
        Envelope<QcComplete> verdict = verdict(fixtures, 1, 90);
        Envelope<QcComplete> again = verdict(fixtures, 1, 500);
        Envelope<QcComplete> ofAnother = verdict(fixtures, 2, 600);

        // When
        Optional<Duration> first = verdicts.first(verdict);
        projector.apply(verdict);
        Optional<Duration> repeated = verdicts.first(again);
        Optional<Duration> unknown = verdicts.first(ofAnother);

        // Then
        assertThat(first).contains(Duration.ofSeconds(90));
        assertThat(repeated).isEmpty();
        assertThat(unknown).isEmpty();
    }

    private static Envelope<QcComplete> verdict(EventFixtures fixtures, long revision, int seconds) {
        return Envelope.first(
                fixtures.measured("3", revision, "T1", QcComplete.Level.PASS), "qc", T.plusSeconds(seconds));
    }
}
