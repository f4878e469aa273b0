package org.datman.contracts.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesDiscovered.Status;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.testkit.ASeries;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The proposed lines are valid, and by them the series gets the tag. */
class SeriesRuleTest {

    private static final String HEAD = """
            StudyTag: SPN01
            XnatProjects: [SPN01]
            Sites: {CMH: {}}
            """;

    private static final String TAG = "{SeriesDescription: 'T1', ImageType: NORM, Header: {ProtocolName: [a, b]}}";

    @ParameterizedTest
    @ValueSource(strings = {"Sag (T2) it's [new] a\\b", "", "two\nlines\tand ^$.*+?{}|", "Ü: #x, {y}"})
    void byTheLinesTheSeriesGetsTheTag(String description) {
        // Given
        SeriesDiscovered series = series(description, Map.of("ProtocolName", "c: 'd'"));
        TagRule rule = study("Tags:\n  T1:\n    Pattern: " + TAG + "\n")
                .tag("CMH", "T1")
                .orElseThrow();

        // When
        SeriesRule proposed = SeriesRule.of(series, rule);

        // Then
        assertThat(decision(series, proposed.yaml() + "    QcType: anat\n")).isEqualTo(Decision.TAGGED);
        assertThat(decision(series("T1", Map.of("ProtocolName", "b")), proposed.yaml() + "    QcType: anat\n"))
                .as("ImageType of the series joined that of the rule; what matched before still does")
                .isEqualTo(Decision.TAGGED);
        assertThat(proposed.unmet()).isEmpty();
    }

    @Test
    void anIgnoreRuleIgnoresTheSeries() {
        // Given
        SeriesDiscovered series = series("Sag (T2) it's", Map.of());

        // When
        SeriesRule proposed = SeriesRule.of(series, null);

        // Then
        assertThat(decision(series, proposed.yaml())).isEqualTo(Decision.IGNORED);
    }

    @Test
    void aRangeThatTheSeriesIsOutsideOfIsNamed() {
        // Given
        TagRule rule = study(
                        "Tags:\n  T1:\n    Pattern: {Header: {RepetitionTime: {Min: 2000, Max: 2500}}, Part: phase}\n")
                .tag("CMH", "T1")
                .orElseThrow();

        // When
        SeriesRule proposed = SeriesRule.of(series("x", Map.of("RepetitionTime", "3000")), rule);

        // Then
        assertThat(proposed.unmet()).containsExactly("Header.RepetitionTime must be 2000 to 2500 and is '3000'");
        assertThat(proposed.yaml())
                .isEqualTo(
                        "Tags:\n  T1:\n    Pattern: {Header: {RepetitionTime: {Min: 2000, Max: 2500}}, Part: phase}\n");
    }

    private static SeriesDiscovered series(String description, Map<String, String> header) {
        return ASeries.of("SPN01", "SPN01_CMH_0001_01_01", "3", Status.PRESENT, description)
                .withHeader(header);
    }

    private static Decision decision(SeriesDiscovered series, String lines) {
        SeriesTagged tagged = SeriesTagger.decide(series, studies(lines));
        return tagged.decision();
    }

    private static StudyConfiguration study(String lines) {
        return studies(lines.contains("QcType") ? lines : lines + "    QcType: anat\n")
                .study("SPN01")
                .orElseThrow();
    }

    private static StudyConfigurations studies(String lines) {
        StudyConfigurations read =
                StudyConfigurations.ofText("SPN01.yml", (HEAD + lines).getBytes(StandardCharsets.UTF_8));
        assertThat(read.errors()).as(lines).isEmpty();
        return read;
    }
}
