package org.datman.qc.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExportedBuilder;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.event.SeriesTaggedAssignmentBuilder;
import org.datman.contracts.event.SeriesTaggedBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled.SettledSeries;
import org.datman.contracts.study.ExpectedCount;
import org.datman.qc.state.QcState.Series;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionCompletenessTest {

    private static final SessionRef SESSION = new SessionRef("test", "E1");

    @ParameterizedTest
    @CsvSource({
        // what came (tag+ exported, tag~ in part, tag- failed), how many T1 are expected, outcome of T1
        "T1+, 1, COMPLETE",
        "T1+ T1+, 1, REPEATED",
        "T1+ T1+, 2, COMPLETE",
        "RST+, 1, MISSING",
        "T1+, 0, UNEXPECTED",
        "T1-, 1, INCOMPLETE",
        "T1- T1+, 1, COMPLETE",
        "T1+, 2, MISSING",
        "T1~, 1, INCOMPLETE",
        "T1~ T1+, 1, REPEATED",
        "T1~ T1+, 2, INCOMPLETE",
        "T1~, 0, UNEXPECTED",
        "T1-, 0, COMPLETE",
        "T1+, ?, COMPLETE",
        "T1~, ?, INCOMPLETE",
        "T1-, ?, INCOMPLETE",
        // several accepted numbers
        "RST+, 0/1, COMPLETE",
        "RST+, 1/2, MISSING",
        "T1+, 1/2, COMPLETE",
        "T1+ T1+, 1/2, COMPLETE",
        "T1+ T1+, 1/3, MISSING",
        "T1+ T1+ T1+, 1/2, REPEATED",
        "T1+ T1-, 1/2, COMPLETE",
        "T1+ T1~, 1/2, INCOMPLETE",
        "T1~, 0/1, INCOMPLETE",
    })
    void expectedAgainstFound(String came, String expected, String outcome) {
        // Given
        List<Series> series = new ArrayList<>();
        for (String one : came.split(" ")) {
            String tag = one.substring(0, one.length() - 1);
            series.add(tagged(
                    Integer.toString(series.size() + 1),
                    tag,
                    switch (one.charAt(one.length() - 1)) {
                        case '+' -> SeriesExported.Outcome.EXPORTED;
                        case '~' -> SeriesExported.Outcome.PARTIAL;
                        default -> SeriesExported.Outcome.FAILED;
                    }));
        }
        Map<String, ExpectedCount> study = expected.equals("?")
                ? Map.of()
                : Map.of(
                        "T1",
                        new ExpectedCount(
                                Stream.of(expected.split("/"))
                                        .map(Integer::valueOf)
                                        .toList(),
                                ""));

        // When
        SessionCompleteness completeness = SessionCompleteness.of(study, settled(series), series, Set.of());

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
        SessionCompleteness completeness = SessionCompleteness.of(Map.of(), settled(series), series, Set.of());

        // Then
        assertThat(completeness.complete()).isTrue();
    }

    @Test
    void whatIsMissingNamesTheAcceptedNumbersAndTheEntry() {
        // Given
        ExpectedCount count = new ExpectedCount(List.of(1, 2), "Count for timepoint 01");

        // When
        SessionCompleteness completeness =
                SessionCompleteness.of(Map.of("T1", count), settled(List.of()), List.of(), Set.of());

        // Then
        assertThat(completeness.reasons())
                .containsExactly("T1 is missing: expected 1 or 2 (Count for timepoint 01), found 0");
        assertThat(completeness.rows()).singleElement().satisfies(row -> {
            assertThat(row.expected()).isEqualTo(1);
            assertThat(row.accepted()).contains(List.of(1, 2));
            assertThat(row.rule()).contains("Count for timepoint 01");
        });
    }

    @Test
    void aBlacklistedSeriesDoesNotCount() {
        // Given
        List<Series> series = List.of(
                tagged("1", "T1", SeriesExported.Outcome.EXPORTED), tagged("2", "T1", SeriesExported.Outcome.EXPORTED));

        // When
        SessionCompleteness completeness =
                SessionCompleteness.of(Map.of("T1", ExpectedCount.of(1)), settled(series), series, Set.of("T1-2"));

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
    void aSeriesWithoutATagIsReportedUnlessItIsNotWanted(Decision decision, boolean complete) {
        // Given
        Series series = new Series("1", decision("1", decision, List.of()), null);

        // When
        SessionCompleteness completeness =
                SessionCompleteness.of(Map.of(), settled(List.of(series)), List.of(series), Set.of());

        // Then
        assertThat(completeness.complete()).isEqualTo(complete);
    }

    @Test
    void whatHasNotReachedItsEndIsPendingAndNotMissing() {
        // Given
        Series untagged = new Series("1", null, null);
        Series notExported = new Series(
                "2", tagged("2", "T1", SeriesExported.Outcome.EXPORTED).tagged(), null);
        List<Series> series = List.of(untagged, notExported);

        // When
        SessionCompleteness completeness =
                SessionCompleteness.of(Map.of("T1", ExpectedCount.of(1)), settled(series), series, Set.of());

        // Then
        assertThat(completeness.pending()).containsExactly("1", "2");
        assertThat(completeness.reasons()).isEmpty();
        assertThat(completeness.complete()).isFalse();
    }

    @Test
    void thePartsOfAnImageCountOnceAsTheScanThatRepresentsThem() {
        // Given
        List<Series> series = List.of(
                tagged("5001", "BOLD", SeriesExported.Outcome.EXPORTED),
                tagged("5002", "BOLD", SeriesExported.Outcome.COMBINED),
                tagged("5003", "BOLD", SeriesExported.Outcome.COMBINED));

        // When
        SessionCompleteness completeness =
                SessionCompleteness.of(Map.of("BOLD", ExpectedCount.of(1)), settled(series), series, Set.of());

        // Then
        assertThat(completeness.complete()).isTrue();
        assertThat(completeness.rows().get(0).scans()).containsExactly("5001");
    }

    @ParameterizedTest
    @CsvSource({"PARTIAL, 2 of 68 files", "FAILED, 2 of 68 files"})
    void aSeriesThatIsNotWholeIsNamedWithItsReason(SeriesExported.Outcome outcome, String reason) {
        // Given a tag that the study expects in no number, or not at all
        List<Series> series = List.of(tagged("7", "T1", outcome));

        // When
        SessionCompleteness completeness = SessionCompleteness.of(Map.of(), settled(series), series, Set.of());

        // Then
        assertThat(completeness.complete()).isFalse();
        assertThat(completeness.rows()).singleElement().satisfies(row -> assertThat(row.notWhole())
                .contains(List.of("7")));
        assertThat(completeness.reasons()).singleElement().satisfies(text -> assertThat(text)
                .contains("T1", "scan 7", reason));
    }

    @Test
    void aTagWhoseImageIsNotThereIsNotFoundWhateverElseTheSeriesGave() {
        // Given a field map of magnitude only, whose phase has a tag of its own
        List<SeriesTagged.Assignment> both = List.of(assignment("MAG", "5"), assignment("PHASE", "5"));
        Series series = new Series(
                "5",
                decision("5", Decision.TAGGED, both),
                exported("5", SeriesExported.Outcome.PARTIAL, List.of(product("MAG", "5"))));

        // When
        SessionCompleteness completeness = SessionCompleteness.of(
                Map.of("MAG", ExpectedCount.of(1), "PHASE", ExpectedCount.of(1)),
                settled(List.of(series)),
                List.of(series),
                Set.of());

        // Then
        assertThat(completeness.rows())
                .filteredOn(row -> row.tag().equals("PHASE"))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.found()).isZero();
                    assertThat(row.notWhole()).contains(List.of("5"));
                });
        assertThat(completeness.reasons()).anyMatch(reason -> reason.contains("PHASE") && reason.contains("scan 5"));
        assertThat(completeness.complete()).isFalse();
    }

    private static List<SettledSeries> settled(List<Series> series) {
        return series.stream().map(one -> new SettledSeries(one.scan(), 1)).toList();
    }

    private static Series tagged(String scan, String tag, SeriesExported.Outcome outcome) {
        boolean made = outcome == SeriesExported.Outcome.EXPORTED || outcome == SeriesExported.Outcome.PARTIAL;
        return new Series(
                scan,
                decision(scan, Decision.TAGGED, List.of(assignment(tag, scan))),
                exported(scan, outcome, made ? List.of(product(tag, scan)) : List.of()));
    }

    private static SeriesTagged.Assignment assignment(String tag, String scan) {
        return SeriesTaggedAssignmentBuilder.builder()
                .tag(tag)
                .stem(tag + "-" + scan)
                .qcKind("anat")
                .formats(List.of("nii"))
                .build();
    }

    private static SeriesExported.Product product(String tag, String scan) {
        return new SeriesExported.Product(tag + "-" + scan, tag, "anat", List.of(), List.of());
    }

    private static SeriesTagged decision(String scan, Decision decision, List<SeriesTagged.Assignment> assignments) {
        return SeriesTaggedBuilder.builder()
                .session(SESSION)
                .seriesRevision(1)
                .decision(decision)
                .phantom(false)
                .scan(scan)
                .description("description")
                .assignments(assignments)
                .reason(Reason.of("code", "message"))
                .explanation(List.of())
                .fileCount(1)
                .fingerprint("f")
                .configRevision("config")
                .study(Optional.of("S"))
                .site(Optional.of("CMH"))
                .sessionName(Optional.of("S_CMH_1_01_01"))
                .build();
    }

    private static SeriesExported exported(
            String scan, SeriesExported.Outcome outcome, List<SeriesExported.Product> products) {
        return SeriesExportedBuilder.builder()
                .session(SESSION)
                .seriesRevision(1)
                .exportRevision(1)
                .outcome(outcome)
                .study("S")
                .site("CMH")
                .sessionName("S_CMH_1_01_01")
                .phantom(false)
                .scan(scan)
                .products(products)
                .runKey("run")
                .configRevision("config")
                .started(Instant.EPOCH)
                .finished(Instant.EPOCH)
                .reason(
                        outcome == SeriesExported.Outcome.EXPORTED
                                ? Optional.empty()
                                : Optional.of(Reason.of("broken-dicom", "2 of 68 files cannot be read")))
                .build();
    }
}
