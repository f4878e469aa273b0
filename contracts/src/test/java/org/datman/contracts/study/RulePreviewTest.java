package org.datman.contracts.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.SeriesAssigned;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesDiscovered.Status;
import org.datman.contracts.study.RulePreview.Change;
import org.datman.contracts.study.RulePreview.Known;
import org.datman.contracts.study.RulePreview.Totals;
import org.datman.contracts.testkit.ASeries;
import org.junit.jupiter.api.Test;

class RulePreviewTest {

    private static final String STUDY = """
            StudyTag: SPN01
            XnatProjects: [SPN01]
            Sites: {CMH: {}}
            Tags:
              T1: {Pattern: {SeriesDescription: 'T1'}, QcType: anat}
              T2: {Pattern: {SeriesDescription: 'T2'}, QcType: anat}
              RST: {Pattern: {SeriesDescription: 'rest'}, QcType: bold}
            Ignore:
              - {Pattern: {SeriesDescription: scout}, Reason: a scout}
            Pipelines:
              volume: {Descriptor: tools/v.json, Inputs: {image: T1}}
              motion: {Descriptor: tools/m.json, Inputs: {image: RST}}
            """;

    @Test
    void theSameRulesChangeNothingAndOtherStudiesDoNotCount() {
        // Given
        String candidate = STUDY + "# a remark\n";
        Known other = known(ASeries.of("OTHER", "OTH01_CMH_0001_01_01", "1", Status.PRESENT, "T1"), "", false);

        // When
        Totals totals = totals(candidate, series("2", "T1"), series("3", "nothing"), other);

        // Then
        assertThat(totals.isSame()).isTrue();
        assertThat(totals.series()).isEqualTo(2);
        assertThat(totals.revision()).isNotEqualTo(totals.candidate());
        assertThat(totals.examples()).isEmpty();
    }

    @Test
    void eachKindOfChangeIsCountedWithItsConsequences() {
        // Given: T1 has another name, T2 needs a protocol, rest is measured otherwise, scouts are wanted
        String candidate = STUDY.replace("  T1: {", "  T1W: {")
                .replace("image: T1}", "image: T1W}")
                .replace("'T2'}", "'T2', Header: {ProtocolName: new}}")
                .replace("QcType: bold", "QcType: fbirn")
                .replace("{SeriesDescription: scout}", "{SeriesDescription: map}");

        // When
        Totals totals = totals(
                candidate,
                known(series("2", "T1"), "PASS", true),
                known(series("3", "T2"), "FLAGGED", true),
                known(series("4", "rest"), "PASS", false),
                known(series("5", "scout"), "", false),
                known(series("6", "map"), "", false));

        // Then
        assertThat(totals.changes())
                .isEqualTo(Map.of(
                        Change.OTHER_TAG, 1L,
                        Change.LOSES_TAG, 1L,
                        Change.OTHER_TREATMENT, 1L,
                        Change.STILL_WITHOUT_TAG, 1L,
                        Change.BECOMES_IGNORED, 1L));
        assertThat(totals.renamed()).isEqualTo(1);
        assertThat(totals.withdrawn()).isEqualTo(1);
        assertThat(totals.measured()).isEqualTo(2);
        assertThat(totals.decisions())
                .as("of the renamed and of the withdrawn image")
                .isEqualTo(2);
        assertThat(totals.signOffs())
                .as("the same images under other names are signed off")
                .isZero();
        assertThat(totals.runs()).isEqualTo(Map.of("volume", 1, "motion", 1));
        assertThat(totals.examples())
                .filteredOn(example -> example.change() == Change.OTHER_TAG)
                .singleElement()
                .satisfies(example -> {
                    assertThat(example.session()).isEqualTo("SPN01_CMH_0001_01_01");
                    assertThat(example.before()).isEqualTo("SPN01_CMH_0001_01_01_T1_02_T1");
                    assertThat(example.after()).isEqualTo("SPN01_CMH_0001_01_01_T1W_02_T1");
                });
    }

    @Test
    void whatAPersonAssignedStaysAndIsCounted() {
        // Given: the candidate tags as the person did in one case
        String candidate = STUDY.replace("'rest'", "'rest|nothing'");
        SeriesDiscovered agreed = assigned(series("2", "nothing"), "RST");
        SeriesDiscovered other = assigned(series("3", "T1"), "T2");

        // When
        Totals totals = totals(candidate, agreed, other, assigned(series("4", "T1"), "T2"), series("5", "T1"));

        // Then
        assertThat(totals.isSame()).isTrue();
        assertThat(totals.assigned()).isEqualTo(3);
        assertThat(totals.notNeeded()).isEqualTo(1);
        assertThat(totals.assignedLost()).isZero();
    }

    @Test
    void whatAPersonAssignedToATagThatGoesIsCountedAsLostAndDoesNotStay() {
        // Given: the candidate has no T2 any more
        String candidate = STUDY.replace("  T2: {Pattern: {SeriesDescription: 'T2'}, QcType: anat}\n", "");

        // When
        Totals totals = totals(candidate, assigned(series("2", "T1"), "T2"), assigned(series("3", "T1"), "RST"));

        // Then
        assertThat(totals.changes()).isEqualTo(Map.of(Change.LOSES_TAG, 1L, Change.SAME, 1L));
        assertThat(totals.assignedLost()).isEqualTo(1);
        assertThat(totals.assigned()).isEqualTo(1);
        assertThat(totals.examples()).singleElement().satisfies(example -> assertThat(example.after())
                .contains("Assigned to T2", "does not have"));
    }

    private static SeriesDiscovered assigned(SeriesDiscovered series, String tag) {
        return series.withAssigned(Optional.of(
                new SeriesAssigned.Assigned(Optional.of(tag), "It is", "jdoe", Instant.parse("2026-11-02T09:00:00Z"))));
    }

    @Test
    void aSeriesThatGainsATagMakesTheSignOffOfItsSessionStaleAndOneThatTwoTagsClaimIsAmbiguous() {
        // Given
        String candidate = STUDY.replace("'rest'", "'rest|nothing|T2'");

        // When
        Totals totals = totals(
                candidate,
                known(series("2", "nothing"), "", true),
                known(series("3", "nothing"), "", true),
                known(series("4", "T2"), "PASS", true));

        // Then
        assertThat(totals.changes()).isEqualTo(Map.of(Change.GAINS_TAG, 2L, Change.BECOMES_AMBIGUOUS, 1L));
        assertThat(totals.signOffs()).as("one session").isEqualTo(1);
        assertThat(totals.examples()).as("one of each kind").hasSize(2);
    }

    @Test
    void whatDependsOnAnElementThatWasNotReadIsNotKnown() {
        // Given
        String candidate = STUDY.replace("'T1'}", "'T1', Header: {PixelSpacing: {Max: 1}}}");
        SeriesDiscovered read = series("3", "T1").withHeader(Map.of("PixelSpacing", "0.8\\0.8"));
        SeriesDiscovered absent = series("4", "T1").withHeader(Map.of("PixelSpacing", ""));

        // When
        Totals totals = totals(candidate, series("2", "T1"), read, absent, series("5", "T2"));

        // Then
        assertThat(totals.changes()).isEqualTo(Map.of(Change.NOT_KNOWN, 1L, Change.SAME, 2L, Change.LOSES_TAG, 1L));
    }

    @Test
    void aSeriesLikeOneThatDoesNotChangeIsDecidedByItsOwnFacts() {
        // Given: the first has no number, so it has no file name under any tag; the others are alike but for what one
        // clause looks at
        String candidate = STUDY.replace("  T1: {", "  T1W: {").replace("image: T1}", "image: T1W}");
        RulePreview preview = new RulePreview(read(STUDY), candidate(candidate), 5);
        preview.addAll(List.of(known(series("x", "T1"), "", false)));
        preview.addAll(List.of(known(series("2", "T2"), "", false)));

        // When
        preview.addAll(List.of(known(series("3", "T2"), "", false), known(series("4", "T1"), "", false)));

        // Then
        assertThat(preview.totals().changes()).isEqualTo(Map.of(Change.SAME, 3L, Change.OTHER_TAG, 1L));
    }

    @Test
    void aNewStudyIsComparedWithNothingAndOneThatClaimsAnothersProjectIsRefused() {
        // Given
        StudyConfigurations now = read(STUDY);
        StudyConfiguration taking = candidate(STUDY.replace("StudyTag: SPN01", "StudyTag: NEW01"));
        StudyConfiguration own = candidate(STUDY.replace("SPN01", "NEW01"));

        // When
        RulePreview preview = new RulePreview(now, own, 1);

        // Then
        preview.addAll(
                List.of(known(ASeries.of("NEW01", "NEW01_CMH_0001_01_01", "2", Status.PRESENT, "T1"), "", false)));
        assertThat(preview.totals().changes()).isEqualTo(Map.of(Change.GAINS_TAG, 1L));
        assertThat(preview.totals().revision()).isEmpty();
        assertThatThrownBy(() -> new RulePreview(now, taking, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("XNAT project SPN01");
    }

    private static Totals totals(String candidate, SeriesDiscovered... series) {
        return totals(
                candidate, Stream.of(series).map(one -> known(one, "", false)).toArray(Known[]::new));
    }

    private static Totals totals(String candidate, SeriesDiscovered first, SeriesDiscovered second, Known third) {
        return totals(candidate, known(first, "", false), known(second, "", false), third);
    }

    private static Totals totals(String candidate, Known... known) {
        RulePreview preview = new RulePreview(read(STUDY), candidate(candidate), 1);
        preview.addAll(List.of(known));
        return preview.totals();
    }

    private static SeriesDiscovered series(String scan, String description) {
        return ASeries.of("SPN01", "SPN01_CMH_0001_01_01", scan, Status.PRESENT, description);
    }

    private static Known known(SeriesDiscovered series, String review, boolean signedOff) {
        return new Known(new String(EventJson.write(series), StandardCharsets.UTF_8), review, signedOff);
    }

    private static StudyConfiguration candidate(String yaml) {
        return read(yaml).valid().values().iterator().next();
    }

    private static StudyConfigurations read(String yaml) {
        StudyConfigurations read = StudyConfigurations.ofText("a.yml", yaml.getBytes(StandardCharsets.UTF_8));
        assertThat(read.errors()).isEmpty();
        return read;
    }
}
