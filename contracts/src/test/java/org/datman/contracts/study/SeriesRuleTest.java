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
import org.junit.jupiter.params.provider.CsvSource;
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
        SiteConfiguration site = site("Tags:\n  T1:\n    Pattern: " + TAG + "\n    QcType: anat\n");

        // When
        SeriesRule proposed = SeriesRule.of(series, site, false, "T1");

        // Then
        assertThat(decision(series, proposed.yaml() + "    QcType: anat\n")).isEqualTo(Decision.TAGGED);
        assertThat(decision(series("T1", Map.of("ProtocolName", "b")), proposed.yaml() + "    QcType: anat\n"))
                .as("ImageType of the series joined that of the rule; what matched before still does")
                .isEqualTo(Decision.TAGGED);
        assertThat(proposed.obstacles()).isEmpty();
    }

    @Test
    void anIgnoreRuleIgnoresTheSeries() {
        // Given
        SeriesDiscovered series = series("Sag (T2) it's", Map.of());

        // When
        SeriesRule proposed = SeriesRule.ignoring(series);

        // Then
        assertThat(decision(series, proposed.yaml())).isEqualTo(Decision.IGNORED);
    }

    @Test
    void aRangeThatTheSeriesIsOutsideOfIsNamed() {
        // Given
        SiteConfiguration site = site("Tags:\n  T1:\n    Pattern: {Header: {RepetitionTime: {Min: 2000, Max: 2500}},"
                + " Part: phase}\n    QcType: anat\n");

        // When
        SeriesRule proposed = SeriesRule.of(series("x", Map.of("RepetitionTime", "3000")), site, false, "T1");

        // Then
        assertThat(proposed.obstacles()).containsExactly("Header.RepetitionTime must be 2000 to 2500 and is '3000'");
        assertThat(proposed.yaml())
                .isEqualTo(
                        "Tags:\n  T1:\n    Pattern: {Header: {RepetitionTime: {Min: 2000, Max: 2500}}, Part: phase}\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // further lines of the study; whether a phantom; what is in the way
                "'  T2: {Pattern: {SeriesDescription: new}, QcType: anat}\n'                       | false | match the same images",
                "'  T2: {Pattern: {SeriesDescription: new, ImageType: PRIMARY}, QcType: anat}\n'      | false | Tagged T2, whose rule names ImageType",
                "'Ignore: [{Pattern: {SeriesDescription: new}, Reason: a trial}]\n'                | false | Ignored: a trial",
                "'    Checks: [{Quality: good, Action: exclude, Message: not good}]\n'              | false | Excluded from T1; check of T1 failed: not good",
                "'    AppliesTo: people\n'                                                         | true  | AppliesTo must be people and is 'a phantom'",
            })
    void whatElseDecidesAboutTheSeriesIsNamed(String lines, boolean phantom, String obstacle) {
        // Given: the series is of no tag, or of another one
        SiteConfiguration site = site(
                "Tags:\n  T1:\n    Pattern: {SeriesDescription: T1}\n    QcType: anat\n" + lines.replace("\\n", "\n"));

        // When
        SeriesRule proposed = SeriesRule.of(series("new", Map.of()), site, phantom, "T1");

        // Then
        assertThat(proposed.obstacles()).singleElement().asString().contains(obstacle);
    }

    @Test
    void aValueThatIsNotKnownIsNoAlternative() {
        // Given
        SiteConfiguration site = site(
                "Tags:\n  T1:\n    Pattern: {SeriesDescription: T1, Header: {ProtocolName: a}}\n    QcType: anat\n");

        // When
        SeriesRule proposed = SeriesRule.of(series("", Map.of()), site, false, "T1");

        // Then
        assertThat(proposed.yaml())
                .isEqualTo(
                        "Tags:\n  T1:\n    Pattern: {SeriesDescription: ['T1', '^$'], Header: {ProtocolName: 'a'}}\n");
        assertThat(proposed.obstacles()).containsExactly("Header.ProtocolName must be 'a' and is not known");
    }

    private static SeriesDiscovered series(String description, Map<String, String> header) {
        return ASeries.of("SPN01", "SPN01_CMH_0001_01_01", "3", Status.PRESENT, description)
                .withHeader(header);
    }

    private static Decision decision(SeriesDiscovered series, String lines) {
        SeriesTagged tagged = SeriesTagger.decide(series, studies(lines));
        return tagged.decision();
    }

    private static SiteConfiguration site(String lines) {
        return studies(lines).study("SPN01").orElseThrow().site("CMH").orElseThrow();
    }

    private static StudyConfigurations studies(String lines) {
        StudyConfigurations read =
                StudyConfigurations.ofText("SPN01.yml", (HEAD + lines).getBytes(StandardCharsets.UTF_8));
        assertThat(read.errors()).as(lines).isEmpty();
        return read;
    }
}
