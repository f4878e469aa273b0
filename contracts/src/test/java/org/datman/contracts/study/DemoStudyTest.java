package org.datman.contracts.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The study of the demo tags what the synthetic scanners send. */
class DemoStudyTest {

    private static final StudyConfigurations STUDIES = StudyConfigurations.load(
            Path.of(System.getProperty("datman.root"), "deploy/local/src/main/resources/demo-studies"));

    @Test
    void theShippedStudiesAreFaultless() {
        // Given / When
        List<ConfigurationError> errors = STUDIES.errors();

        // Then
        assertThat(errors).isEmpty();
        assertThat(STUDIES.valid()).containsOnlyKeys("DEMO", "PILOT", "REAL");
    }

    @ParameterizedTest
    @CsvSource({
        "CMH, false, Sag T1 MPRAGE, ORIGINAL/PRIMARY/M/ND, T1",
        "UTO, false, Sag T1 BRAVO MPRAGE, ORIGINAL/PRIMARY/OTHER, T1",
        "CMH, false, Ax T2 SPC, ORIGINAL/PRIMARY/M/ND, T2",
        "UTO, false, Ax T2 SPC CUBE, ORIGINAL/PRIMARY/OTHER, T2",
        "CMH, false, RestingState, ORIGINAL/PRIMARY/M/ND/MOSAIC, RST",
        "CMH, false, Task NBack, ORIGINAL/PRIMARY/M/ND/MOSAIC, NBK",
        "CMH, false, DTI 2shell 30dir, ORIGINAL/PRIMARY/DIFFUSION/NONE/ND/MOSAIC, DTI-MS",
        "CMH, false, DTI 60dir b1000, ORIGINAL/PRIMARY/DIFFUSION/NONE/ND/MOSAIC, DTI60-1000",
        "CMH, false, SE EPI AP, ORIGINAL/PRIMARY/M/ND, FMAP-AP",
        "UTO, false, SE EPI PA, ORIGINAL/PRIMARY/OTHER, FMAP-PA",
        "CMH, false, gre_field_mapping, ORIGINAL/PRIMARY/M/ND, MAG1 MAG2",
        "CMH, false, gre_field_mapping, ORIGINAL/PRIMARY/P/ND, PHASEDIFF",
        "UTO, false, gre_field_mapping, ORIGINAL/PRIMARY/OTHER, unmatched",
        "CMH, true, fBIRN stability, ORIGINAL/PRIMARY/M/ND/MOSAIC, FBN",
        "CMH, false, fBIRN stability, ORIGINAL/PRIMARY/M/ND/MOSAIC, unmatched",
        "CMH, false, localizer, ORIGINAL/PRIMARY/M/ND, ignored",
        "CMH, false, DTI 2shell 30dir_FA, DERIVED/PRIMARY/DIFFUSION/FA, ignored",
        "CMH, false, WIP something new, ORIGINAL/PRIMARY/M/ND, unmatched",
        "CMH, false, RestingState NBack, ORIGINAL/PRIMARY/M/ND/MOSAIC, ambiguous NBK RST",
        "CMH, false, Sag T1 MPRAGE and Ax T2 SPC, ORIGINAL/PRIMARY/M/ND, ambiguous T1 T2",
        "CMH, false, ep2d test please ignore, ORIGINAL/PRIMARY/M/ND/MOSAIC, unmatched",
        "MRP, false, Sag T1 MPRAGE TFE, ORIGINAL/PRIMARY/M_FFE/M/FFE, T1",
        "MRP, false, Ax T2 SPC VISTA, ORIGINAL/PRIMARY/M_SE/M/SE, T2"
    })
    void tagsWhatTheScannersSend(String site, boolean phantom, String description, String imageType, String expected) {
        // Given
        SeriesFacts facts = new SeriesFacts(
                "3", description, "", "MR", "", Arrays.asList(imageType.split("/")), Set.of(), Set.of(), Map.of());

        // When
        TagDecision decision = Tagging.decide(facts, STUDIES.study("DEMO").orElseThrow(), site, phantom);

        // Then
        assertThat(describe(decision)).as(decision.explanation().toString()).isEqualTo(expected);
    }

    @Test
    void expectsTheFieldMapPairOfAPersonAndOneRunOfAPhantom() {
        // Given
        StudyConfiguration demo = STUDIES.study("DEMO").orElseThrow();
        LocalDate day = LocalDate.parse("2026-01-01");

        // When
        Map<String, ExpectedCount> person = demo.expected("CMH", false, "01", day);

        // Then
        assertThat(person)
                .containsEntry("FMAP-AP", ExpectedCount.of(1))
                .containsEntry("FMAP-PA", ExpectedCount.of(1))
                .doesNotContainKey("FBN");
        assertThat(demo.expected("UTO", true, "", day)).isEqualTo(Map.of("FBN", ExpectedCount.of(1)));
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
        return decision instanceof TagDecision.Ignored ? "ignored" : "unmatched";
    }
}
