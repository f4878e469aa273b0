package org.datman.ingest.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesAssigned;
import org.datman.contracts.event.SeriesAssigned.Decision;
import org.datman.contracts.event.SeriesAssignedBuilder;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesDiscoveredBuilder;
import org.datman.contracts.event.SessionRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssignmentsTest {

    private static final SessionRef REF = new SessionRef("xnat", "X_E1");
    private static final Instant T = Instant.parse("2026-11-02T09:00:00Z");

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // Assigned to scan 3 with UID 1.3: what does the series have that comes as this scan with this UID?
                "3, 1.3, T1",
                "3, -, T1",
                "3-MR1, 1.3, T1",
                "3, 1.4, -",
                "4, 1.4, -",
                "4, -, -",
            })
    void anAssignmentIsOfTheSeriesAndNotOfItsScan(String scan, String uid, String tag) {
        // Given
        SeriesDiscovered now = series(scan, uid);

        // When
        Optional<String> assigned = new Assignments(List.of(assigned("3", "1.3", Decision.TAG, "T1", T)), List.of(now))
                .of(now)
                .flatMap(SeriesAssigned.Assigned::tag);

        // Then
        assertThat(assigned).isEqualTo(Optional.ofNullable(tag));
    }

    @Test
    void whatWasAssignedInAnotherSessionIsNotOfAScanOfTheSameIdWhoseUidIsUnknown() {
        // Given the first T1 of every subject is scan 3
        SeriesAssigned other = assigned(new SessionRef("xnat", "X_E2"), "3", "1.3", Decision.NO_TAG, null, T);
        SeriesDiscovered now = series("3", null);

        // When
        Assignments assignments = new Assignments(List.of(other), List.of(now));

        // Then
        assertThat(assignments.of(now)).isEmpty();
    }

    @Test
    void ofTwoScansThatShareAUidItIsOfTheOneThatWasNamed() {
        // Given
        List<SeriesDiscovered> both = List.of(series("3", "1.3"), series("4", "1.3"));

        // When
        Assignments assignments = new Assignments(List.of(assigned("3", "1.3", Decision.TAG, "T1", T)), both);

        // Then
        assertThat(assignments.of(both.get(0))).isPresent();
        assertThat(assignments.of(both.get(1))).isEmpty();
    }

    @Test
    void takenBackUnderItsNewScanIdTheRulesDecideAgain() {
        // Given
        SeriesDiscovered sentAgain = series("3-MR1", "1.3");

        // When
        Assignments assignments = new Assignments(
                List.of(
                        assigned("3", "1.3", Decision.TAG, "T1", T),
                        assigned("3-MR1", "1.3", Decision.WITHDRAWN, null, T.plusSeconds(60))),
                List.of(sentAgain));

        // Then
        assertThat(assignments.of(sentAgain)).isEmpty();
    }

    @Test
    void anotherSeriesThatComesAsItsScanIsReported() {
        // Given
        SeriesDiscovered before = series("3", "1.3")
                .withAssigned(assigned("3", "1.3", Decision.TAG, "T1", T).standing());

        // When
        List<Reason> fresh = Oddities.fresh(Map.of("3", before), List.of(series("3", "1.4")));

        // Then
        assertThat(fresh).extracting(Reason::code).containsExactly("assigned-series-replaced");
        assertThat(Oddities.fresh(Map.of("3", before), List.of(before.withFileCount(2))))
                .isEmpty();
    }

    static SeriesAssigned assigned(String scan, String uid, Decision decision, String tag, Instant time) {
        return assigned(REF, scan, uid, decision, tag, time);
    }

    private static SeriesAssigned assigned(
            SessionRef session, String scan, String uid, Decision decision, String tag, Instant time) {
        return SeriesAssignedBuilder.builder()
                .session(session)
                .scan(scan)
                .decision(decision)
                .reason("It is the T1")
                .assignedBy("jdoe")
                .time(time)
                .uid(Optional.ofNullable(uid))
                .tag(Optional.ofNullable(tag))
                .build();
    }

    private static SeriesDiscovered series(String scan, String uid) {
        return SeriesDiscoveredBuilder.builder()
                .session(REF)
                .seriesRevision(1)
                .status(SeriesDiscovered.Status.PRESENT)
                .project("P")
                .subjectLabel("S")
                .sessionLabel("L")
                .scan(scan)
                .description("")
                .xnatType("")
                .xsiType("xnat:mrScanData")
                .quality("")
                .imageType(List.of())
                .echoNumbers(new TreeSet<>())
                .header(Map.of())
                .fileCount(1)
                .byteCount(1)
                .fingerprint("f")
                .uid(Optional.ofNullable(uid))
                .resource(Optional.of("9"))
                .build();
    }
}
