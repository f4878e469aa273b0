package org.datman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomDatasetBuilder;
import org.datman.imaging.dicom.DicomHeader;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.imaging.dicom.Tag;
import org.datman.imaging.dicom.Vr;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DeidentifyCommandTest {

    @TempDir
    private Path folder;

    private final StringWriter printed = new StringWriter();

    /** Two visits of one person, and one of another. */
    @BeforeEach
    void write() throws IOException {
        Files.createDirectories(folder.resolve("dicom"));
        Files.writeString(folder.resolve("secret"), "the same in every run of the test");
        DicomWriter.write(
                folder.resolve("dicom/1.dcm"),
                image("HOSP1", "20260105", "1.2.3.1").build());
        DicomWriter.write(
                folder.resolve("dicom/2.dcm"),
                image("HOSP1", "20260119", "1.2.3.2").build());
        DicomWriter.write(
                folder.resolve("dicom/3.dcm"),
                image("HOSP2", "20260105", "1.2.3.3").build());
    }

    @Test
    void theDatesOfAPersonMoveByTheSameDaysAndTheUidsGoTogether() throws IOException {
        // Given the folder

        // When
        int exit = run("out");

        // Then
        List<DicomHeader> copies = copies("out");
        List<DicomHeader> ofOne = copies.stream()
                .filter(one -> copies.stream()
                                .filter(other -> other.string("PatientID").equals(one.string("PatientID")))
                                .count()
                        == 2)
                .toList();
        assertThat(exit).isZero();
        assertThat(copies).hasSize(3);
        assertThat(ofOne).hasSize(2);
        assertThat(Math.abs(ChronoUnit.DAYS.between(day(ofOne.get(0)), day(ofOne.get(1)))))
                .isEqualTo(14);
        assertThat(day(ofOne.get(0))).isBefore(LocalDate.parse("2026-01-19"));
        assertThat(copies).allSatisfy(copy -> {
            assertThat(copy.string("StudyInstanceUID")).isEqualTo(copies.get(0).string("StudyInstanceUID"));
            assertThat(copy.string("StudyInstanceUID").orElseThrow())
                    .startsWith("2.25.")
                    .hasSizeLessThanOrEqualTo(64);
            assertThat(copy.string("LongitudinalTemporalInformationModified")).contains("MODIFIED");
            assertThat(copy.string("PatientName")).isEqualTo(copy.string("PatientID"));
        });
    }

    @Test
    void nothingOfPersonScannerOrExamIsInTheBytes() throws IOException {
        // Given the folder

        // When
        run("out");

        // Then
        try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
            assertThat(files.filter(Files::isRegularFile).toList()).hasSize(3).allSatisfy(file -> assertThat(
                            Files.readString(file, StandardCharsets.ISO_8859_1))
                    .doesNotContain("Secret", "HOSP", "MRC1", "45123", "202601", "19800203", "1.2.3.")
                    .contains("Sag T1 BRAVO", "T1 protocol"));
        }
    }

    @Test
    void theSameSecretGivesTheSameCopies() throws IOException {
        // Given
        run("out");

        // When
        run("another");

        // Then
        assertThat(instances("another")).isEqualTo(instances("out"));
    }

    @Test
    void aNewSecretIsForItsOwnerOnlyAndGivesOtherNames() throws IOException {
        // Given
        run("out");
        Files.delete(folder.resolve("secret"));

        // When
        run("another");

        // Then
        assertThat(instances("another")).hasSize(3).doesNotContainAnyElementsOf(instances("out"));
        assertThat(Files.getPosixFilePermissions(folder.resolve("secret")))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    @Test
    void aScreenshotAndAReportStayHere() throws IOException {
        // Given
        DicomWriter.write(
                folder.resolve("dicom/4.dcm"),
                image("HOSP1", "20260105", "1.2.3.4")
                        .set("BurnedInAnnotation", "YES")
                        .build());
        DicomWriter.write(
                folder.resolve("dicom/5.dcm"),
                image("HOSP1", "20260105", "1.2.3.5").remove(Tag.PIXEL_DATA).build());

        // When
        int exit = run("out");

        // Then
        assertThat(exit).isEqualTo(1);
        assertThat(printed.toString()).contains("4.dcm: not copied", "5.dcm: not copied", "3 files copied, 2 not");
        assertThat(copies("out")).hasSize(3);
    }

    private int run(String to) {
        CommandLine command = new CommandLine(new DeidentifyCommand());
        command.setOut(new PrintWriter(printed));
        return command.execute(
                folder.resolve("dicom").toString(),
                folder.resolve(to).toString(),
                "--secret",
                folder.resolve("secret").toString());
    }

    private List<String> instances(String place) throws IOException {
        return copies(place).stream()
                .map(copy -> copy.string("SOPInstanceUID").orElseThrow())
                .toList();
    }

    private List<DicomHeader> copies(String place) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(place))) {
            List<DicomHeader> headers = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                headers.add(DicomReader.read(file));
            }
            return headers;
        }
    }

    private static LocalDate day(DicomHeader header) {
        return LocalDate.parse(header.string("StudyDate").orElseThrow(), DateTimeFormatter.BASIC_ISO_DATE);
    }

    private static DicomDatasetBuilder image(String person, String date, String instance) {
        return DicomDataset.builder()
                .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                .set("SOPInstanceUID", instance)
                .set("StudyInstanceUID", "1.2.3.9")
                .set("StudyDate", date)
                .set("AcquisitionDateTime", date + "101500")
                .set("PatientName", "Secret^" + person)
                .set("PatientID", person)
                .set("PatientBirthDate", "19800203")
                .set("StationName", "MRC1")
                .set("DeviceSerialNumber", "45123")
                .set("SeriesDescription", "Sag T1 BRAVO")
                .set("ProtocolName", "T1 protocol")
                .set("SeriesNumber", "5")
                .set(0x00290010, Vr.LO, "SIEMENS CSA HEADER")
                .set(0x00291010, Vr.OB, "date 20260105".getBytes(StandardCharsets.US_ASCII))
                .set(Tag.PIXEL_DATA, Vr.OW, new short[4]);
    }
}
