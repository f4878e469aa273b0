package org.datman.qc.trend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.HeaderRules;
import org.datman.contracts.study.Severity;
import org.datman.contracts.study.Tolerance;
import org.datman.header.Baselines.Drift;
import org.datman.header.Origin;
import org.datman.header.Parameter;
import org.datman.header.ParameterRecord;
import org.datman.header.RecordJson;
import org.datman.header.Value;
import org.junit.jupiter.api.Test;

/** <a href="{@docRoot}/../docs/qc-specification.md#F93">F93</a>: a change within a tolerance is reported all the same, once and with its first day. */
class HeaderDriftsTest {

    private static final HeaderRules USUAL = HeaderRules.USUAL;
    private static final LocalDate START = LocalDate.of(2025, 1, 6);

    @Test
    void aChangeWithinTheToleranceIsReportedOnceWithItsFirstDay() {
        // Given
        List<History.Header> course = course(12, session -> session < 8 ? 30 : 30.04);

        // When
        List<List<Drift>> drifts = IntStream.range(0, course.size())
                .mapToObj(i -> HeaderDrifts.at(course.subList(0, i), course.get(i), USUAL))
                .toList();

        // Then
        assertThat(drifts).filteredOn(found -> !found.isEmpty()).hasSize(1);
        Drift drift = drifts.get(8).get(0);
        assertThat(HeaderDrifts.text(drift))
                .isEqualTo("EchoTime changed from 30 to 30.04 ms on 2025-03-03, within its tolerance");
        assertThat(HeaderDrifts.severity(drift, USUAL)).isEqualTo(Severity.NOTE);
    }

    @Test
    void aChangeBeyondTheToleranceIsAWarning() {
        // Given
        List<History.Header> course = course(6, session -> session < 5 ? 30 : 31);

        // When
        List<Drift> drifts = HeaderDrifts.at(course.subList(0, 5), course.get(5), USUAL);

        // Then
        assertThat(drifts)
                .extracting(drift -> HeaderDrifts.severity(drift, USUAL))
                .containsExactly(Severity.WARN);
    }

    @Test
    void whatChangedForOneCauseIsReportedTogether() {
        // Given a protocol with two new values, on the day of a new serial number
        List<History.Header> course = course(6, session -> 30);
        ParameterRecord usual = header(30);
        course.replaceAll(header -> new History.Header(
                header.session(),
                header.scan(),
                header.stem(),
                header.day(),
                usual.with("RepetitionTime", Value.of(2000)).with("FlipAngle", Value.of(90))));
        ParameterRecord changed = usual.with("RepetitionTime", Value.of(1500))
                .with("FlipAngle", Value.of(70))
                .with("DeviceSerialNumber", Value.of("99999"));
        List<Drift> drifts = HeaderDrifts.at(
                course, new History.Header(session("E9"), "3", "s", START.plusYears(1), changed), USUAL);

        // When
        List<List<Drift>> causes = HeaderDrifts.byCause(drifts, USUAL);

        // Then
        assertThat(causes)
                .extracting(together ->
                        together.stream().map(drift -> drift.field().name()).toList())
                .containsExactlyInAnyOrder(List.of("RepetitionTime", "FlipAngle"), List.of("DeviceSerialNumber"));
    }

    @Test
    void whatTheStudyIgnoresDoesNotDriftAndItsSeverityHolds() {
        // Given a new echo time and flip angle; the study ignores one and flags the other
        HeaderRules rules = new HeaderRules(Set.of("EchoTime"), Map.of(), Map.of("FlipAngle", Severity.FLAG));
        List<History.Header> course = course(6, session -> 30);
        course.replaceAll(h -> new History.Header(
                h.session(), h.scan(), h.stem(), h.day(), h.header().with("FlipAngle", Value.of(90))));
        ParameterRecord changed = header(31).with("FlipAngle", Value.of(70));

        // When
        List<Drift> drifts = HeaderDrifts.at(
                course, new History.Header(session("E9"), "3", "s", START.plusYears(1), changed), rules);

        // Then
        assertThat(drifts).singleElement().satisfies(drift -> {
            assertThat(drift.field().name()).isEqualTo("FlipAngle");
            assertThat(HeaderDrifts.severity(drift, rules)).isEqualTo(Severity.FLAG);
        });
    }

    @Test
    void theStudysToleranceHolds() {
        // Given: 1 ms more, and a study that allows 0.002 s
        HeaderRules rules = new HeaderRules(Set.of(), Map.of("EchoTime", new Tolerance(0.002, 0)), Map.of());
        List<History.Header> course = course(6, session -> session < 5 ? 30 : 31);

        // When
        List<Drift> drifts = HeaderDrifts.at(course.subList(0, 5), course.get(5), rules);

        // Then
        assertThat(drifts)
                .extracting(drift -> HeaderDrifts.severity(drift, rules))
                .containsExactly(Severity.NOTE);
    }

    @Test
    void newSoftwareIsReportedUnlessTheStudyListsItItself() {
        // Given
        List<History.Header> course = course(6, session -> 30);
        course.replaceAll(h -> new History.Header(
                h.session(), h.scan(), h.stem(), h.day(), h.header().with("SoftwareVersions", Value.of("E11"))));
        History.Header upgraded = new History.Header(
                session("E9"), "3", "s", START.plusYears(1), header(30).with("SoftwareVersions", Value.of("XA30")));
        HeaderRules own = new HeaderRules(USUAL.ignored(), Map.of(), Map.of(), Set.of("SoftwareVersions"));

        // When
        List<List<Drift>> drifts =
                List.of(HeaderDrifts.at(course, upgraded, USUAL), HeaderDrifts.at(course, upgraded, own));

        // Then
        assertThat(drifts.get(0)).extracting(drift -> drift.field().name()).containsExactly("SoftwareVersions");
        assertThat(drifts.get(1)).isEmpty();
    }

    @Test
    void theMajorityIsACandidateAndTheOddOneIsNot() {
        // Given
        List<History.Header> course = course(4, session -> session == 3 ? 33 : 30);

        // When
        List<String> words = List.of(
                HeaderDrifts.candidate(course.subList(0, 3), course.get(2)).orElseThrow(),
                HeaderDrifts.candidate(course.subList(0, 3), course.get(3)).orElseThrow());

        // Then
        assertThat(words.get(0)).contains("of 3 scans", "a candidate for the gold standard, if a person sets it");
        assertThat(words.get(1)).contains("of 4 scans", "differs from this one in EchoTime");
        assertThat(HeaderDrifts.candidate(course.subList(0, 1), course.get(1))).isEmpty();
    }

    @Test
    void aHeaderIsReadBackAsItWasKept() {
        // Given
        ParameterRecord header = header(30.0000001);

        // When
        ParameterRecord read = RecordJson.read(RecordJson.write(header));

        // Then
        assertThat(read).isEqualTo(header);
    }

    private static List<History.Header> course(int sessions, java.util.function.IntToDoubleFunction echoTime) {
        return new ArrayList<>(IntStream.range(0, sessions)
                .mapToObj(i -> new History.Header(
                        session("E" + i), "3", "stem" + i, START.plusWeeks(i), header(echoTime.applyAsDouble(i))))
                .toList());
    }

    private static ParameterRecord header(double echoTime) {
        return ParameterRecord.of(
                Set.of(Origin.SIDECAR),
                Map.of(
                        "EchoTime", new Parameter(Value.of(echoTime), List.of("JSON EchoTime")),
                        "ImageType", new Parameter(Value.of("ORIGINAL", "M"), List.of("JSON ImageType")),
                        "DeviceSerialNumber", new Parameter(Value.of("45123"), List.of("JSON DeviceSerialNumber"))));
    }

    private static SessionRef session(String accession) {
        return new SessionRef("test", accession);
    }
}
