package org.datman.metrics.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.datman.analysis.testkit.Fixtures;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.Measured;
import org.datman.metrics.Measurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.plots.report.Report;
import org.datman.plots.report.Verdict;
import org.datman.synthetic.DtiPhantom;
import org.datman.synthetic.Grid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A DTI phantom with known diffusion, noise, distortion, eddy currents and ghost, through files and the one entry point. */
class DtiPhantomScenariosTest {

    private static final Grid GRID = Grid.axial(104, 104, 9, 2.1, 2.1, 4);

    @TempDir
    private Path folder;

    @Test
    void noiseSnrAdcAndAnisotropyOfAGoodPhantomAreRight() throws Exception {
        // Given: signal 1000, noise 10, D 0.002 mm2/s
        DtiPhantom made = DtiPhantom.of(GRID, 5, 30).seed(1);

        // When
        Measured measured = measure(made, true);

        // Then
        Report report = measured.report();
        double weighted = 1000 * Math.exp(-2);
        assertThat(report.value("dti_b0_num")).isEqualTo(5);
        assertThat(report.value("dti_noise")).isCloseTo(10, within(0.3));
        assertThat(report.value("dti_snr_b0")).isCloseTo(100, within(3.0));
        assertThat(report.value("dti_snr_b0_cov_pct")).isLessThan(0.1);
        assertThat(report.value("dti_snr_dwi")).isCloseTo(weighted / 10, within(0.5));
        assertThat(report.value("dti_adc")).isCloseTo(2.0, within(0.005));
        assertThat(report.value("dti_b0_distortion")).isCloseTo(1, within(0.003));
        assertThat(report.value("dti_eddy_shift")).isLessThan(0.25);
        assertThat(report.value("dti_eddy_shift_b0")).isLessThan(0.05);
        assertThat(report.value("dti_nyquist_ratio")).isCloseTo(1, within(0.05));
        assertThat(report.value("dti_fa_mean")).isBetween(0.005, 0.04);
        assertThat(report.value("dti_fa_sd")).isBetween(0.001, 0.02);
        assertThat(report.value("phantom_snr")).isCloseTo(100, within(3.0));
        assertThat(report.value("phantom_diameter_r")).isCloseTo(160, within(0.5));
        assertThat(report.metrics().get("phantom_diameter_s").reason()).isEqualTo("surface_not_in_field_of_view");
        assertThat(report.value("phantom_piu")).isGreaterThan(97);
        assertThat(report.verdict()).isEqualTo(new Verdict(QcComplete.Level.PASS, List.of()));
        assertThat(measured.pictures())
                .extracting(p -> p.fileName())
                .containsExactly(
                        "mosaic.png",
                        "background.png",
                        "phantom.png",
                        "traces.svg",
                        "kspace.png",
                        "profiles.svg",
                        "spectra.svg");
    }

    @Test
    void anisotropyOfNoiseGrowsWithIt() throws Exception {
        // Given
        DtiPhantom calm = DtiPhantom.of(GRID, 4, 12).sigma(5).bValue(700).seed(2);
        DtiPhantom loud = DtiPhantom.of(GRID, 4, 12).sigma(20).bValue(700).seed(2);

        // When
        List<Report> reports =
                List.of(measure(calm, true).report(), measure(loud, true).report());

        // Then: the bias of FA is proportional to the noise
        double ratio = reports.get(1).value("dti_fa_mean") / reports.get(0).value("dti_fa_mean");
        assertThat(ratio).isCloseTo(4, within(0.6));
        assertThat(reports.get(1).value("dti_noise")).isCloseTo(20, within(0.6));
        assertThat(reports.get(1).value("dti_adc")).isCloseTo(2, within(0.01));
    }

    @Test
    void distortionEddyCurrentsAndGhostAreMeasuredAsPlanted() throws Exception {
        // Given: 4 % longer along phase encoding, weighted volumes 0.8 mm off, a ghost of 6 %
        DtiPhantom made = DtiPhantom.of(GRID, 4, 12)
                .stretch(1.04)
                .eddyShift(0.8)
                .ghost(0.06)
                .sigma(4)
                .seed(3);

        // When
        Report report = measure(made, true).report();

        // Then
        assertThat(report.value("dti_b0_distortion")).isCloseTo(1.04, within(0.003));
        assertThat(report.value("dti_eddy_shift")).isCloseTo(0.8, within(0.1));
        assertThat(report.value("dti_eddy_shift_b0")).isLessThan(0.05);
        assertThat(report.value("dti_nyquist_ratio")).isGreaterThan(5);
        assertThat(report.value("ghost_pe")).isCloseTo(0.06, within(0.004));
        assertThat(report.value("phantom_diameter_a") / report.value("phantom_diameter_r"))
                .isCloseTo(1.04, within(0.005));
        assertThat(report.verdict().level()).isEqualTo(QcComplete.Level.FLAG);
    }

    @Test
    void edgesOfVolumesWhoseSignalIsLostInNoiseAreNotMeasured() throws Exception {
        // Given: b 2500 leaves 0.7 % of the signal, below its noise
        DtiPhantom made = DtiPhantom.of(GRID, 4, 12).bValue(2500).seed(5);

        // When
        Report report = measure(made, true).report();

        // Then
        assertThat(List.of("dti_eddy_shift", "dti_eddy_worst_volume")).allSatisfy(key -> {
            assertThat(report.value(key)).isNull();
            assertThat(report.metrics().get(key).reason()).isEqualTo("weighted_signal_lost_in_noise");
        });
        assertThat(report.value("dti_eddy_shift_b0")).isLessThan(0.05);
        assertThat(report.value("dti_b0_distortion")).isCloseTo(1, within(0.003));
    }

    @Test
    void aPhantomWithoutItsGradientTableGivesReasons() throws Exception {
        // Given
        DtiPhantom made =
                DtiPhantom.of(Grid.axial(64, 64, 5, 3.4, 3.4, 5), 2, 6).seed(4);

        // When
        Report report = measure(made, false).report();

        // Then
        assertThat(List.of("dti_adc", "dti_snr_b0", "dti_b0_distortion", "dti_fa_mean", "dti_nyquist_ratio"))
                .allSatisfy(
                        key -> assertThat(report.metrics().get(key).reason()).isEqualTo("no_gradient_table"));
        assertThat(report.value("efc")).isNotNull();
        assertThat(report.value("phantom_diameter_r")).isCloseTo(160, within(1.5));
    }

    @Test
    void whatIsNoSphereGivesReasonsInsteadOfNumbers() throws Exception {
        // Given: a bar
        Grid grid = Grid.axial(64, 64, 9, 3, 3, 4);
        float[] bar = new float[grid.voxels()];
        for (int v = 0; v < bar.length; v++) {
            int i = v % 64;
            int j = v / 64 % 64;
            bar[v] = i > 8 && i < 56 && j > 28 && j < 36 ? 1000 : v % 7 == 0 ? 3 : 0;
        }

        // When
        Report report = Measurement.measure(
                        MeasureRequest.of("bar", QcKind.DTI_PHANTOM, Fixtures.write(folder, "bar.nii", grid, bar)))
                .report();

        // Then
        assertThat(report.metrics().get("dti_b0_distortion").reason()).isEqualTo("phantom_is_not_round");
        assertThat(report.metrics().get("phantom_a").reason()).isEqualTo("no_ellipsoid");
    }

    private Measured measure(DtiPhantom made, boolean withTable) throws Exception {
        Path json = folder.resolve("dti.json");
        Files.writeString(json, "{\"PhaseEncodingDirection\":\"j\"}");
        MeasureRequest request = MeasureRequest.of("dti", QcKind.DTI_PHANTOM, Fixtures.write(folder, "dti.nii", made))
                .withSidecar(json);
        if (!withTable) {
            return Measurement.measure(request);
        }
        Path bval = folder.resolve("dti.bval");
        Path bvec = folder.resolve("dti.bvec");
        Files.writeString(bval, row(made.bvals()));
        Files.writeString(
                bvec,
                IntStream.range(0, 3)
                        .mapToObj(c -> row(Arrays.stream(made.bvecs())
                                .mapToDouble(g -> g[c])
                                .toArray()))
                        .collect(Collectors.joining("\n")));
        return Measurement.measure(request.withGradients(bval, bvec));
    }

    private static String row(double[] x) {
        return Arrays.stream(x).mapToObj(String::valueOf).collect(Collectors.joining(" "));
    }
}
