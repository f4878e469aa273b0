package org.datman.contracts.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesAssigned;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesDiscovered.Status;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.testkit.ASeries;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesTaggerTest {

    private static final StudyConfigurations STUDIES =
            StudyConfigurations.load(Path.of("src/test/resources/tagging-studies"));

    @ParameterizedTest
    @CsvSource({
        "Sag T1 BRAVO, TAGGED, SPN01_CMH_0001_01_01_T1_03_Sag-T1-BRAVO",
        "T2w_SPC, UNMATCHED, ",
        "T1 vNav ND, AMBIGUOUS, ",
        "localizer, IGNORED, ",
        "something new, UNMATCHED, ",
    })
    void decidesByTheRulesAndStatesWhy(String description, Decision decision, String stem) {
        // Given
        SeriesDiscovered series = ASeries.of("SPN01", "SPN01_CMH_0001_01_01", "3", Status.PRESENT, description);

        // When
        SeriesTagged tagged = SeriesTagger.decide(series, STUDIES);

        // Then
        assertThat(tagged.decision()).isEqualTo(decision);
        assertThat(tagged.assignments())
                .extracting(SeriesTagged.Assignment::stem)
                .isEqualTo(stem == null ? List.of() : List.of(stem));
        assertThat(tagged.reason().message()).isNotBlank();
        assertThat(tagged.explanation()).isNotEmpty();
        assertThat(tagged.configRevision())
                .isEqualTo(STUDIES.study("SPN01").orElseThrow().revision());
    }

    @Test
    void aNearMissIsNamedFirst() {
        // Given
        SeriesDiscovered series = ASeries.of("SPN01", "SPN01_CMH_0001_01_01", "3", Status.PRESENT, "T2w_SPC");

        // When
        SeriesTagged tagged = SeriesTagger.decide(series, STUDIES);

        // Then
        assertThat(tagged.explanation().get(0).tag()).isEqualTo("T2");
        assertThat(tagged.explanation().get(0).clauses())
                .extracting(SeriesTagged.Clause::field, SeriesTagged.Clause::matched)
                .contains(
                        org.assertj.core.groups.Tuple.tuple("SeriesDescription", true),
                        org.assertj.core.groups.Tuple.tuple("ImageType", false));
    }

    @Test
    void echoesOfOneSeriesGetTagsOfTheirOwn() {
        // Given
        SeriesDiscovered series = ASeries.of("SPN01", "SPN01_CMH_0001_01_01", "7", Status.PRESENT, "gre field map");

        // When
        SeriesTagged tagged = SeriesTagger.decide(series, STUDIES);

        // Then
        assertThat(tagged.assignments())
                .extracting(SeriesTagged.Assignment::tag, SeriesTagged.Assignment::echoNumber)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("MAG1", Optional.of(1)),
                        org.assertj.core.groups.Tuple.tuple("MAG2", Optional.of(2)));
    }

    @ParameterizedTest
    @CsvSource({
        "SPN01, garbage, UNNAMED, label-not-in-grammar",
        "SPN01, OTHER_CMH_0001_01_01, UNNAMED, foreign-study-code",
        "SPN01, SPN01_XYZ_0001_01_01, UNNAMED, unknown-site",
        "NOPE, SPN01_CMH_0001_01_01, UNNAMED, unknown-project",
    })
    void aSessionWithoutAPlaceIsReportedWithItsReason(String project, String label, Decision decision, String code) {
        // Given
        SeriesDiscovered series = ASeries.of(project, label, "3", Status.PRESENT, "T1");

        // When
        SeriesTagged tagged = SeriesTagger.decide(series, STUDIES);

        // Then
        assertThat(tagged.decision()).isEqualTo(decision);
        assertThat(tagged.reason().code()).isEqualTo(code);
        assertThat(tagged.reason().action()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({"REMOVED, REMOVED", "NO_DICOM, NOT_CONVERTIBLE", "EMPTY, NOT_CONVERTIBLE"})
    void whatCannotBeConvertedHasNoName(Status status, Decision decision) {
        // Given
        SeriesDiscovered series = ASeries.of("SPN01", "SPN01_CMH_0001_01_01", "3", status, "T1");

        // When
        SeriesTagged tagged = SeriesTagger.decide(series, STUDIES);

        // Then
        assertThat(tagged.decision()).isEqualTo(decision);
        assertThat(tagged.assignments()).isEmpty();
        assertThat(tagged.reason().message()).contains("3");
    }

    @Test
    void twoScansOfOneSeriesNumberKeepApart() {
        // Given
        SeriesDiscovered first = ASeries.of("SPN01", "SPN01_CMH_0001_01_01", "3", Status.PRESENT, "T1");
        SeriesDiscovered second = ASeries.of("SPN01", "SPN01_CMH_0001_01_01", "3-MR1", Status.PRESENT, "T1");

        // When
        List<String> stems = List.of(first, second).stream()
                .map(series -> SeriesTagger.decide(series, STUDIES)
                        .assignments()
                        .get(0)
                        .stem())
                .toList();

        // Then
        assertThat(stems).containsExactly("SPN01_CMH_0001_01_01_T1_03_T1", "SPN01_CMH_0001_01_01_T1_03_T1-scan-3-MR1");
    }

    /** The first digits of a longer number are another number: no name is better than a wrong one. */
    @Test
    void aScanIdOfMoreDigitsThanASeriesNumberNamesNothing() {
        // Given
        SeriesDiscovered series = ASeries.of("SPN01", "SPN01_CMH_0001_01_01", "1234567890123", Status.PRESENT, "T1");

        // When
        SeriesTagged tagged = SeriesTagger.decide(series, STUDIES);

        // Then
        assertThat(tagged.decision()).isEqualTo(Decision.UNNAMED);
        assertThat(tagged.reason().code()).isEqualTo("no-series-number");
    }

    @Test
    void aHostileDescriptionMakesAHarmlessName() {
        // Given
        SeriesDiscovered series = ASeries.of(
                "SPN01", "SPN01_CMH_0001_01_01", "3", Status.PRESENT, "../../etc/T1<script>\u0000\n" + "x".repeat(500));

        // When
        SeriesTagged tagged = SeriesTagger.decide(series, STUDIES);

        // Then
        assertThat(tagged.assignments().get(0).stem())
                .matches("[A-Za-z0-9._+-]{1,200}")
                .doesNotContain("/");
    }

    @Test
    void aHeaderThatCouldNotBeReadIsNoDecisionOfTheStudys() {
        // Given
        SeriesDiscovered unknown =
                ASeries.of("SPN01", "SPN01_CMH_0001_01_01", "3", Status.PRESENT, "no tag is like this");
        Reason problem = new Reason("unreadable-header", "The first DICOM file of scan 3 cannot be read", "Look at it");
        SeriesDiscovered unreadable = withProblem(unknown, problem);

        // When
        SeriesTagged tagged = SeriesTagger.decide(unreadable, STUDIES);

        // Then
        assertThat(SeriesTagger.decide(unknown, STUDIES).decision()).isEqualTo(Decision.UNMATCHED);
        assertThat(tagged.decision()).isEqualTo(Decision.NOT_CONVERTIBLE);
        assertThat(tagged.reason()).isEqualTo(problem);
    }

    private static SeriesDiscovered withProblem(SeriesDiscovered s, Reason problem) {
        return s.withProblem(Optional.of(problem));
    }

    @Test
    void aNumberOfTwelveDigitsIsWholeInTheName() {
        // Given
        SeriesDiscovered series = ASeries.of("SPN01", "SPN01_CMH_0001_01_01", "999999999999", Status.PRESENT, "Sag T1");

        // When
        SeriesTagged tagged = SeriesTagger.decide(series, STUDIES);

        // Then
        assertThat(tagged.assignments().get(0).stem())
                .contains("_999999999999_")
                .doesNotContain("scan");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // Untagged, ambiguous, wrongly tagged, ignored by a rule, unreadable.
                "something new, T2, TAGGED, assigned-by-person",
                "T1 vNav ND, T1, TAGGED, assigned-by-person",
                "Sag T1, T2, TAGGED, assigned-by-person",
                "localizer, T1, TAGGED, assigned-by-person",
                "Sag T1, -, IGNORED, assigned-by-person",
                // The rules say the same: it is not needed.
                "Sag T1, T1, TAGGED, assignment-not-needed",
                "localizer, -, IGNORED, assignment-not-needed",
                // No tag of the study any more.
                "Sag T1, OLD, UNMATCHED, assigned-tag-unknown",
            })
    void whatAPersonAssignedComesBeforeTheRules(String description, String tag, Decision decision, String code) {
        // Given
        SeriesAssigned.Assigned assigned = new SeriesAssigned.Assigned(
                Optional.ofNullable(tag), "The protocol was renamed", "jdoe", Instant.parse("2026-11-02T09:00:00Z"));
        SeriesDiscovered series = ASeries.of("SPN01", "SPN01_CMH_0001_01_01", "3", Status.PRESENT, description)
                .withAssigned(Optional.of(assigned));

        // When
        SeriesTagged tagged = SeriesTagger.decide(series, STUDIES);

        // Then
        assertThat(tagged.decision()).isEqualTo(decision);
        assertThat(tagged.assignments())
                .extracting(SeriesTagged.Assignment::tag)
                .isEqualTo(decision == Decision.TAGGED ? List.of(tag) : List.of());
        assertThat(tagged.reason().code()).isEqualTo(code);
        assertThat(tagged.reason().message()).contains("by jdoe on 2026-11-02 ('The protocol was renamed')");
        assertThat(tagged.assigned()).contains(assigned);
        assertThat(tagged.explanation().get(0).clauses().get(0))
                .isEqualTo(new SeriesTagged.Clause(
                        "Assignment", "by jdoe at 2026-11-02T09:00:00Z", "The protocol was renamed", true));
        assertThat(tagged.explanation()).as("the rules are tried too").hasSizeGreaterThan(5);
    }

    @Test
    void aSeriesWhoseHeaderCouldNotBeReadGetsTheTagThatAPersonAssigned() {
        // Given
        Reason problem = new Reason("unreadable-header", "The first DICOM file of scan 3 cannot be read", "Look at it");
        SeriesDiscovered series = withProblem(
                        ASeries.of("SPN01", "SPN01_CMH_0001_01_01", "3", Status.PRESENT, ""), problem)
                .withAssigned(Optional.of(new SeriesAssigned.Assigned(
                        Optional.of("T1"), "It is the T1", "jdoe", Instant.parse("2026-11-02T09:00:00Z"))));

        // When
        SeriesTagged tagged = SeriesTagger.decide(series, STUDIES);

        // Then
        assertThat(tagged.decision()).isEqualTo(Decision.TAGGED);
    }
}
