package org.datman.dashboard.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.datman.dashboard.access.Access;
import org.datman.dashboard.access.GrantedStudies;
import org.datman.platform.study.Studies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverdueSessionsTest {

    private static final Instant SINCE = Instant.parse("2026-03-01T10:00:30Z");

    /** Of a study that is not known, sessions settle after six hours at the latest. */
    @ParameterizedTest(name = "[{index}] {0} after {1} -> {2}")
    @CsvSource({
        "TAG,    PT29M, ''",
        "TAG,    PT31M, 'series 3 (T1) waits for series-tagged since 2026-03-01T10:00:00Z'",
        "EXPORT, PT5H,  ''",
        "EXPORT, PT7H,  'series 3 (T1) waits for series-exported since 2026-03-01T10:00:00Z'",
        "QC,     PT7H,  'series 3 (T1) waits for qc-complete since 2026-03-01T10:00:00Z'",
        "CHECK,  PT31M, 'series 3 (T1) waits for session-checked since 2026-03-01T10:00:00Z'",
        "SETTLE, PT6H,  ''",
        "PARTS,  PT6H,  ''",
        "SETTLE, PT7H,  'series 3 (T1) waits for session-settled since 2026-03-01T10:00:00Z'",
        "PARTS,  PT7H,  'series 3 (T1) waits for series-exported since 2026-03-01T10:00:00Z'"
    })
    void whatWaitsLongerThanItsStageEverTakesIsNamedWithTheEvent(
            OverdueSessions.Wait wait, Duration after, String reported) {
        // Given
        OverdueSessions overdue = at(SINCE.plus(after));

        // When
        List<Inbox.WaitingSession> sessions = overdue.late(List.of(waiting("A", "3", wait, SINCE)));

        // Then
        assertThat(sessions.stream()
                        .map(Inbox.WaitingSession::reason)
                        .findFirst()
                        .orElse(""))
                .isEqualTo(reported);
    }

    @Test
    void aSessionIsThereOnceHoweverMuchOfItWaits() {
        // Given
        OverdueSessions overdue = at(SINCE.plus(Duration.ofDays(2)));

        // When
        List<Inbox.WaitingSession> sessions = overdue.late(List.of(
                waiting("A", "3", OverdueSessions.Wait.EXPORT, SINCE.plusSeconds(60)),
                waiting("A", "4", OverdueSessions.Wait.EXPORT, SINCE.plusSeconds(60)),
                waiting("A", "5", OverdueSessions.Wait.QC, SINCE.plusSeconds(60)),
                waiting("A", "6", OverdueSessions.Wait.QC, SINCE.plusSeconds(60)),
                waiting("A", "", OverdueSessions.Wait.CHECK, SINCE),
                waiting("B", "1", OverdueSessions.Wait.TAG, SINCE.plusSeconds(1))));

        // Then
        assertThat(sessions).extracting(Inbox.WaitingSession::session).containsExactly("A", "B");
        assertThat(sessions.get(0).reason())
                .isEqualTo("the session waits for session-checked since 2026-03-01T10:00:00Z;"
                        + " series 3 (T1) waits for series-exported since 2026-03-01T10:01:00Z;"
                        + " series 4 (T1) waits for series-exported since 2026-03-01T10:01:00Z; 2 more");
        assertThat(sessions.get(0).action())
                .isEqualTo(
                        "See with './datman status' whether qc works; if it does, press 'Check again' of the session");
    }

    @Test
    void whatAServiceReportsOfTheWaitingIsPublishedWithIt() {
        // Given
        OverdueSessions.Waiting lacksParts = new OverdueSessions.Waiting(
                "A",
                "SPN01",
                "",
                "label",
                "3",
                "BOLD",
                OverdueSessions.Wait.PARTS,
                SINCE,
                "export: waits for the tagging of scan 4");

        // When
        List<Inbox.WaitingSession> sessions = at(SINCE.plus(Duration.ofDays(2))).late(List.of(lacksParts));

        // Then
        assertThat(sessions)
                .extracting(Inbox.WaitingSession::reason)
                .containsExactly("series 3 (BOLD) waits for series-exported since 2026-03-01T10:00:00Z"
                        + " (export: waits for the tagging of scan 4)");
    }

    private static OverdueSessions at(Instant now) {
        Clock clock = Clock.fixed(now, ZoneOffset.UTC);
        Studies none = new Studies(Path.of("target/no-studies"), Duration.ofHours(1), clock);
        Duration half = Duration.ofMinutes(30);
        Duration six = Duration.ofHours(6);
        GrantedStudies all = new GrantedStudies(none, new Access(null, null));
        return new OverdueSessions(null, all, clock, half, six, six, half, half);
    }

    private static OverdueSessions.Waiting waiting(
            String session, String scan, OverdueSessions.Wait wait, Instant since) {
        return new OverdueSessions.Waiting(
                session, "SPN01", "SPN01_CMH_0001_01_01", "label", scan, "T1", wait, since, "");
    }
}
