package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The input and output of a newcomer. */
class TryCommandTest {

    @TempDir
    Path folder;

    private final StringWriter output = new StringWriter();
    private Path study;

    @BeforeEach
    void aStudy() throws IOException {
        study = Files.writeString(folder.resolve("SPN.yml"), """
                StudyTag: SPN
                XnatProjects: [SPN]
                Sites: {CMH: {}}
                Tags:
                  T1: {Pattern: {SeriesDescription: 'T1'}, QcType: anat, Count: 1}
                """);
    }

    @Test
    void aFolderWithASubFolderPerSeriesIsOneSession() throws IOException {
        // Given files without an ending, as scanners write them
        image(folder.resolve("SPN_CMH_0001_01_01/2-T1/IM0001"), "1.2.3", 2, "T1");
        image(folder.resolve("SPN_CMH_0001_01_01/3-T2/IM0001"), "1.2.3", 3, "T2");
        Files.writeString(folder.resolve("SPN_CMH_0001_01_01/notes.txt"), "left the room");

        // When
        int code = run(study, folder.resolve("SPN_CMH_0001_01_01"));

        // Then
        assertThat(output.toString())
                .contains("Taken as one session: 2-T1 and 3-T2 hold the same study")
                .contains("SPN_CMH_0001_01_01_T1_02_T1")
                .contains("UNMATCHED")
                .contains("no image of a series: notes.txt")
                .contains("1 session(s) tried, 1 need(s) attention");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void aFolderWithTheFilesThemselvesIsOneSession() throws IOException {
        // Given
        image(folder.resolve("visit/2.dcm"), "1.2.3", 2, "T1");

        // When
        int code = run(study, folder.resolve("visit"), "--session", "SPN_CMH_0001_01_01");
        int codeWithoutLabel = run(study, folder.resolve("visit"));

        // Then
        assertThat(output.toString())
                .contains("SPN_CMH_0001_01_01_T1_02_T1")
                .contains("Taken as one session: 2.dcm")
                .contains("SPN_CMH_VISIT_01_01 (in the folder: visit)");
        assertThat(code).isZero();
        assertThat(codeWithoutLabel).isZero();
    }

    @Test
    void aFolderOfSessionsHasOneOfEachAndNamesWhatIsNone() throws IOException {
        // Given
        image(folder.resolve("sessions/SPN_CMH_0001_01_01/2.dcm"), "1.2.3", 2, "T1");
        zip(folder.resolve("sessions/SPN_CMH_0002_01_01.zip"), image(folder.resolve("2.dcm"), "1.2.4", 2, "T1"));
        Files.writeString(folder.resolve("sessions/list.txt"), "");
        Files.createDirectories(folder.resolve("sessions/SPN_CMH_0003_01_01"));

        // When
        int code = run(study, folder.resolve("sessions"));

        // Then
        assertThat(output.toString())
                .contains("list.txt is neither a folder, an archive nor DICOM, so no session")
                .contains("SPN_CMH_0001_01_01_T1_02_T1")
                .contains("SPN_CMH_0002_01_01_T1_02_T1")
                .contains("no DICOM series")
                .contains("3 session(s) tried, 1 need(s) attention");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void aFaultOfTheStudyFileHasItsPlaceAndWhatIsAllowed() throws IOException {
        // Given
        Files.writeString(study, Files.readString(study).replace("QcType: anat", "QcType: anatomy"));

        // When
        int code = run(study, folder);

        // Then
        assertThat(output.toString())
                .contains("SPN.yml:5:")
                .contains("Tags.T1.QcType")
                .contains("allowed: ")
                .contains("1 fault(s); nothing was tried");
        assertThat(code).isEqualTo(2);
    }

    @Test
    void whatIsNotThereIsNamed() throws IOException {
        // Given
        Path empty = Files.createDirectories(folder.resolve("empty"));

        // When
        int noStudy = run(folder.resolve("SPM.yml"), folder);
        int noStudyInFolder = run(empty, folder);
        int noSession = run(study, folder.resolve("sesions"));
        int nothingInSession = run(study, empty);

        // Then
        assertThat(output.toString())
                .contains("SPM.yml does not exist; give a study file")
                .contains("There is no study file (.yml or .yaml) in " + empty)
                .contains("sesions does not exist; give a folder of sessions")
                .contains(empty + " has no sub-folder, no archive and no DICOM file, so no session");
        assertThat(new int[] {noStudy, noStudyInFolder, noSession, nothingInSession})
                .containsOnly(2);
    }

    private int run(Path studyFile, Path sessions, String... options) {
        CommandLine line = DatmanCommand.commandLine(Map.of());
        PrintWriter out = new PrintWriter(output, true);
        String[] arguments = new String[options.length + 3];
        arguments[0] = "try";
        arguments[1] = studyFile.toString();
        arguments[2] = sessions.toString();
        System.arraycopy(options, 0, arguments, 3, options.length);
        return line.setOut(out).setErr(out).execute(arguments);
    }

    private static Path image(Path file, String studyUid, int number, String description) throws IOException {
        Files.createDirectories(file.getParent());
        DicomWriter.write(
                file,
                DicomDataset.builder()
                        .set("StudyInstanceUID", studyUid)
                        .set("SeriesInstanceUID", studyUid + "." + number)
                        .set("SOPInstanceUID", studyUid + "." + number + ".1")
                        .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                        .set("Modality", "MR")
                        .set("StudyDate", "20260131")
                        .set("SeriesNumber", Integer.toString(number))
                        .set("SeriesDescription", description)
                        .set("Rows", 4)
                        .set("Columns", 4)
                        .build());
        return file;
    }

    private static void zip(Path archive, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(archive);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("scans/2.dcm"));
            Files.copy(file, zip);
        }
    }
}
