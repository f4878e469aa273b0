package org.datman.contracts.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesAssigned;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesDiscovered.Status;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.event.SeriesTagged.FailedCheck;
import org.datman.contracts.study.RulePreview.Change;
import org.datman.contracts.study.RulePreview.Known;
import org.datman.contracts.study.RulePreview.Totals;
import org.datman.contracts.testkit.ASeries;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens to a series that has a tag and does not meet its checks. */
class TagCheckTest {

    private static final String WITHOUT = """
            StudyTag: SPN01
            XnatProjects: [SPN01]
            Sites: {CMH: {}}
            Tags:
              T1:
                Pattern: {SeriesDescription: 'T1'}
                QcType: anat
            """;

    private static final String STUDY = WITHOUT + """
                Checks:
                  - {Header: {RepetitionTime: {Min: 2250, Max: 2350}}, Action: warn, Message: another protocol}
                  - {Header: {PixelSpacing: '^1\\\\1$'}, Action: exclude, Message: another resolution}
            """;

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // RepetitionTime, PixelSpacing: decision, failed checks with what was found
                "2300, 1\\1, TAGGED, ''",
                "1900, 1\\1, TAGGED, warn 1900",
                "2300, 2\\2, UNMATCHED, exclude 2\\2",
                "1900, 2\\2, UNMATCHED, warn 1900 exclude 2\\2",
                "'', 1\\1, TAGGED, warn no value",
                // In the file there is none; it was never read.
                "2300, '', UNMATCHED, exclude no value",
                "2300, -, TAGGED, warn not known",
            })
    void aSeriesThatFailsACheckIsWarnedOfOrLosesItsTag(
            String repetitionTime, String pixelSpacing, Decision decision, String failed) {
        // Given
        SeriesDiscovered series = series(repetitionTime, pixelSpacing);

        // When
        SeriesTagged tagged = SeriesTagger.decide(series, studies(STUDY));

        // Then
        assertThat(tagged.decision()).isEqualTo(decision);
        assertThat(String.join(
                        " ",
                        tagged.failedChecks().stream()
                                .map(check -> check.action() + " " + check.actual())
                                .toList()))
                .isEqualTo(failed);
        assertThat(tagged.reason().code()).isEqualTo(decision == Decision.TAGGED ? "tagged" : "excluded-by-check");
        assertThat(tagged.failedChecks())
                .allSatisfy(check -> assertThat(tagged.reason().message()).contains(check.text()));
    }

    @Test
    void theReasonNamesTheCheckTheValueFoundAndTheOneExpected() {
        // Given
        SeriesDiscovered series = series("1900", "1\\1");

        // When
        SeriesTagged tagged = SeriesTagger.decide(series, studies(STUDY));

        // Then
        assertThat(tagged.failedChecks())
                .containsExactly(new FailedCheck(
                        "T1", "Header.RepetitionTime", "2250 to 2350", "1900", "warn", "another protocol"));
        assertThat(tagged.reason().message())
                .endsWith(
                        "check of T1 failed: another protocol (Header.RepetitionTime is '1900', expected 2250 to 2350)");
    }

    @ParameterizedTest
    @CsvSource({"PRESENT", "NO_DICOM"})
    void whatACheckExcludesStaysExcludedWhenItsFilesAreFaultyToo(Status status) {
        // Given: its quality on XNAT is known, its header is not
        StudyConfigurations studies =
                studies(WITHOUT + "    Checks: [{Quality: usable, Action: exclude, Message: not usable}]\n");
        SeriesDiscovered series = ASeries.of("SPN01", "SPN01_CMH_0001_01_01", "3", status, "T1")
                .withHeader(Map.of())
                .withQuality("unusable?")
                .withProblem(Optional.of(new Reason("header-unreadable", "Scan 3 cannot be read", "Send it again")));

        // When
        SeriesTagged kept = SeriesTagger.decide(series, studies);
        SeriesTagged excluded = SeriesTagger.decide(series.withQuality("bad"), studies);

        // Then: what the check allows is what its files make of it
        assertThat(excluded.decision()).isEqualTo(Decision.UNMATCHED);
        assertThat(excluded.reason().code()).isEqualTo("excluded-by-check");
        assertThat(excluded.reason().message())
                .endsWith("not usable (Quality is 'bad', expected 'usable'); Scan 3 cannot be read");
        assertThat(excluded.failedChecks()).hasSize(1);
        assertThat(kept.decision()).isEqualTo(status == Status.PRESENT ? Decision.TAGGED : Decision.NOT_CONVERTIBLE);
    }

    @Test
    void whatAPersonAssignedIsNotExcluded() {
        // Given
        SeriesDiscovered series = series("2300", "2\\2")
                .withAssigned(Optional.of(new SeriesAssigned.Assigned(
                        Optional.of("T1"), "Wanted", "jdoe", Instant.parse("2026-11-02T09:00:00Z"))));

        // When
        SeriesTagged tagged = SeriesTagger.decide(series, studies(STUDY));

        // Then
        assertThat(tagged.decision()).isEqualTo(Decision.TAGGED);
        assertThat(tagged.failedChecks()).hasSize(1);
        assertThat(tagged.reason().message()).contains("Assigned to T1 by jdoe", "another resolution");
    }

    @Test
    void aPreviewCountsWhatACheckWarnsOfOrExcludesAndAnUnreadElementAsNotKnown() {
        // Given
        RulePreview preview =
                new RulePreview(studies(WITHOUT), studies(STUDY).study("SPN01").orElseThrow(), 10);

        // When
        preview.addAll(
                List.of(known(series("2300", "1\\1")), known(series("2300", "2\\2")), known(series("2300", null))));
        preview.addAll(List.of(known(series("1900", "1\\1")), known(series("1800", "1\\1"))));

        // Then
        Totals totals = preview.totals();
        assertThat(totals.changes())
                .isEqualTo(Map.of(Change.SAME, 1L, Change.WARNED, 2L, Change.LOSES_TAG, 1L, Change.NOT_KNOWN, 1L));
        assertThat(totals.warned()).isEqualTo(2);
        assertThat(totals.withdrawn()).isEqualTo(1);
        assertThat(totals.examples())
                .filteredOn(example -> example.change() == Change.WARNED)
                .first()
                .satisfies(example -> assertThat(example.after())
                        .endsWith("another protocol (Header.RepetitionTime is '1900', expected 2250 to 2350)"));
    }

    @Test
    void aPreviewCountsNoWarningThatIsThereAlready() {
        // Given
        RulePreview preview = new RulePreview(
                studies(STUDY), studies(STUDY + "# a remark\n").study("SPN01").orElseThrow(), 10);

        // When
        preview.addAll(List.of(known(series("1900", "1\\1"))));

        // Then
        assertThat(preview.totals().isSame()).isTrue();
        assertThat(preview.totals().warned()).isZero();
    }

    @Test
    void theElementsOfChecksAreReadOfEverySeriesOfTheStudy() {
        // When
        StudyConfiguration study = studies(STUDY).study("SPN01").orElseThrow();

        // Then
        assertThat(study.headerKeywords()).containsExactly("PixelSpacing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{Action: warn, Message: m}                                               | has no condition",
                "{Modality: MR, Message: m}                                               | is missing",
                "{Modality: MR, Action: drop, Message: m}                                 | 'drop'",
                "{Modality: MR, Action: warn}                                             | is missing",
                "{Header: {PatientName: x}, Action: warn, Message: m}                     | may describe or name a person",
                "{Header: {RepetitionTime: {Min: 3, Max: 2}}, Action: warn, Message: m}   | is less than Min",
            })
    void aFaultyCheckIsRefusedWithItsPlace(String check, String problem) {
        // When
        List<ConfigurationError> errors = StudyConfigurations.ofText(
                        "SPN01.yml",
                        (WITHOUT + "    Checks:\n      - " + check + "\n").getBytes(StandardCharsets.UTF_8))
                .errors();

        // Then
        assertThat(errors).singleElement().satisfies(error -> {
            assertThat(error.key()).startsWith("Tags.T1.Checks[0]");
            assertThat(error.line()).isEqualTo(9);
            assertThat(error.problem()).contains(problem);
        });
    }

    private static SeriesDiscovered series(String repetitionTime, String pixelSpacing) {
        Map<String, String> header = new java.util.HashMap<>(Map.of("Rows", "64", "RepetitionTime", repetitionTime));
        if (pixelSpacing != null) {
            header.put("PixelSpacing", pixelSpacing);
        }
        return ASeries.of("SPN01", "SPN01_CMH_0001_01_01", "3", Status.PRESENT, "T1")
                .withHeader(header);
    }

    private static Known known(SeriesDiscovered series) {
        return new Known(new String(EventJson.write(series), StandardCharsets.UTF_8), "", false);
    }

    private static StudyConfigurations studies(String text) {
        StudyConfigurations read = StudyConfigurations.ofText("SPN01.yml", text.getBytes(StandardCharsets.UTF_8));
        assertThat(read.errors()).isEmpty();
        return read;
    }
}
