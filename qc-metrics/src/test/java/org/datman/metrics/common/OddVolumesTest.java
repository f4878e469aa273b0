package org.datman.metrics.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.datman.analysis.testkit.Fixtures;
import org.datman.contracts.event.QcComplete.Level;
import org.datman.contracts.metric.QcKind;
import org.datman.imaging.nifti.NiftiWriter;
import org.datman.metrics.Measurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.plots.report.Flag;
import org.datman.plots.report.Report;
import org.datman.synthetic.DwiSeries;
import org.datman.synthetic.EpiSeries;
import org.datman.synthetic.Grid;
import org.datman.synthetic.Series;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Volumes in the middle of a run that are empty, of another scale or copies. */
class OddVolumesTest {

    private static final Grid GRID = Grid.axial(40, 40, 12, 4.5, 4.5, 5);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"bold", "other"})
    void aRunIsFlaggedWithTheNumbersOfItsVolumes(String kind) throws Exception {
        // Given: volume 4 is empty, 7 has a quarter of its scale and less, 9 is a copy of 8
        List<float[]> volumes = volumes(EpiSeries.of(GRID, 14).seed(9));
        Arrays.fill(volumes.get(4), 0);
        scale(volumes.get(7), 0.2f);
        volumes.set(9, volumes.get(8).clone());

        // When
        Report report = measure(kind, volumes, List.of());

        // Then
        assertThat(at(report, "empty-volume")).containsExactly(4);
        assertThat(at(report, "odd-volume")).containsExactly(7);
        assertThat(at(report, "repeated-volume")).containsExactly(9);
        assertThat(flag(report, "odd-volume").evidence())
                .hasEntrySatisfying("ratio", ratio -> assertThat((Double) ratio).isCloseTo(0.2, within(0.01)));
        assertThat(flag(report, "repeated-volume").evidence()).containsEntry("repeats", 8);
        assertThat(report.verdict().level()).isEqualTo(Level.FLAG);
        assertThat(report.verdict().reasons())
                .anyMatch(text -> text.startsWith("volumes without an image") && text.endsWith("(volume 4)"))
                .anyMatch(text -> text.startsWith("volumes of another scale") && text.endsWith("(volume 7)"))
                .anyMatch(text -> text.startsWith("volumes that repeat another") && text.endsWith("(volume 9)"));
    }

    @Test
    void aWeightedVolumeIsComparedWithItsShell() throws Exception {
        // Given: volume 6 is empty, volume 11 has twice its scale
        DwiSeries made = DwiSeries.of(GRID).b0(3).shell(1000, 12).seed(3);
        List<float[]> volumes = volumes(made);
        Arrays.fill(volumes.get(6), 0);
        scale(volumes.get(11), 2);

        // When
        Report report = measure("dwi", volumes, List.of(row(made.bvals()), rows(made.fslBvecs())));

        // Then
        assertThat(at(report, "empty-volume")).containsExactly(6);
        assertThat(at(report, "odd-volume")).containsExactly(11);
        assertThat(report.verdict().level()).isEqualTo(Level.FLAG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bold", "other"})
    void aRunOfLikeVolumesHasNone(String kind) throws Exception {
        // Given: the first volume of the steady state's approach is brighter
        List<float[]> volumes = volumes(EpiSeries.of(GRID, 14).seed(9));
        scale(volumes.get(0), 1.4f);

        // When
        Report report = measure(kind, volumes, List.of());

        // Then
        assertThat(report.flags())
                .extracting(Flag::kind)
                .doesNotContain("empty-volume", "odd-volume", "repeated-volume");
    }

    @Test
    void aCalibrationVolumeAtTheEndOfALabellingRunIsNotOdd() throws Exception {
        // Given
        List<float[]> volumes = volumes(EpiSeries.of(GRID, 10).seed(9));
        scale(volumes.get(9), 8);

        // When
        Report report = measure("other", volumes, List.of());

        // Then
        assertThat(at(report, "odd-volume")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // brighter volumes of 14; a run of any contrast is tested without the first and the last
        "bold, 4, 2, mixed-scale, WARN",
        "bold, 7, 2, mixed-scale, WARN",
        "other, 4, 5, several-contrasts, PASS",
        "other, 6, 5, several-contrasts, PASS",
    })
    void aRunOfSeveralScalesIsReportedAndNoVolumeOfItIsCalledOdd(
            String kind, int brighter, float scale, String flag, Level level) throws Exception {
        // Given
        List<float[]> volumes = volumes(EpiSeries.of(GRID, 14).seed(9));
        for (int t = 6; t < 6 + brighter; t++) {
            scale(volumes.get(t), scale);
        }

        // When
        Report report = measure(kind, volumes, List.of());

        // Then
        assertThat(at(report, "odd-volume")).isEmpty();
        Flag found = flag(report, flag);
        assertThat(found.evidence()).containsEntry("of_another_scale", brighter).containsEntry("first_of_them", 6);
        assertThat((Double) found.evidence().get("highest_ratio")).isCloseTo(scale, within(0.05 * scale));
        assertThat(report.verdict().reasons().stream().anyMatch(text -> text.contains("of another scale")))
                .isEqualTo(level == Level.WARN);
    }

    @Test
    void aShellOfSeveralScalesIsReported() throws Exception {
        // Given: five of twelve weighted volumes have twice the scale
        DwiSeries made = DwiSeries.of(GRID).b0(3).shell(1000, 12).seed(3);
        List<float[]> volumes = volumes(made);
        for (int t = 10; t < 15; t++) {
            scale(volumes.get(t), 2);
        }

        // When
        Report report = measure("dwi", volumes, List.of(row(made.bvals()), rows(made.fslBvecs())));

        // Then
        assertThat(flag(report, "mixed-scale").evidence())
                .containsEntry("volumes", 12)
                .containsEntry("of_another_scale", 5);
    }

    private static List<Integer> at(Report report, String kind) {
        return report.flags().stream()
                .filter(f -> f.kind().equals(kind))
                .map(Flag::volume)
                .toList();
    }

    private static Flag flag(Report report, String kind) {
        return report.flags().stream()
                .filter(f -> f.kind().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static List<float[]> volumes(Series made) {
        List<float[]> volumes = new ArrayList<>();
        for (int t = 0; t < made.volumes(); t++) {
            volumes.add(made.volume(t).clone());
        }
        return volumes;
    }

    private static void scale(float[] volume, float factor) {
        for (int v = 0; v < volume.length; v++) {
            volume[v] *= factor;
        }
    }

    private Report measure(String kind, List<float[]> volumes, List<String> table) throws Exception {
        Path file = folder.resolve("run.nii");
        NiftiWriter.write(file, Fixtures.header(GRID, volumes.size(), 2), volumes);
        Path json = folder.resolve("run.json");
        Files.writeString(json, "{\"PhaseEncodingDirection\":\"j\",\"RepetitionTime\":2}");
        MeasureRequest request = MeasureRequest.of("run", QcKind.of(kind), file).withSidecar(json);
        if (!table.isEmpty()) {
            request = request.withGradients(
                    Files.writeString(folder.resolve("run.bval"), table.get(0)),
                    Files.writeString(folder.resolve("run.bvec"), table.get(1)));
        }
        return Measurement.measure(request).report();
    }

    private static String row(double[] x) {
        return Arrays.stream(x).mapToObj(String::valueOf).collect(Collectors.joining(" "));
    }

    private static String rows(double[][] bvecs) {
        return IntStream.range(0, 3)
                .mapToObj(c -> row(Arrays.stream(bvecs).mapToDouble(g -> g[c]).toArray()))
                .collect(Collectors.joining("\n"));
    }
}
