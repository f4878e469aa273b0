package org.datman.metrics.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.datman.analysis.testkit.Fixtures;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.Measured;
import org.datman.metrics.Measurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.metrics.verdict.QcConfig;
import org.datman.plots.report.Report;
import org.datman.synthetic.Grid;
import org.datman.synthetic.MagPhan;
import org.datman.synthetic.Rigid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The balls of a MagPhan whose every centre, radius and signal is known, through files and the one entry point. */
class AdniScenariosTest {

    private static final Grid CUBIC = Grid.axial(112, 112, 104, 1.9, 1.9, 1.9);

    @TempDir
    private Path folder;

    static Stream<Arguments> grids() {
        return Stream.of(
                Arguments.of("cubic", CUBIC),
                Arguments.of("thick slices", Grid.axial(144, 144, 44, 1.4, 1.4, 4.5)),
                Arguments.of(
                        "oblique, off centre",
                        Grid.axial(120, 104, 80, 1.8, 2.1, 2.7).posed(new Rigid(4, -6, 3, 0.2, -0.15, 0.3))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("grids")
    void theFiveBallsAreFoundInMillimetres(String name, Grid grid) throws Exception {
        // Given
        MagPhan truth = MagPhan.adni().seed(3);

        // When
        Measured measured = measure(truth, grid, QcConfig.defaults());

        // Then
        Report report = measured.report();
        List<MagPhan.Ball> five = truth.balls().subList(0, 5);
        assertThat(report.value("adni_spheres_num")).isEqualTo(5);
        for (int a = 1; a <= 5; a++) {
            MagPhan.Ball ball = five.get(a - 1);
            assertThat(report.value("adni_intensity_" + a)).isCloseTo(ball.intensity(), within(6.0));
            assertThat(report.value("adni_contrast_" + a)).isCloseTo(ball.intensity() / 1000, within(0.005));
            assertThat(report.value("adni_radius_" + a)).isCloseTo(ball.radiusMm(), within(0.25));
            for (int b = a + 1; b <= 5; b++) {
                assertThat(report.value("adni_distance_" + a + "_" + b))
                        .isCloseTo(ball.distance(five.get(b - 1)), within(0.1));
            }
        }
        assertThat(report.value("phantom_diameter_r")).isCloseTo(190, within(0.5));
        assertThat(report.metrics().get("adni_distance_error_mean").reason()).isEqualTo("no_design_configured");
        assertThat(report.verdict().level()).isEqualTo(QcComplete.Level.PASS);
        assertThat(measured.pictures())
                .extracting(p -> p.fileName())
                .containsExactly(
                        "mosaic.png",
                        "background.png",
                        "background-log.png",
                        "phantom.png",
                        "kspace.png",
                        "profiles.svg",
                        "spectra.svg");
    }

    @Test
    void aGradientThatIsWrongIsCalibratedAgainstTheDesign() throws Exception {
        // Given: lengths 1 % too long right-left, 0.6 % too short head-foot
        MagPhan wrong = MagPhan.adni().scaled(1.01, 1, 0.994).seed(4);
        QcConfig config = design(MagPhan.adni());

        // When
        Report report = measure(wrong, CUBIC, config).report();

        // Then
        assertThat(report.value("adni_gradient_r_pct")).isCloseTo(1.0, within(0.1));
        assertThat(report.value("adni_gradient_a_pct")).isCloseTo(0.0, within(0.1));
        assertThat(report.value("adni_gradient_s_pct")).isCloseTo(-0.6, within(0.2));
        assertThat(report.value("adni_distance_error_max")).isCloseTo(1.02, within(0.15));
        assertThat(report.value("adni_distance_error_mean")).isBetween(0.1, 0.7);
    }

    @Test
    void aPhantomThatLacksABallReportsIt() throws Exception {
        // Given
        MagPhan whole = MagPhan.adni();
        MagPhan four = new MagPhan(whole.shell(), whole.balls().subList(0, 4), 12, 5);

        // When
        Report report = measure(four, CUBIC, QcConfig.defaults()).report();

        // Then
        assertThat(report.value("adni_spheres_num")).isEqualTo(4);
        assertThat(report.value("adni_distance_1_4")).isNotNull();
        assertThat(List.of("adni_intensity_5", "adni_contrast_5", "adni_distance_2_5"))
                .allSatisfy(
                        key -> assertThat(report.metrics().get(key).reason()).isEqualTo("fewer_than_5_spheres"));
        assertThat(report.verdict().level()).isEqualTo(QcComplete.Level.FLAG);
        assertThat(report.verdict().reasons()).anyMatch(r -> r.startsWith("number of balls found in the phantom is 4"));
    }

    private static QcConfig design(MagPhan phantom) throws Exception {
        ObjectNode root = new ObjectMapper().createObjectNode();
        ObjectNode options = root.putObject("options");
        for (int a = 0; a < 5; a++) {
            for (int b = a + 1; b < 5; b++) {
                double mm = phantom.balls().get(a).distance(phantom.balls().get(b));
                options.put("adni_distance_" + (a + 1) + "_" + (b + 1) + "_mm", mm);
            }
        }
        return QcConfig.defaults().with(root, "design");
    }

    private Measured measure(MagPhan phantom, Grid grid, QcConfig config) throws Exception {
        Path file = Fixtures.write(folder, "adni.nii", grid, phantom.volume(grid));
        return Measurement.measure(MeasureRequest.of("adni", QcKind.ADNI, file).withConfig(config));
    }
}
