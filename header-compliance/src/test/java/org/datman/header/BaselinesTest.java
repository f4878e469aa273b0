package org.datman.header;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BaselinesTest {

    private static final ParameterRecord USUAL = Synth.header(Synth.e11());
    private static final LocalDate START = LocalDate.of(2024, 1, 1);

    @Test
    void theBaselineIsMedianAndMode() {
        // Given
        List<ParameterRecord> sessions = List.of(
                USUAL,
                USUAL.with("EchoTime", Value.of(31)),
                USUAL.with("EchoTime", Value.of(90)).with("SoftwareVersions", Value.of("syngo MR E12")));

        // When
        ParameterRecord baseline = Baselines.rolling(sessions).orElseThrow();

        // Then
        assertThat(baseline.numbers("EchoTime")).containsExactly(31.0);
        assertThat(baseline.value("SoftwareVersions").orElseThrow().text()).isEqualTo("syngo MR E11");
    }

    @Test
    void aStepWithinTheToleranceIsDriftFromItsFirstDay() {
        // Given
        List<Baselines.Dated> history = history(6, month -> month < 4 ? 30 : 30.04);

        // When
        List<Baselines.Drift> drifts = Baselines.drifts(history, 5);

        // Then
        assertThat(drifts).hasSize(1);
        assertThat(drifts.get(0).field().name()).isEqualTo("EchoTime");
        assertThat(drifts.get(0).since()).isEqualTo(START.plusMonths(4));
        assertThat(drifts.get(0).before().text()).isEqualTo("30");
    }

    @Test
    void aSlowRampIsDriftInTheFirstMonth() {
        // Given
        List<Baselines.Dated> history = history(4, month -> month < 3 ? 30 : 30 + 0.005 * (month - 2));

        // When
        List<Baselines.Drift> drifts = Baselines.drifts(history, 5);

        // Then
        assertThat(drifts).extracting(drift -> drift.field().name()).containsExactly("EchoTime");
    }

    @Test
    void whatNeverChangedIsNoDrift() {
        // Given
        List<Baselines.Dated> history = history(6, month -> 30 + 1e-9 * month);

        // When
        List<Baselines.Drift> drifts = Baselines.drifts(history, 5);

        // Then
        assertThat(drifts).isEmpty();
    }

    @Test
    void twoSessionsMakeNoCandidate() {
        // Given
        List<ParameterRecord> sessions = List.of(USUAL, USUAL);

        // When
        Optional<Baselines.Candidate> candidate = Baselines.candidate(sessions);

        // Then
        assertThat(candidate).isEmpty();
    }

    @Test
    void theMajorityOfThreeIsACandidateAndTiesStayUndecided() {
        // Given
        List<ParameterRecord> sessions = List.of(
                USUAL.with("FlipAngle", Value.of(70)),
                USUAL.with("FlipAngle", Value.of(77)).with("EchoTime", Value.of(31)),
                USUAL.with("FlipAngle", Value.of(80)));

        // When
        Baselines.Candidate candidate = Baselines.candidate(sessions).orElseThrow();

        // Then
        assertThat(candidate.undecided()).containsExactly("FlipAngle");
        assertThat(candidate.header().numbers("EchoTime")).containsExactly(30.0);
        assertThat(candidate.header().parameters().get("EchoTime").sources()).containsExactly("2 of 3 sessions");
    }

    private static List<Baselines.Dated> history(int months, java.util.function.IntToDoubleFunction echoTime) {
        return new ArrayList<>(IntStream.range(0, months)
                .mapToObj(month -> new Baselines.Dated(
                        START.plusMonths(month), USUAL.with("EchoTime", Value.of(echoTime.applyAsDouble(month)))))
                .toList());
    }
}
