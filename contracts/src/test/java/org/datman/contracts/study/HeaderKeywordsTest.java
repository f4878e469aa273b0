package org.datman.contracts.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderKeywordsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EchoTime",
                "PixelSpacing",
                "AcquisitionMatrix",
                "ImageOrientationPatient",
                "PatientPosition",
                "DiffusionBValue",
                "PulseSequenceName",
                "NumberOfTemporalPositions",
                "ParallelReductionFactorInPlane",
                "InstitutionName"
            })
    void aTechnicalElementCanBeUsed(String keyword) {
        // Given a keyword

        // When
        Optional<HeaderKeywords.Refusal> refusal = HeaderKeywords.refusal(keyword);

        // Then
        assertThat(refusal).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PatientName, person",
        "PatientBirthDate, person",
        "PatientID, person",
        "OtherPatientIDs, person",
        "PatientWeight, person",
        "PatientAge, person",
        "AccessionNumber, person",
        "ImageComments, person",
        "PatientComments, person",
        "ReferringPhysicianName, person",
        "OperatorsName, person",
        "PerformingPhysicianName, person",
        "InstitutionAddress, person",
        "StudyDescription, person",
        "StudyID, person",
        "PerformedProcedureStepDescription, person",
        "ReferringPhysicianTelephoneNumbers, person",
        "SOPInstanceUID, identifies one object",
        "FrameOfReferenceUID, identifies one object",
        "PixelData, no text or number",
        "SharedFunctionalGroupsSequence, no text or number",
        "OverlayRows, no text or number",
        "TransferSyntaxUID, identifies one object",
        "ImplementationVersionName, no text or number",
        "PixelSpacin, is PixelSpacing meant?",
        "0019100c, is no keyword of the DICOM dictionary"
    })
    void whatNoEventMayCarryOrNoSeriesCanMatchIsRefusedWithTheReason(String keyword, String reason) {
        // Given a keyword

        // When
        Optional<HeaderKeywords.Refusal> refusal = HeaderKeywords.refusal(keyword);

        // Then
        assertThat(refusal.orElseThrow().problem()).contains(reason);
    }

    @Test
    void aStudyStatesWhichElementsItsRulesNeedBesideTheUsualOnes() {
        // Given
        StudyConfiguration study = study("""
                StudyTag: SPN
                XnatProjects: [SPN01]
                Sites: {CMH: {Tags: {T2: {Pattern: {Header: {PixelSpacing: {Max: 1}}}, QcType: anat}}}}
                Tags:
                  T1: {Pattern: {SeriesDescription: T1, Header: {EchoTime: {Max: 5}, PatientPosition: HFS}}, QcType: anat}
                  VOL: {Pattern: {SeriesDescription: epi}, QcType: bold, Combine: {SeriesNumber: '^(.)', Header: {DiffusionBValue: {Min: 1}}}}
                Ignore:
                  - {Pattern: {Header: {ImageLaterality: L}}, Reason: one side}
                """);

        // When
        Set<String> keywords = study.headerKeywords();

        // Then
        assertThat(keywords).containsExactly("DiffusionBValue", "ImageLaterality", "PatientPosition", "PixelSpacing");
    }

    @ParameterizedTest
    @CsvSource({
        "EchoTime, 20, true",
        "EchoTime, 40, true",
        "EchoTime, 2.99E1, true",
        "EchoTime, 19.99, false",
        "EchoTime, '', false",
        "EchoTime, short, false",
        "PixelSpacing, 0.8\\0.8, true",
        "PixelSpacing, 0.8\\1.2, false",
        "RepetitionTime, 1e9, true",
        "RepetitionTime, NaN, false"
    })
    void aRangeHoldsEveryValueOfTheElementWithBothLimits(String keyword, String value, boolean matches) {
        // Given
        StudyConfiguration study = study("""
                StudyTag: SPN
                XnatProjects: [SPN01]
                Sites: {CMH: {}}
                Tags:
                  A: {Pattern: {Header: {%s: %s}}, QcType: anat}
                """.formatted(
                keyword,
                Map.of("EchoTime", "{Min: 20, Max: 40.0}", "PixelSpacing", "{Max: 1}", "RepetitionTime", "{Min: 2000}")
                        .get(keyword)));
        SeriesFacts facts =
                new SeriesFacts("7", "x", "", "MR", "", List.of(), Set.of(), Set.of(), Map.of(keyword, value));

        // When
        TagDecision decision = Tagging.decide(facts, study, "CMH", false);

        // Then
        assertThat(decision instanceof TagDecision.Tagged)
                .as(decision.explanation().toString())
                .isEqualTo(matches);
        assertThat(decision.explanation().toString())
                .contains("A: Header." + keyword + " ~ ")
                .contains(Map.of("EchoTime", "20 to 40", "PixelSpacing", "at most 1", "RepetitionTime", "at least 2000")
                        .get(keyword))
                .contains(value.isEmpty() ? "no value" : "'" + value + "'");
    }

    private static StudyConfiguration study(String yaml) {
        StudyReader.Outcome outcome = StudyReader.read("SPN.yml", yaml.getBytes(StandardCharsets.UTF_8));
        assertThat(outcome.errors()).isEmpty();
        return outcome.findStudy().orElseThrow();
    }
}
