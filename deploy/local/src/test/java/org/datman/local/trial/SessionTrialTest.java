package org.datman.local.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomDatasetBuilder;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.local.trial.SessionTrial.TagCount;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A study file held against a folder, without XNAT, Kafka or database. */
class SessionTrialTest {

    private static final String MR_IMAGE = "1.2.840.10008.5.1.4.1.1.4";
    private static final String ENHANCED_SR = "1.2.840.10008.5.1.4.1.1.88.22";

    @TempDir
    Path folder;

    private Path session;

    @BeforeEach
    void twoImagesAndAReport() throws IOException {
        session = Files.createDirectories(folder.resolve("sessions/visit"));
        image(2, "Sag T1 MPRAGE", "epfid");
        image(3, "something new", "tfl3d");
        DicomWriter.write(
                session.resolve("report.dcm"),
                base(99, "Phoenix report")
                        .set("SOPClassUID", ENHANCED_SR)
                        .set("Modality", "SR")
                        .build());
    }

    @Test
    void eachSeriesGetsTheDecisionOfTheTaggingService() throws IOException {
        // Given
        StudyConfigurations studies = study("T1: {Pattern: {SeriesDescription: 'T1'}, QcType: anat, Count: 1}");

        // When
        SessionTrial trial = trial(studies, "SPN_CMH_0001_01_01");

        // Then
        assertThat(trial.series())
                .extracting(SeriesTagged::scan, SeriesTagged::decision)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("2", Decision.TAGGED),
                        org.assertj.core.groups.Tuple.tuple("3", Decision.UNMATCHED),
                        org.assertj.core.groups.Tuple.tuple("99", Decision.UNMATCHED));
        assertThat(trial.series().get(0).assignments().get(0).stem())
                .isEqualTo("SPN_CMH_0001_01_01_T1_02_Sag-T1-MPRAGE");
        assertThat(trial.series().get(1).reason().message()).endsWith("nearest is T1");
        assertThat(trial.series().get(2).reason().message()).endsWith("it holds no image");
        assertThat(trial.needsAttention()).isTrue();
    }

    @Test
    void aRuleOnTheHeaderLooksAtTheFiles() throws IOException {
        // Given
        StudyConfigurations studies = study("EPI: {Pattern: {Header: {SequenceName: '^epfid'}}, QcType: bold}");

        // When
        SessionTrial trial = trial(studies, "SPN_CMH_0001_01_01");

        // Then
        assertThat(trial.series())
                .filteredOn(series -> series.decision() == Decision.TAGGED)
                .extracting(SeriesTagged::scan)
                .containsExactly("2");
    }

    @Test
    void aTagOfWhichNoneCameIsTold() throws IOException {
        // Given
        StudyConfigurations studies = study("""
                T1: {Pattern: {SeriesDescription: 'T1'}, QcType: anat, Count: 1}
                  T2: {Pattern: {SeriesDescription: 'T2'}, QcType: anat, Count: 1}
                  ACR: {Pattern: {SeriesDescription: 'acr'}, QcType: acr, AppliesTo: phantoms, PhaCount: 1}""");

        // When
        SessionTrial trial = trial(studies, "SPN_CMH_0001_01_01");

        // Then
        assertThat(trial.counts())
                .containsExactly(new TagCount("T1", OptionalInt.of(1), 1), new TagCount("T2", OptionalInt.of(1), 0));
    }

    @Test
    void aLabelOutsideTheGrammarHasItsReason() throws IOException {
        // Given
        StudyConfigurations studies = study("T1: {Pattern: {SeriesDescription: 'T1'}, QcType: anat}");

        // When
        SessionTrial trial = trial(studies, "spn-visit-1");

        // Then
        assertThat(trial.unnamed())
                .hasValueSatisfying(reason -> assertThat(reason).contains("spn-visit-1"));
        assertThat(trial.needsAttention()).isTrue();
    }

    private SessionTrial trial(StudyConfigurations studies, String label) throws IOException {
        return SessionTrial.of(session, "SPN", label, studies, folder.resolve("work"));
    }

    private StudyConfigurations study(String tags) throws IOException {
        Path file = folder.resolve("SPN.yml");
        Files.writeString(file, "StudyTag: SPN\nXnatProjects: [SPN]\nSites:\n  CMH: {}\nTags:\n  " + tags + "\n");
        StudyConfigurations studies = StudyConfigurations.loadFile(file);
        assertThat(studies.errors()).isEmpty();
        return studies;
    }

    private void image(int number, String description, String sequence) throws IOException {
        DicomWriter.write(
                session.resolve(number + ".dcm"),
                base(number, description)
                        .set("SOPClassUID", MR_IMAGE)
                        .set("Modality", "MR")
                        .set("SequenceName", sequence)
                        .set("Rows", 4)
                        .set("Columns", 4)
                        .build());
    }

    private static DicomDatasetBuilder base(int number, String description) {
        return DicomDataset.builder()
                .set("StudyInstanceUID", "1.2.3")
                .set("SeriesInstanceUID", "1.2.3." + number)
                .set("SOPInstanceUID", "1.2.3." + number + ".1")
                .set("StudyDate", "20260131")
                .set("SeriesNumber", Integer.toString(number))
                .set("SeriesDescription", description);
    }
}
