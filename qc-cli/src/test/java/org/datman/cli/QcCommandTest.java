package org.datman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.datman.analysis.testkit.Fixtures;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.metric.QcKind;
import org.datman.plots.report.Report;
import org.datman.plots.report.ReportJson;
import org.datman.synthetic.EpiSeries;
import org.datman.synthetic.Grid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class QcCommandTest {

    private final StringWriter errors = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void aRunIsMeasuredAndWritten() throws Exception {
        // Given
        Path file = Fixtures.write(folder, "run.nii.gz", EpiSeries.of(Grid.axial(48, 48, 8, 4, 4, 4), 12));
        Files.writeString(folder.resolve("run.json"), "{\"PhaseEncodingDirection\":\"j-\"}");

        // When
        int code = run(file.toString(), "--out", folder.resolve("out").toString());

        // Then
        byte[] json = Files.readAllBytes(folder.resolve("out/metrics.json"));
        Report report = ReportJson.read(json);
        assertThat(code).isZero();
        assertThat(report.kind()).isEqualTo(QcKind.BOLD);
        assertThat(report.input().phaseAxis()).isEqualTo("j-");
        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(getClass().getResourceAsStream("/schema/metrics.schema.json"))
                        .validate(Files.readString(folder.resolve("out/metrics.json")), InputFormat.JSON))
                .isEmpty();
        assertThat(folder.resolve("out")).isDirectoryContaining("glob:**/{mosaic.png,traces.svg}");
        assertThat(folder.resolve("out/report.html")).content().contains("tsnr", "data:image/png;base64,");
    }

    @Test
    void anEarlierSessionIsLaidBesideThisOne() throws Exception {
        // Given the results of a run, and a folder without results
        Path file = Fixtures.write(folder, "run.nii", EpiSeries.of(Grid.axial(32, 32, 8, 6, 6, 6), 6));
        Path first = folder.resolve("first");
        run(file.toString(), "--out", first.toString());
        Path second = folder.resolve("second");

        // When it is given as an earlier session, and the other folder is
        int code = run(file.toString(), "--out", second.toString(), "--before", first.toString());
        int wrong = run(file.toString(), "--out", second.toString(), "--before", folder.toString());

        // Then
        assertThat(code).isZero();
        assertThat(second).isDirectoryContaining("glob:**/blink.svg");
        assertThat(first).isDirectoryNotContaining("glob:**/blink.svg");
        assertThat(wrong).isEqualTo(2);
        assertThat(errors.toString()).contains("likeness.json does not exist");
    }

    @Test
    void aTruncatedFileReportsItAndLeavesAnErrorReport() throws Exception {
        // Given
        Path file = Fixtures.write(folder, "run.nii", EpiSeries.of(Grid.axial(16, 16, 4, 4, 4, 4), 3));
        Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 2000));

        // When
        int code = run(
                file.toString(),
                "--kind",
                "bold",
                "--out",
                folder.resolve("out").toString());

        // Then
        Report report = ReportJson.read(Files.readAllBytes(folder.resolve("out/metrics.json")));
        assertThat(code).isEqualTo(1);
        assertThat(errors.toString()).contains("run.nii cannot be read");
        assertThat(report.verdict().level()).isEqualTo(QcComplete.Level.ERROR);
    }

    @Test
    void anEmptyImageIsRefusedInWords() throws Exception {
        // Given
        Grid grid = Grid.axial(16, 16, 8, 4, 4, 4);
        Path file = Fixtures.write(folder, "empty.nii", grid, new float[grid.voxels()]);

        // When
        int code = run(
                file.toString(),
                "--kind",
                "anat",
                "--out",
                folder.resolve("out").toString());

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(errors.toString()).contains("holds no head");
    }

    @Test
    void aMissingFileIsAWrongArgument() {
        // When
        int code = run(folder.resolve("nowhere.nii").toString(), "--out", folder.toString());

        // Then
        assertThat(code).isEqualTo(2);
        assertThat(errors.toString()).contains("does not exist");
    }

    @Test
    void anUnknownLimitIsNamed() throws Exception {
        // Given
        Path file = Fixtures.write(folder, "run.nii", EpiSeries.of(Grid.axial(16, 16, 4, 4, 4, 4), 3));
        Path config = Files.writeString(folder.resolve("qc.yaml"), "limits:\n  bold:\n    tsnrr: {flag_below: 20}\n");

        // When
        int code = run(file.toString(), "--config", config.toString(), "--out", folder.toString());

        // Then
        assertThat(code).isEqualTo(2);
        assertThat(errors.toString()).contains("qc.yaml: limits.bold.tsnrr is not a metric");
    }

    private int run(String... arguments) {
        return new CommandLine(new QcCommand())
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(errors))
                .execute(arguments);
    }
}
