package org.datman.contracts.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaggingTest {

    private static final StudyConfiguration STUDY = study("""
            StudyTag: SPN
            XnatProjects: [SPN01]
            Sites: {CMH: {}}
            Tags:
              T2: {Pattern: {SeriesDescription: 'T2w_SPC$', ImageType: 'ORIGINAL.*ND$'}, QcType: anat}
              T2-NORM: {Pattern: {SeriesDescription: 'T2w_SPC$', ImageType: 'ORIGINAL.*ND.*NORM$'}, QcType: anat}
              ANY-T2: {Pattern: {SeriesDescription: 't2w'}, QcType: anat}
              MAG1: {Pattern: {SeriesDescription: field, EchoNumber: 1, Part: magnitude}, QcType: fmap}
              MAG2: {Pattern: {SeriesDescription: field, EchoNumber: 2, Part: magnitude}, QcType: fmap}
              PHASE: {Pattern: {SeriesDescription: field, Part: phase}, QcType: fmap}
              XT: {Pattern: {XnatType: TYPE_INFO}, QcType: ignore}
              SEQ: {Pattern: {Header: {SequenceName: 'epfid'}}, QcType: bold}
              A: {Pattern: {SeriesDescription: 'both'}, QcType: bold}
              B: {Pattern: {SeriesDescription: 'both'}, QcType: bold}
              VOL: {Pattern: {SeriesDescription: 'epi'}, QcType: bold, Combine: {SeriesNumber: '^([0-9]+)[0-9]{3}$', ImageType: MFSPLIT}}
            Ignore:
              - {Pattern: {SeriesDescription: scout}, Reason: a scout}
            """);

    @ParameterizedTest
    @CsvSource({
        "T2w_SPC, ORIGINAL/PRIMARY/M/ND, '', '', '', '', T2",
        "T2w_SPC, ORIGINAL/PRIMARY/M/ND/NORM, '', '', '', '', T2-NORM",
        "T2w_SPC, original/primary/m/nd, '', '', '', '', ANY-T2",
        "T2w_SPC, '', '', '', '', '', ANY-T2",
        "a field map, '', '', '', '', '', MAG1 MAG2 PHASE",
        "a FIELD map, '', '1,2', MAGNITUDE, '', '', MAG1 MAG2",
        "a field map, '', '2', PHASE, '', '', PHASE",
        "a field map, '', '3', MAGNITUDE, '', '', unmatched",
        "other, '', '', '', TYPE_INFO, '', XT",
        "other, '', '', '', type_info, '', XT",
        "other, '', '', '', '', 'epfid2d1_64', SEQ",
        "other, '', '', '', '', 'EPFID', unmatched",
        "both, '', '', '', '', '', ambiguous A B",
        "scout both, '', '', '', '', '', ignored a scout",
        "nothing, '', '', '', '', '', unmatched"
    })
    void decidesByAllClausesOfEachTag(
            String description,
            String imageType,
            String echoes,
            String part,
            String xnatType,
            String sequence,
            String expected) {
        // Given
        SeriesFacts facts = new SeriesFacts(
                "7",
                description,
                xnatType,
                "MR",
                "",
                split(imageType, "/"),
                split(echoes, ",").stream().map(Integer::valueOf).collect(Collectors.toSet()),
                split(part, ",").stream().map(Part::valueOf).collect(Collectors.toSet()),
                sequence.isEmpty() ? Map.of() : Map.of("SequenceName", sequence));

        // When
        TagDecision decision = Tagging.decide(facts, STUDY, "CMH", false);

        // Then
        assertThat(describe(decision)).as(decision.explanation().toString()).isEqualTo(expected);
    }

    @Test
    void theExplanationListsTheNearestMissFirstWithEachClause() {
        // Given
        SeriesFacts facts = new SeriesFacts(
                "7", "t2 spc", "", "MR", "", List.of("ORIGINAL", "PRIMARY", "M", "ND"), Set.of(), Set.of(), Map.of());

        // When
        Explanation explanation = Tagging.decide(facts, STUDY, "CMH", false).explanation();

        // Then
        assertThat(explanation.summary()).isEqualTo("No tag matches series 7 't2 spc'; nearest is T2");
        assertThat(explanation.rules().get(0))
                .hasToString("T2: SeriesDescription ~ 'T2w_SPC$' did not match 't2 spc';"
                        + " ImageType ~ 'ORIGINAL.*ND$' matched 'ORIGINAL\\PRIMARY\\M\\ND'");
        assertThat(explanation.rules()).hasSize(12);
    }

    @ParameterizedTest
    @CsvSource({
        "5002, MFSPLIT, '', 5",
        "12001-MR1, MFSPLIT, 12001, 12",
        "5002, ND, '', ''",
        "502, MFSPLIT, '', ''",
        "12001-MR1, MFSPLIT, '', ''"
    })
    void combineStatesWhatThePartsOfAnImageHaveInCommon(String scan, String imageType, String number, String expected) {
        // Given
        SeriesFacts facts = new SeriesFacts(
                scan,
                "epi",
                "",
                "MR",
                "",
                List.of("ORIGINAL", imageType),
                Set.of(),
                Set.of(),
                number.isEmpty() ? Map.of() : Map.of("SeriesNumber", number));

        // When
        TagDecision.Tagged tagged = (TagDecision.Tagged) Tagging.decide(facts, STUDY, "CMH", false);

        // Then
        assertThat(tagged.assignments().get(0).findCombine().orElse("")).isEqualTo(expected);
        assertThat(tagged.explanation().summary().contains("by Combine of VOL")).isEqualTo(!expected.isEmpty());
    }

    static StudyConfiguration study(String yaml) {
        StudyReader.Outcome outcome = StudyReader.read("SPN.yml", yaml.getBytes(StandardCharsets.UTF_8));
        assertThat(outcome.errors()).isEmpty();
        return outcome.findStudy().orElseThrow();
    }

    private static List<String> split(String text, String separator) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split(separator));
    }

    private static String describe(TagDecision decision) {
        if (decision instanceof TagDecision.Tagged tagged) {
            return tagged.assignments().stream()
                    .map(TagDecision.Assignment::tag)
                    .collect(Collectors.joining(" "));
        }
        if (decision instanceof TagDecision.Ambiguous ambiguous) {
            return "ambiguous " + String.join(" ", ambiguous.tags());
        }
        return decision instanceof TagDecision.Ignored ignored ? "ignored " + ignored.reason() : "unmatched";
    }
}
