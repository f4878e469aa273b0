package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.datman.contracts.archive.AdoptedFiles;
import org.datman.contracts.archive.ArchiveMark;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.simulator.XnatSimulator;
import org.datman.simulator.archive.Session;
import org.datman.simulator.importer.LoadOptions;
import org.datman.xnat.ResourceRef;
import org.datman.xnat.XnatClient;
import org.datman.xnat.XnatConfig;
import org.datman.xnat.XnatFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command on an archive of the shape that the first DATMAN leaves, beside an XNAT that has the same session. */
class AdoptCommandTest {

    private static final String ID = "SPN01_CMH_0001_01";
    private static final String WHOLE = "1.2.2";
    private static final String CHANGED = "1.2.3";
    private static final String ONE_KEPT = "1.2.4";

    @TempDir
    Path folder;

    private final StringWriter output = new StringWriter();
    private Path data;
    private Path archive;
    private Path session;

    /** Series 2 is in the zip, series 3 too but changed on XNAT since, of series 4 only the one kept file is left. */
    @BeforeEach
    void anArchiveOfBefore() throws IOException {
        archive = Files.createDirectories(folder.resolve("archive"));
        ArchiveMark.create(archive);
        session = folder.resolve("session");
        for (String uid : List.of(WHOLE, CHANGED, ONE_KEPT)) {
            for (int number = 1; number <= 3; number++) {
                image(session.resolve(uid).resolve(number + ".dcm"), uid, number, 7);
            }
        }
        Path old = folder.resolve("SPN01");
        data = old.resolve("data");
        write(old.resolve("metadata/scans.csv"), "source_name target_name PI\n");
        write(data.resolve("nii/" + ID + "/" + ID + "_01_T1_02_Sag.nii.gz"), "nifti");
        write(data.resolve("nii/" + ID + "/" + ID + "_01_T1_02_Sag.json"), "{}");
        write(data.resolve("RESOURCES/" + ID + "_01/MISC/notes.txt"), "left the room");
        Files.createDirectories(data.resolve("dcm/" + ID));
        Files.copy(
                session.resolve(ONE_KEPT).resolve("1.dcm"), data.resolve("dcm/" + ID + "/" + ID + "_01_T2_04_Ax.dcm"));
        Path zip = data.resolve("zips/20260304_as received.zip");
        Files.createDirectories(zip.getParent());
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (String uid : List.of(WHOLE, CHANGED)) {
                for (int number = 1; number <= 3; number++) {
                    out.putNextEntry(new ZipEntry(ID + "/scans/" + uid + "/DICOM/" + number + ".dcm"));
                    Files.copy(session.resolve(uid).resolve(number + ".dcm"), out);
                }
            }
        }
        Files.createDirectories(data.resolve("dicom"));
        Files.createSymbolicLink(
                data.resolve("dicom/" + ID + "_01.zip"), Path.of("../zips").resolve(zip.getFileName()));
        image(session.resolve(CHANGED).resolve("2.dcm"), CHANGED, 2, 8);
    }

    @Test
    void whatXnatHasWithTheSameDigestIsListedAndNothingElse() throws IOException {
        // Given
        Map<String, Boolean> atHand = new TreeMap<>();

        // When
        int code = adopt(data);

        // Then
        try (XnatSimulator simulator = XnatSimulator.builder()
                        .users(Map.of("datman", "secret"))
                        .start();
                XnatClient xnat = new XnatClient(XnatConfig.of(simulator.url(), "xnat", "datman", () -> "secret"))) {
            Session loaded = simulator.addSession(
                    session,
                    LoadOptions.project("SPN01_CMH").subject("SPN01_CMH_0001").label(ID + "_01"));
            for (var scan : loaded.scans()) {
                String resource = Long.toString(scan.resources().get(0).id());
                for (XnatFile file : xnat.files(ResourceRef.ofScan(loaded.id(), scan.id(), resource))) {
                    atHand.merge(
                            scan.uid() + " "
                                    + AdoptedFiles.of(archive, scan.uid()).stream()
                                            .anyMatch(one ->
                                                    one.size() == file.size().orElseThrow()
                                                            && file.findMd5()
                                                                    .filter(one.md5()::equalsIgnoreCase)
                                                                    .isPresent()),
                            true,
                            (a, b) -> a);
                }
            }
        }
        assertThat(code).isZero();
        assertThat(output.toString())
                .contains("7 DICOM files of 3 series in 2 zips and folders are listed; 3 other files and 0 problem(s)");
        assertThat(atHand)
                .containsOnlyKeys(
                        WHOLE + " true",
                        CHANGED + " true",
                        CHANGED + " false",
                        ONE_KEPT + " true",
                        ONE_KEPT + " false");
    }

    @Test
    void linksThatLeadOutOfTheFolderAreNamedWithWhatToAdopt() throws IOException {
        // Given
        Files.createSymbolicLink(data.resolve("dicom/gone.zip"), Path.of("../zips/gone.zip"));

        // When
        int code = adopt(data.resolve("dicom"));

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(output.toString())
                .contains(ID + "_01.zip is a link to ")
                .contains("outside of this folder; adopt the folder of that, too")
                .contains("gone.zip is a link that leads nowhere")
                .contains("0 DICOM files");
    }

    private int adopt(Path old) {
        CommandLine command = DatmanCommand.commandLine(Map.of());
        command.setOut(new PrintWriter(output, true)).setErr(new PrintWriter(output, true));
        return command.execute(
                "adopt",
                old.toString(),
                "--archive",
                archive.toString(),
                "--home",
                folder.toString(),
                "--checkout",
                folder.toString());
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void image(Path file, String series, int number, int rows) throws IOException {
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        DicomWriter.write(
                file,
                DicomDataset.builder()
                        .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                        .set("SOPInstanceUID", series + "." + number)
                        .set("StudyInstanceUID", "1.2")
                        .set("SeriesInstanceUID", series)
                        .set("SeriesNumber", series.substring(series.length() - 1))
                        .set("Modality", "MR")
                        .set("InstanceNumber", number)
                        .set("Rows", rows)
                        .set("Columns", 4)
                        .build());
    }
}
