package org.datman.local.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Decision;
import org.datman.contracts.study.ExpectedCount;
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
    private static final Clock NEW_YEAR_2030 = Clock.fixed(Instant.parse("2030-01-01T12:00:00Z"), ZoneOffset.UTC);
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
    void aDateThatWasBlankedStopsNothing() throws IOException {
        // Given: a session whose date was blanked before it was sent
        for (Path file : List.of(session.resolve("2.dcm"), session.resolve("3.dcm"), session.resolve("report.dcm"))) {
            Files.delete(file);
        }
        DicomWriter.write(
                session.resolve("blanked.dcm"),
                base(4, "Sag T1 MPRAGE")
                        .set("StudyDate", "00000000")
                        .set("SOPClassUID", MR_IMAGE)
                        .set("Modality", "MR")
                        .set("Rows", 4)
                        .set("Columns", 4)
                        .build());
        StudyConfigurations studies = study("T1: {Pattern: {SeriesDescription: 'T1'}, QcType: anat}");

        // When
        SessionTrial trial = trial(studies, "SPN_CMH_0001_01_01");

        // Then
        assertThat(trial.series())
                .extracting(SeriesTagged::scan, SeriesTagged::decision)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("4", Decision.TAGGED));
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
    void aTagOfWhichNoneCameIsReported() throws IOException {
        // Given
        StudyConfigurations studies = study("""
                T1: {Pattern: {SeriesDescription: 'T1'}, QcType: anat, Count: 1}
                  T2: {Pattern: {SeriesDescription: 'T2'}, QcType: anat, Count: 1}
                  ACR: {Pattern: {SeriesDescription: 'acr'}, QcType: acr, AppliesTo: phantoms, PhaCount: 1}""");

        // When
        SessionTrial trial = trial(studies, "SPN_CMH_0001_01_01");

        // Then
        assertThat(trial.counts())
                .containsExactly(
                        new TagCount("T1", ExpectedCount.of(1), 1), new TagCount("T2", ExpectedCount.of(1), 0));
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

    @Test
    void seriesThatCombineMakesOneOfCountOnce() throws IOException {
        // Given five volumes that came as a series each, and another run in two
        for (int number : new int[] {5001, 5002, 5003, 5004, 5005, 7001, 7002}) {
            image(number, "rest", "epfid");
        }
        StudyConfigurations studies = study(
                "RST: {Pattern: {SeriesDescription: 'rest'}, QcType: bold, Count: 2, Combine: {SeriesNumber: '^([0-9]+)[0-9]{3}$'}}");

        // When
        SessionTrial trial = trial(studies, "SPN_CMH_0001_01_01");

        // Then
        assertThat(trial.counts()).containsExactly(new TagCount("RST", ExpectedCount.of(2), 2));
        assertThat(trial.parts(series(trial, "5003")))
                .extracting(SeriesTagged::scan)
                .containsExactly("5001", "5002", "5003", "5004", "5005");
        assertThat(trial.parts(series(trial, "2"))).containsExactly(series(trial, "2"));
    }

    @Test
    void withoutADateTheNumbersOfTodayHold() throws IOException {
        // Given
        Path undated = Files.createDirectories(folder.resolve("undated"));
        DicomWriter.write(
                undated.resolve("1.dcm"),
                DicomDataset.builder()
                        .set("StudyInstanceUID", "1.2.4")
                        .set("SeriesInstanceUID", "1.2.4.1")
                        .set("SOPInstanceUID", "1.2.4.1.1")
                        .set("SOPClassUID", MR_IMAGE)
                        .set("Modality", "MR")
                        .set("SeriesNumber", "1")
                        .set("SeriesDescription", "T1")
                        .set("Rows", 4)
                        .build());
        StudyConfigurations studies = study(
                "T1: {Pattern: {SeriesDescription: 'T1'}, QcType: anat, Count: [{To: 2029-12-31, Count: 3}, {From: 2030-01-01, Count: 1}]}");

        // When
        SessionTrial trial =
                SessionTrial.of(undated, "SPN", "SPN_CMH_0001_01_01", studies, folder.resolve("work"), NEW_YEAR_2030);

        // Then
        assertThat(trial.counts())
                .containsExactly(
                        new TagCount("T1", new ExpectedCount(List.of(1), "Count for scans from 2030-01-01"), 1));
    }

    @Test
    void twoSeriesOfOneNumberHaveTheNamesThatAnXnatGivesThem() throws IOException {
        // Given
        DicomWriter.write(
                session.resolve("again.dcm"),
                base(2, "Sag T1 MPRAGE")
                        .set("SeriesInstanceUID", "1.2.3.2000")
                        .set("SOPInstanceUID", "1.2.3.2000.1")
                        .set("SOPClassUID", MR_IMAGE)
                        .set("Modality", "MR")
                        .set("Rows", 4)
                        .build());
        StudyConfigurations studies = study("T1: {Pattern: {SeriesDescription: 'T1'}, QcType: anat}");

        // When
        SessionTrial trial = trial(studies, "SPN_CMH_0001_01_01");

        // Then
        assertThat(series(trial, "2-MR1").assignments().get(0).stem())
                .isEqualTo("SPN_CMH_0001_01_01_T1_02_Sag-T1-MPRAGE-scan-2-MR1");
    }

    @Test
    void filesThatAreNoImageOfASeriesAreNamed() throws IOException {
        // Given
        Files.writeString(session.resolve("notes.txt"), "left the room");
        StudyConfigurations studies = study("T1: {Pattern: {SeriesDescription: 'T1'}, QcType: anat}");

        // When
        SessionTrial trial = trial(studies, "SPN_CMH_0001_01_01");

        // Then
        assertThat(trial.others()).containsExactly("notes.txt");
    }

    private static SeriesTagged series(SessionTrial trial, String scan) {
        return trial.series().stream()
                .filter(one -> one.scan().equals(scan))
                .findFirst()
                .orElseThrow();
    }

    private SessionTrial trial(StudyConfigurations studies, String label) throws IOException {
        return SessionTrial.of(session, "SPN", label, studies, folder.resolve("work"), NEW_YEAR_2030);
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
