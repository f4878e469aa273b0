package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.simulator.XnatSimulator;
import org.datman.simulator.importer.LoadOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ProposeCommandTest {

    @TempDir
    Path folder;

    private final StringWriter output = new StringWriter();

    @Test
    void aProjectOfXnatGivesADraftFromOneFileOfEachSeries() throws IOException {
        // Given two sessions, each with a series of three images
        Path draft = folder.resolve("SPN.yml");
        try (XnatSimulator xnat =
                XnatSimulator.builder().users(Map.of("datman", "secret")).start()) {
            for (String label : new String[] {"SPN_CMH_0001_01_01", "SPN_CMH_0002_01_01"}) {
                xnat.addSession(
                        session(label),
                        LoadOptions.project("SPN_CMH").subject(label).label(label));
            }

            // When
            int code = run(
                    Map.of("DATMAN_XNAT_USER", "datman", "DATMAN_XNAT_PASSWORD", "secret"),
                    "--xnat",
                    xnat.url().toString(),
                    "--project",
                    "SPN_CMH",
                    "--study",
                    "SPN",
                    "--out",
                    draft.toString());

            // Then
            assertThat(code).as(output.toString()).isZero();
            StudyConfigurations made = StudyConfigurations.loadFile(draft);
            assertThat(made.errors()).isEmpty();
            assertThat(made.valid().get("SPN").sites().get("CMH").tags()).containsOnlyKeys("T1");
            assertThat(xnat.requestLog().matching("/files/")).hasSize(2);
        }
    }

    @Test
    void whatIsMissingIsNamed() {
        // When
        int neither = run(Map.of(), "--study", "SPN");
        int noAccount = run(Map.of(), "--study", "SPN", "--xnat", "http://127.0.0.1:9", "--project", "SPN");

        // Then
        assertThat(output.toString())
                .contains("Give a folder of sessions, or --xnat URL with --project ID")
                .contains("set DATMAN_XNAT_USER and DATMAN_XNAT_PASSWORD");
        assertThat(new int[] {neither, noAccount}).containsOnly(2);
    }

    private int run(Map<String, String> environment, String... options) {
        CommandLine line = DatmanCommand.commandLine(environment);
        PrintWriter out = new PrintWriter(output, true);
        String[] arguments = new String[options.length + 2];
        arguments[0] = "config";
        arguments[1] = "propose";
        System.arraycopy(options, 0, arguments, 2, options.length);
        return line.setOut(out).setErr(out).execute(arguments);
    }

    private Path session(String label) throws IOException {
        Path session = Files.createDirectories(folder.resolve("sessions").resolve(label));
        for (int image = 1; image <= 3; image++) {
            DicomWriter.write(
                    session.resolve(image + ".dcm"),
                    DicomDataset.builder()
                            .set("StudyInstanceUID", "1.2." + Math.abs(label.hashCode()))
                            .set("SeriesInstanceUID", "1.2." + Math.abs(label.hashCode()) + ".2")
                            .set("SOPInstanceUID", "1.2." + Math.abs(label.hashCode()) + ".2." + image)
                            .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                            .set("Modality", "MR")
                            .set("StudyDate", "20260131")
                            .set("SeriesNumber", "2")
                            .set("SeriesDescription", "T1 MPRAGE")
                            .set("InstanceNumber", Integer.toString(image))
                            .set("Rows", 4)
                            .set("Columns", 4)
                            .build());
        }
        return session;
    }
}
