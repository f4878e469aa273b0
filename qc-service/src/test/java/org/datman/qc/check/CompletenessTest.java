package org.datman.qc.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled.SettledSeries;
import org.datman.qc.state.QcState.Series;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletenessTest {

    private static final SessionRef SESSION = new SessionRef("test", "E1");

    @ParameterizedTest
    @CsvSource({
        // what came (tag+ exported, tag- failed), how many T1 are expected, outcome of T1
        "T1+, 1, COMPLETE",
        "T1+ T1+, 1, REPEATED",
        "T1+ T1+, 2, COMPLETE",
        "RST+, 1, MISSING",
        "T1+, 0, UNEXPECTED",
        "T1-, 1, INCOMPLETE",
        "T1- T1+, 1, COMPLETE",
        "T1+, 2, MISSING",
    })
    void expectedAgainstFound(String came, int expected, String outcome) {
        // Given
        List<Series> series = new ArrayList<>();
        for (String one : came.split(" ")) {
            String tag = one.substring(0, one.length() - 1);
            series.add(tagged(
                    Integer.toString(series.size() + 1),
                    tag,
                    one.endsWith("+") ? SeriesExported.Outcome.EXPORTED : SeriesExported.Outcome.FAILED));
        }

        // When
        Completeness completeness = Completeness.of(Map.of("T1", expected), settled(series), series, Set.of());

        // Then
        assertThat(completeness.rows())
                .filteredOn(row -> row.tag().equals("T1"))
                .singleElement()
                .satisfies(row -> assertThat(row.outcome()).hasToString(outcome));
        assertThat(completeness.complete()).isEqualTo(outcome.equals("COMPLETE"));
    }

    @Test
    void aTagWithoutAnExpectationMayComeInAnyNumber() {
        // Given
        List<Series> series = List.of(
                tagged("1", "RST", SeriesExported.Outcome.EXPORTED),
                tagged("2", "RST", SeriesExported.Outcome.EXPORTED));

        // When
        Completeness completeness = Completeness.of(Map.of(), settled(series), series, Set.of());

        // Then
        assertThat(completeness.complete()).isTrue();
    }

    @Test
    void aBlacklistedSeriesDoesNotCount() {
        // Given
        List<Series> series = List.of(
                tagged("1", "T1", SeriesExported.Outcome.EXPORTED), tagged("2", "T1", SeriesExported.Outcome.EXPORTED));

        // When
        Completeness completeness = Completeness.of(Map.of("T1", 1), settled(series), series, Set.of("T1-2"));

        // Then
        assertThat(completeness.complete()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "UNMATCHED, false",
        "AMBIGUOUS, false",
        "UNNAMED, false",
        "NOT_CONVERTIBLE, false",
        "IGNORED, true",
        "REMOVED, true"
    })
    void aSeriesWithoutATagIsToldUnlessItIsNotWanted(Decision decision, boolean complete) {
        // Given
        Series series = new Series("1", Optional.of(decision("1", decision, List.of())), Optional.empty());

        // When
        Completeness completeness = Completeness.of(Map.of(), settled(List.of(series)), List.of(series), Set.of());

        // Then
        assertThat(completeness.complete()).isEqualTo(complete);
    }

    @Test
    void whatHasNotReachedItsEndIsPendingAndNotMissing() {
        // Given
        Series untagged = new Series("1", Optional.empty(), Optional.empty());
        Series notExported = new Series(
                "2", tagged("2", "T1", SeriesExported.Outcome.EXPORTED).tagged(), Optional.empty());
        List<Series> series = List.of(untagged, notExported);

        // When
        Completeness completeness = Completeness.of(Map.of("T1", 1), settled(series), series, Set.of());

        // Then
        assertThat(completeness.pending()).containsExactly("1", "2");
        assertThat(completeness.reasons()).isEmpty();
        assertThat(completeness.complete()).isFalse();
    }

    @Test
    void thePartsOfAnImageCountOnceAsTheScanThatStandsForThem() {
        // Given
        List<Series> series = List.of(
                tagged("5001", "BOLD", SeriesExported.Outcome.EXPORTED),
                tagged("5002", "BOLD", SeriesExported.Outcome.COMBINED),
                tagged("5003", "BOLD", SeriesExported.Outcome.COMBINED));

        // When
        Completeness completeness = Completeness.of(Map.of("BOLD", 1), settled(series), series, Set.of());

        // Then
        assertThat(completeness.complete()).isTrue();
        assertThat(completeness.rows().get(0).scans()).containsExactly("5001");
    }

    private static List<SettledSeries> settled(List<Series> series) {
        return series.stream().map(one -> new SettledSeries(one.scan(), 1)).toList();
    }

    private static Series tagged(String scan, String tag, SeriesExported.Outcome outcome) {
        SeriesTagged.Assignment assignment = new SeriesTagged.Assignment(
                tag, tag + "-" + scan, "anat", List.of("nii"), Optional.empty(), Optional.empty(), Optional.empty());
        return new Series(
                scan,
                Optional.of(decision(scan, Decision.TAGGED, List.of(assignment))),
                Optional.of(exported(scan, outcome)));
    }

    private static SeriesTagged decision(String scan, Decision decision, List<SeriesTagged.Assignment> assignments) {
        return new SeriesTagged(
                SESSION,
                1,
                decision,
                Optional.of("S"),
                Optional.of("CMH"),
                Optional.of("S_CMH_1_01_01"),
                false,
                scan,
                Optional.empty(),
                Optional.empty(),
                "description",
                assignments,
                Reason.of("code", "message"),
                List.of(),
                Optional.empty(),
                1,
                "f",
                Optional.empty(),
                "config");
    }

    private static SeriesExported exported(String scan, SeriesExported.Outcome outcome) {
        return new SeriesExported(
                SESSION,
                1,
                1,
                outcome,
                "S",
                "CMH",
                "S_CMH_1_01_01",
                false,
                scan,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "run",
                "config",
                Instant.EPOCH,
                Instant.EPOCH);
    }
}
