package org.datman.dashboard.today;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.dashboard.today.TodaySession.Missing;
import org.datman.dashboard.today.TodaySession.Row;
import org.datman.dashboard.today.TodaySession.Scanned;
import org.datman.dashboard.today.TodaySession.State;
import org.junit.jupiter.api.Test;

class TodaySessionTest {

    private static final Instant NOW = Instant.parse("2026-12-01T10:00:00Z");
    private static final EventFixtures FIXTURES = EventFixtures.of("E1", "SPN01_CMH_0001_01_01");

    @Test
    void aFlaggedSeriesIsScannedAgainAndSaysWhy() {
        // Given
        List<Row> rows = List.of(row(2, "T1", "DONE", "PASS"), row(3, "RST", "ATTENTION", "FLAG", "head moved 4 mm"));

        // When
        TodaySession session = session(rows, null);

        // Then
        assertThat(session.state()).isEqualTo(State.RESCAN);
        assertThat(session.notGood()).hasSize(1);
        assertThat(session.notGood().get(0).why()).isEqualTo("head moved 4 mm");
        assertThat(session.notGood().get(0).action()).contains("RST");
        assertThat(session.good()).isEqualTo(1);
    }

    @Test
    void oneThatWasRepeatedNeedsNobodyAnyMore() {
        // Given
        List<Row> rows = List.of(
                row(3, "RST", "ATTENTION", "FLAG", "head moved 4 mm"), row(9, "RST", "DONE", "WARN", "short run"));

        // When
        TodaySession session = session(rows, null);

        // Then
        assertThat(session.state()).isEqualTo(State.GOOD);
        assertThat(session.series()).extracting(Scanned::action).containsExactly("repeated as series 9", "");
    }

    @Test
    void anEarlierGoodOneIsNoRepetition() {
        // Given
        List<Row> rows = List.of(row(3, "RST", "DONE", "PASS"), row(9, "RST", "ATTENTION", "FLAG", "spikes"));

        // When
        TodaySession session = session(rows, null);

        // Then
        assertThat(session.state()).isEqualTo(State.RESCAN);
    }

    @Test
    void whatIsMissingIsSaidOnceTheSessionWasChecked() {
        // Given
        SessionChecked check = FIXTURES.checked(
                1,
                false,
                new SessionChecked.Row("T1", 1, 1, List.of("2"), SessionChecked.Outcome.COMPLETE),
                new SessionChecked.Row("T2", 1, 0, List.of(), SessionChecked.Outcome.MISSING));

        // When
        TodaySession session = session(List.of(row(2, "T1", "DONE", "PASS")), check);

        // Then
        assertThat(session.state()).isEqualTo(State.MISSING);
        assertThat(session.missing()).containsExactly(new Missing("T2", "1", 0));
    }

    @Test
    void workUnderWayAndFaultsOfOthersAreNoReasonToScanAgain() {
        // Given
        List<Row> rows = List.of(
                row(2, "T1", "WORKING", ""),
                row(4, "", "ATTENTION", ""),
                row(5, "DTI", "ATTENTION", "ERROR", "no mask"),
                row(6, "", "IGNORED", ""));

        // When
        TodaySession session = session(rows, null);

        // Then
        assertThat(session.state()).isEqualTo(State.LOOK);
        assertThat(session.series())
                .extracting(Scanned::state)
                .containsExactly(State.LOOK, State.LOOK, State.MEASURING);
    }

    private static TodaySession session(List<Row> rows, SessionChecked check) {
        return TodaySession.of(
                "xnat/E1",
                "SPN01",
                "SPN01_CMH_0001_01_01",
                false,
                LocalDate.parse("2026-12-01"),
                false,
                NOW,
                false,
                rows,
                check);
    }

    private static Row row(int number, String tag, String state, String verdict, String... reasons) {
        return new Row(
                String.valueOf(number),
                number,
                "description " + number,
                tag,
                state,
                "a reason",
                "an action",
                verdict,
                NOW.plusSeconds(number),
                verdict.isEmpty() ? null : NOW.plusSeconds(60),
                List.of(reasons));
    }
}
