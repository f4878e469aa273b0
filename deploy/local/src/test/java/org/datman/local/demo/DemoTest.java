package org.datman.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionDiscoveredBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.event.SessionSettledBuilder;
import org.junit.jupiter.api.Test;

/** The demo waits for its own sessions and counts those; other sessions are ignored. */
class DemoTest {

    private static final Instant DAY = Instant.parse("2026-01-02T03:04:05Z");
    private static final Demo.Expected EXPECTED =
            new Demo.Expected(List.of("DEMO_CMH_0001_01_01"), List.of(), Map.of(), Duration.ZERO);

    private final SessionHistories histories = new SessionHistories();

    @Test
    void eventsOfASessionThatIsNotExpectedKeepNobodyWaitingAndAreNotCounted() {
        // Given the expected session at its end, and one of the phantom's history that is not
        discovered("E1", "DEMO_CMH_0001_01_01");
        settled("E1", List.of());
        discovered("E2", "DEMO_CMH_PHA_FBN0101");
        settled("E2", List.of(new SessionSettled.SettledSeries("5", 1)));
        histories.called("DEMO_CMH_PHA_FBN0101").orElseThrow().series("5");
        SessionHistories own = histories.only(EXPECTED.sessions());

        // When
        boolean waiting = Demo.keepsWaiting(EXPECTED, own, Set.of("xnat/E2"));

        // Then
        assertThat(waiting).isFalse();
        assertThat(Demo.progress(EXPECTED, own)).isEqualTo("1 of 1 sessions at their end, 0 series seen, 0 verdicts");
        assertThat(own.sessions()).extracting(SessionHistory::label).containsExactly("DEMO_CMH_0001_01_01");
    }

    @Test
    void eventsOfAnExpectedSessionAndItsEndAreWaitedFor() {
        // Given the expected session, at its end or not
        discovered("E1", "DEMO_CMH_0001_01_01");
        boolean before = Demo.keepsWaiting(EXPECTED, histories.only(EXPECTED.sessions()), Set.of());
        settled("E1", List.of());

        // When
        boolean withNews = Demo.keepsWaiting(EXPECTED, histories.only(EXPECTED.sessions()), Set.of("xnat/E1"));

        // Then
        assertThat(before).isTrue();
        assertThat(withNews).isTrue();
        assertThat(Demo.keepsWaiting(EXPECTED, histories.only(EXPECTED.sessions()), Set.of()))
                .isFalse();
    }

    private void discovered(String accession, String label) {
        SessionDiscovered event = SessionDiscoveredBuilder.builder()
                .session(new SessionRef("xnat", accession))
                .sessionRevision(1)
                .status(SessionDiscovered.Status.PRESENT)
                .project("DEMO")
                .subjectLabel(label)
                .label(label)
                .phantom(false)
                .configRevision("config")
                .nameProblem(Optional.of(new Reason("label", "is no name", "Rename it")))
                .build();
        assertThat(histories.add(event, DAY)).map(history -> history.accession).contains(accession);
    }

    private void settled(String accession, List<SessionSettled.SettledSeries> series) {
        histories.add(
                SessionSettledBuilder.builder()
                        .session(new SessionRef("xnat", accession))
                        .settleRevision(1)
                        .cause(SessionSettled.Cause.QUIET)
                        .series(series)
                        .resources(0)
                        .firstSeen(DAY)
                        .lastChange(DAY)
                        .build(),
                DAY);
    }
}
