package org.datman.metrics.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.metric.Limits;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.Measurement;
import org.datman.metrics.model.Findings;
import org.datman.plots.report.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NothingMeasuredTest {

    static List<QcKind> kinds() {
        return Measurement.kinds();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aSeriesOfWhichNothingIsKnownNeverPasses(QcKind kind) {
        // Given
        Findings findings = new Findings();
        findings.unknown(MetricCatalogue.keysOf(kind), "not_11_slices");
        findings.put("nonfinite_ppm", 0);

        // When
        Verdict verdict = VerdictRules.judge(kind, findings, QcConfig.defaults());

        // Then
        assertThat(verdict.level()).isIn(QcComplete.Level.WARN, QcComplete.Level.ERROR);
        assertThat(verdict.reasons()).anyMatch(reason -> reason.contains("nothing of what " + kind));
    }

    @Test
    void theReasonIsThatOfTheNumbers() {
        // Given an ACR series of twelve slices
        Findings findings = new Findings();
        findings.unknown(MetricCatalogue.keysOf(QcKind.ACR), "not_11_slices");

        // When
        Verdict verdict = VerdictRules.judge(QcKind.ACR, findings, QcConfig.defaults());

        // Then
        assertThat(verdict.level()).isEqualTo(QcComplete.Level.ERROR);
        assertThat(verdict.reasons()).singleElement().asString().contains("not 11 slices");
    }

    @Test
    void aLocalizerOfThePhantomIsMeasuredByItsHeight() {
        // Given
        Findings findings = new Findings();
        findings.unknown(MetricCatalogue.keysOf(QcKind.ACR), "not_11_slices");
        findings.put("acr_height", 148);

        // When
        Verdict verdict = VerdictRules.judge(QcKind.ACR, findings, QcConfig.defaults());

        // Then
        assertThat(verdict.level()).isEqualTo(QcComplete.Level.PASS);
    }

    @Test
    void aLimitOfTheStudyThatCannotBeJudgedIsReported() {
        // Given
        Findings findings = new Findings();
        findings.put("fd_power", 0.1);
        findings.unknown("tsnr", "fewer_than_3_volumes");
        QcConfig config = new QcConfig(Map.of(QcKind.BOLD, Map.of("tsnr", Limits.flagBelow(30))), Map.of());

        // When
        Verdict verdict = VerdictRules.judge(QcKind.BOLD, findings, config);

        // Then
        assertThat(verdict.level()).isEqualTo(QcComplete.Level.WARN);
        assertThat(verdict.reasons())
                .singleElement()
                .asString()
                .contains("temporal SNR", "limit of the study", "fewer than 3 volumes");
    }
}
