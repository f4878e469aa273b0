package org.datman.metrics.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.datman.analysis.spike.KSpaceSpikes;
import org.datman.analysis.spike.KSpaceSpikes.Spike;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.metric.QcKind;
import org.datman.contracts.study.Severity;
import org.datman.metrics.model.Findings;
import org.datman.metrics.verdict.QcConfig;
import org.datman.metrics.verdict.VerdictRules;
import org.datman.plots.report.Flag;
import org.datman.plots.report.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When spikes give a rate that a run is evaluated by, and what is used otherwise. */
class SpikeFindingsTest {

    private static final double SIGMA = 30;

    @ParameterizedTest
    @CsvSource({
        // tested, slices with spikes, samples in each, rate
        "960, 0, 1, 0",
        "960, 1, 1, ",
        "960, 1, 3, ",
        "960, 2, 1, ",
        "960, 12, 2, ",
        "1999, 1, 1, ",
        "2000, 1, 1, 0.5",
        "2000, 1, 3, 0.5",
        "7200, 6, 4, 0.8333333333333334",
    })
    void aRateCountsSlicesAndIsOfLongRunsOnly(int tested, int slices, int samplesEach, Double rate) {
        // Given
        Findings findings = new Findings();

        // When
        SpikeFindings.put(spikes(tested, slices, samplesEach, 10), findings);

        // Then
        assertThat(findings.value("spikes_fft_per_1000")).isEqualTo(rate);
        assertThat(findings.value("spikes_fft_num")).isEqualTo(slices * samplesEach);
        assertThat(findings.flags()).hasSize(slices);
    }

    @ParameterizedTest
    @CsvSource({
        // tested, slices, amplitude in sigma, verdict: four weak ones in a short run are a warning, one strong one is a
        // flag
        "300, 1, 0.5, WARN",
        "300, 4, 0.5, WARN",
        "300, 1, 1.5, FLAG",
        "7200, 1, 1.5, WARN",
        "7200, 9, 0.5, FLAG",
    })
    void aShortRunIsJudgedByTheStrengthOfItsEvents(int tested, int slices, double sigmas, QcComplete.Level level) {
        // Given
        Findings findings = new Findings();
        findings.put("tsnr", 100);
        findings.put("sigma_img", SIGMA);
        SpikeFindings.put(spikes(tested, slices, 1, sigmas * SIGMA), findings);

        // When
        Verdict verdict = VerdictRules.judge(QcKind.BOLD, findings, QcConfig.defaults());

        // Then
        assertThat(verdict.level()).isEqualTo(level);
    }

    @Test
    void theStrongestSampleOfASliceSpeaksForIt() {
        // Given
        Findings findings = new Findings();
        findings.put("sigma_img", SIGMA);
        List<Spike> both = List.of(new Spike(7, 3, 20, 9, 15, 25), new Spike(7, 3, 21, 9, 45, 24));

        // When
        SpikeFindings.put(new KSpaceSpikes(both, List.of(), 500, null), findings);

        // Then
        assertThat(findings.flags()).singleElement().satisfies(flag -> {
            assertThat(flag.severity()).isEqualTo(Severity.FLAG);
            assertThat(flag.evidence())
                    .containsEntry("kx", 21)
                    .containsEntry("samples", 2)
                    .containsEntry("amplitude_sigma", 1.5);
        });
    }

    @Test
    void whatNeighbouringSlicesShareIsCountedAndNoSpike() {
        // Given
        Findings findings = new Findings();
        List<Spike> spikes = List.of(new Spike(3, 2, 20, 9, 15, 25), new Spike(8, 5, 20, 9, 15, 25));
        List<Spike> shared = List.of(new Spike(7, 3, 12, 9, 15, 25), new Spike(7, 4, 12, 9, 15, 25));

        // When
        SpikeFindings.put(new KSpaceSpikes(spikes, shared, 500, null), findings);

        // Then
        assertThat(findings.value("spikes_fft_num")).isEqualTo(2);
        assertThat(findings.value("spikes_fft_shared_num")).isEqualTo(2);
        assertThat(findings.flags()).hasSize(2).allSatisfy(flag -> assertThat(flag.evidence())
                .containsEntry("same_place", 2));
    }

    @Test
    void inARunOfOneContrastWhatSlicesShareIsAWarning() {
        // Given
        Findings findings = new Findings();
        findings.put("tsnr", 100);
        List<Spike> shared =
                List.of(new Spike(7, 3, 12, 9, 15, 25), new Spike(7, 4, 12, 9, 18, 25), new Spike(9, 1, 5, 9, 15, 25));

        // When
        SpikeFindings.flagShared(new KSpaceSpikes(List.of(), shared, 500, null), findings);

        // Then
        assertThat(findings.flags()).extracting(Flag::volume).containsExactly(7, 9);
        assertThat(findings.flags().get(0).evidence())
                .containsEntry("samples", 2)
                .containsEntry("slices", 2L)
                .containsEntry("image_amplitude", 18.0);
        Verdict verdict = VerdictRules.judge(QcKind.BOLD, findings, QcConfig.defaults());
        assertThat(verdict.level()).isEqualTo(QcComplete.Level.WARN);
        assertThat(verdict.reasons())
                .anyMatch(text -> text.startsWith("the same spike of k-space in neighbouring slices")
                        && text.endsWith("(volumes 7, 9)"));
    }

    private static KSpaceSpikes spikes(int tested, int slices, int samplesEach, double amplitude) {
        List<Spike> spikes = IntStream.range(0, slices * samplesEach)
                .mapToObj(n -> new Spike(7, n / samplesEach, 20 + n, 9, amplitude, 25))
                .toList();
        return new KSpaceSpikes(spikes, List.of(), tested, null);
    }
}
