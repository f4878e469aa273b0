package org.datman.qc.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExportedBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.HeaderRules;
import org.datman.contracts.study.Severity;
import org.datman.header.Origin;
import org.datman.header.Parameter;
import org.datman.header.ParameterRecord;
import org.datman.header.Value;
import org.datman.plots.report.Verdict;
import org.datman.qc.header.HeaderCheck;
import org.datman.qc.header.HeaderOfImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictsTest {

    private static final HeaderCheck.Outcome NO_STANDARD = new HeaderCheck.Outcome(null, null, List.of());
    private static final HeaderOfImage NO_HEADER = new HeaderOfImage(null, null);
    private static final HeaderRules NO_RULES = new HeaderRules(Set.of(), Map.of(), Map.of());

    @ParameterizedTest
    @CsvSource({
        // verdict of the numbers, outcome of the export, verdict
        "PASS, EXPORTED, PASS",
        "PASS, PARTIAL, FLAG",
        "WARN, PARTIAL, FLAG",
        "ERROR, PARTIAL, ERROR",
    })
    void anImageThatIsKnownToBeIncompleteNeverPasses(
            QcComplete.Level numbers, SeriesExported.Outcome outcome, QcComplete.Level level) {
        // Given
        Verdict measured = new Verdict(numbers, numbers == QcComplete.Level.PASS ? List.of() : List.of("numbers"));

        // When
        QcComplete.Verdict verdict = Verdicts.of(measured, exported(outcome), NO_STANDARD, NO_HEADER, NO_RULES);

        // Then
        assertThat(verdict.level()).isEqualTo(level);
        assertThat(verdict.reasons())
                .isEqualTo(
                        outcome == SeriesExported.Outcome.PARTIAL
                                ? Stream.concat(
                                                Stream.of(
                                                        "The image is not complete: 1 of 68 files are truncated or corrupt"),
                                                measured.reasons().stream())
                                        .toList()
                                : List.of());
    }

    @ParameterizedTest
    @CsvSource({
        // the study's severity of the field, verdict
        "nothing, WARN",
        "ignored, PASS",
        "NOTE, PASS",
        "FLAG, FLAG",
    })
    void theStudysRulesHoldForWhatAHeaderStatesTwice(String rule, QcComplete.Level level) {
        // Given
        HeaderRules rules =
                switch (rule) {
                    case "nothing" -> NO_RULES;
                    case "ignored" -> new HeaderRules(Set.of("RepetitionTime"), Map.of(), Map.of());
                    default -> new HeaderRules(Set.of(), Map.of(), Map.of("RepetitionTime", Severity.valueOf(rule)));
                };
        ParameterRecord sidecar = repetitionTime(2000, "JSON RepetitionTime", Origin.SIDECAR);
        ParameterRecord dicom = repetitionTime(1793, "(0018,0080) RepetitionTime", Origin.CLASSIC);
        HeaderOfImage own = new HeaderOfImage(dicom, sidecar.merge(dicom));

        // When
        QcComplete.Verdict verdict = Verdicts.of(
                new Verdict(QcComplete.Level.PASS, List.of()),
                exported(SeriesExported.Outcome.EXPORTED),
                NO_STANDARD,
                own,
                rules);

        // Then
        assertThat(verdict.level()).isEqualTo(level);
        assertThat(verdict.reasons().stream().filter(reason -> reason.contains("1793")))
                .hasSize(level == QcComplete.Level.PASS ? 0 : 1);
    }

    @Test
    void theReasonsOfTheNumbersStay() {
        // Given
        Verdict measured = new Verdict(QcComplete.Level.WARN, List.of("spikes in k-space"));

        // When
        QcComplete.Verdict verdict =
                Verdicts.of(measured, exported(SeriesExported.Outcome.PARTIAL), NO_STANDARD, NO_HEADER, NO_RULES);

        // Then
        assertThat(verdict.reasons()).hasSize(2).contains("spikes in k-space");
    }

    private static ParameterRecord repetitionTime(double ms, String source, Origin origin) {
        return ParameterRecord.of(
                Set.of(origin), Map.of("RepetitionTime", new Parameter(Value.of(ms), List.of(source))));
    }

    private static SeriesExported exported(SeriesExported.Outcome outcome) {
        return SeriesExportedBuilder.builder()
                .session(new SessionRef("test", "E1"))
                .seriesRevision(1)
                .exportRevision(1)
                .outcome(outcome)
                .study("S")
                .site("CMH")
                .sessionName("S_CMH_1_01_01")
                .phantom(false)
                .scan("3")
                .products(List.of())
                .runKey("run")
                .configRevision("config")
                .started(Instant.EPOCH)
                .finished(Instant.EPOCH)
                .reason(
                        outcome == SeriesExported.Outcome.PARTIAL
                                ? Optional.of(Reason.of("broken-dicom", "1 of 68 files are truncated or corrupt"))
                                : Optional.empty())
                .build();
    }
}
