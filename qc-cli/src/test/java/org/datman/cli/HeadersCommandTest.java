package org.datman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class HeadersCommandTest {

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void equalSidecarsEndWithZero() throws Exception {
        // Given
        Path a = text("a.json", "{\"RepetitionTime\": 2, \"SliceTiming\": [0, 1]}");
        Path b = text("b.json", "{\"RepetitionTime\": 1.9999998, \"SliceTiming\": [0, 1]}");

        // When
        int code = run(a.toString(), b.toString());

        // Then
        assertThat(code).isZero();
        assertThat(output.toString()).contains("0 differ");
    }

    @Test
    void aDifferenceEndsWithOneAndIsInTableAndJson() throws Exception {
        // Given
        Path a = dicom("a/1.dcm", "1", 0, 30);
        Path b = dicom("b/1.dcm", "1", 0, 35);
        Path json = folder.resolve("out.json");

        // When
        int code = run(a.toString(), b.toString(), "--json", json.toString());

        // Then
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        JsonNode echo = report.findParents("field").stream()
                .filter(row -> row.path("field").asText().equals("EchoTime"))
                .findFirst()
                .orElseThrow();
        assertThat(code).isEqualTo(1);
        assertThat(output.toString()).containsPattern("EchoTime \\[ms\\]\\s+mismatch\\s+flag\\s+30\\s+35\\s+\\+5");
        assertThat(report.path("equal").asBoolean()).isFalse();
        assertThat(echo.path("actual").path("values").get(0).asDouble()).isEqualTo(35);
        assertThat(echo.path("actual").path("sources").get(0).asText()).isEqualTo("(0018,0081) EchoTime");
    }

    @Test
    void seriesFoldersAreComparedAsWholes() throws Exception {
        // Given
        for (int slice = 0; slice < 3; slice++) {
            dicom("a/" + slice, "1", slice, 30);
            dicom("b/" + slice, "2", slice, slice == 2 ? 31 : 30);
        }

        // When
        int code = run(folder.resolve("a").toString(), folder.resolve("b").toString());

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(output.toString()).contains("B contradicts itself in EchoTime", "1 of 3 images: 31");
    }

    @Test
    void aFolderOfTwoSeriesIsRefused() throws Exception {
        // Given
        dicom("a/1", "1", 0, 30);
        dicom("a/2", "2", 0, 30);

        // When
        int code = run(folder.resolve("a").toString(), folder.resolve("a").toString());

        // Then
        assertThat(code).isEqualTo(2);
        assertThat(errors.toString()).contains("holds 2 series");
    }

    @Test
    void whatCannotBeReadEndsWithTwoAndStatesWhichFile() throws Exception {
        // Given
        Path a = text("a.json", "{}");
        Path b = text("b.dcm", "no DICOM at all");

        // When
        int code = run(a.toString(), b.toString());

        // Then
        assertThat(code).isEqualTo(2);
        assertThat(errors.toString()).contains("b.dcm");
    }

    private int run(String... args) {
        return new CommandLine(new HeadersCommand())
                .setOut(new PrintWriter(output, true))
                .setErr(new PrintWriter(errors, true))
                .execute(args);
    }

    private Path text(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private Path dicom(String name, String series, int slice, double echoTime) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        DicomWriter.write(
                file,
                DicomDataset.builder()
                        .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                        .set("SOPInstanceUID", "1.2.3." + slice)
                        .set("SeriesInstanceUID", series)
                        .set("Manufacturer", "GE MEDICAL SYSTEMS")
                        .set("EchoTime", echoTime)
                        .set("ImageOrientationPatient", 1, 0, 0, 0, 1, 0)
                        .set("ImagePositionPatient", 0, 0, 3.0 * slice)
                        .build());
        return file;
    }
}
