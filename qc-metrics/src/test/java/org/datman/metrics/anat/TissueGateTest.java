package org.datman.metrics.anat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.datman.analysis.testkit.Fixtures;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.Measurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.metrics.model.MeasureException;
import org.datman.plots.report.Report;
import org.datman.synthetic.Anatomy;
import org.datman.synthetic.Body;
import org.datman.synthetic.Contrast;
import org.datman.synthetic.Grid;
import org.datman.synthetic.Head;
import org.datman.synthetic.Sphere;
import org.datman.synthetic.Tissue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When tissue may be named (<a href="{@docRoot}/../docs/qc-specification.md#F71">F71</a>, <a href="{@docRoot}/../docs/qc-specification.md#F72">F72</a>). */
class TissueGateTest {

    private static final Grid T1 = Grid.axial(64, 78, 56, 3, 3, 3);
    private static final Grid FINE = Grid.axial(160, 190, 140, 1.2, 1.2, 1.2);
    private static final List<String> TISSUE = TissueMetrics.keys();

    @TempDir
    private Path folder;

    @Test
    void aBrainOfHumanProportionsIsNamed() throws Exception {
        // Given (docs/qc-specification.md#F71)
        Anatomy clean = Anatomy.of(T1).sigma(8).seed(1);
        Anatomy biased = Anatomy.of(T1).sigma(8).bias(0.2).seed(1);
        Anatomy noisy = Anatomy.of(T1).sigma(60).seed(1);

        // When
        List<Report> reports = List.of(measure(clean), measure(biased), measure(noisy));

        // Then: a field of 20 % is removed before tissue is named, noise is not
        Report plain = reports.get(0);
        for (String key : TISSUE) {
            assertThat(plain.value(key)).as(key).isNotNull();
        }
        assertThat(plain.value("segmentation_dprime")).isGreaterThan(2.5);
        assertThat(plain.value("icvs_gm") + plain.value("icvs_wm") + plain.value("icvs_csf"))
                .isCloseTo(1, within(1e-6));
        assertThat(plain.value("cortical_contrast")).isCloseTo((900 - 560) / 730.0, within(0.08));
        assertThat(plain.value("summary_wm_median")).isCloseTo(1000, within(1e-6));
        assertThat(plain.value("summary_gm_median")).isCloseTo(1000 * 560 / 900.0, within(60.0));
        assertThat(plain.value("summary_csf_mean")).isLessThan(plain.value("summary_gm_p05"));
        double blocks = plain.value("summary_csf_n") + plain.value("summary_gm_n") + plain.value("summary_wm_n");
        assertThat(blocks).isCloseTo(plain.metrics().get("cjv").maskVoxels(), within(1e-6 * blocks));
        assertThat(plain.value("icvs_gm")).isBetween(0.3, 0.55);
        double qap = 560 / (0.6551 * 8);
        assertThat(plain.value("snr_qap")).isCloseTo(qap, within(0.1 * qap));
        assertThat(3 * plain.value("snr_total"))
                .isCloseTo(plain.value("snr_csf") + plain.value("snr_gm") + plain.value("snr_wm"), within(1e-6));
        assertThat(reports.get(1).value("cjv")).isCloseTo(plain.value("cjv"), within(0.25 * plain.value("cjv")));
        assertThat(reports.get(2).value("cjv")).isGreaterThan(plain.value("cjv"));
        assertThat(reports.get(2).value("cnr")).isLessThan(plain.value("cnr"));
        assertThat(reports.get(2).value("snr_wm")).isLessThan(0.8 * plain.value("snr_wm"));
    }

    @Test
    void aMaskThatLeaksGivesNoNumbers() throws Exception {
        // Given (docs/qc-specification.md#F72): neither fluid nor bone is dark between brain and skin
        Anatomy leaky = Anatomy.of(T1).body(withoutBorder()).sigma(8).seed(2);

        // When
        Report report = measure(leaky);

        // Then
        assertThat(report.value("brain_open")).isGreaterThan(1.25 * TissueMetrics.MOST_OPEN);
        for (String key : TISSUE) {
            assertThat(report.metrics().get(key).value()).as(key).isNull();
            assertThat(report.metrics().get(key).reason()).as(key).isIn("brain_mask_leaks", "brain_volume_implausible");
        }
    }

    @Test
    void anotherContrastIsNotNamed() throws Exception {
        // Given: on T2 the order of the tissues is another
        Anatomy other = Anatomy.of(T1).contrast(Contrast.T2).sigma(8).seed(3);

        // When
        Report report = measure(other);

        // Then
        for (String key : TISSUE) {
            assertThat(report.metrics().get(key).value()).as(key).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("unreliable")
    void whatIsNoClearT1OfABrainIsNotNamed(String name, Anatomy made) throws Exception {
        // When
        Report report = measure(made);

        // Then
        for (String key : TISSUE) {
            assertThat(report.metrics().get(key).value()).as(name + ": " + key).isNull();
            assertThat(report.metrics().get(key).reason()).as(key).isNotBlank();
        }
    }

    static Stream<Arguments> unreliable() {
        return Stream.of(
                Arguments.of(
                        "noise of a sixth of white matter",
                        Anatomy.of(T1).sigma(150).seed(4)),
                Arguments.of(
                        "noise of a sixth of white matter, fine",
                        Anatomy.of(FINE).sigma(150).seed(4)),
                Arguments.of(
                        "a fruit",
                        Anatomy.of(T1).body(TissueGateTest::fruit).sigma(8).seed(5)),
                Arguments.of(
                        "a sphere of agar",
                        Anatomy.of(T1).body(Sphere.fbirn()).sigma(8).seed(6)),
                Arguments.of(
                        "diffusion",
                        Anatomy.of(T1).contrast(Contrast.B0).sigma(8).seed(7)),
                Arguments.of(
                        "EPI", Anatomy.of(T1).contrast(Contrast.EPI).sigma(8).seed(8)));
    }

    @Test
    void anEmptyImageHasNoTissue() throws Exception {
        // Given: only noise
        Anatomy empty =
                Anatomy.of(T1).body((x, y, z, edge, f) -> false).sigma(8).seed(9);

        // When
        Throwable refused = catchThrowable(() -> {
            Report report = measure(empty);
            TISSUE.forEach(
                    key -> assertThat(report.metrics().get(key).value()).as(key).isNull());
        });

        // Then: measured without tissue, or rejected with a message
        if (refused != null) {
            assertThat(refused).isInstanceOf(MeasureException.class).hasMessageContaining("no head");
        }
    }

    /** Rind, pith, ten segments between thin walls, and a core. */
    private static boolean fruit(double x, double y, double z, double edge, double[] f) {
        java.util.Arrays.fill(f, 0);
        double r = Math.sqrt(x * x + y * y + 1.2 * z * z);
        if (r > 75) {
            return false;
        }
        double turn = Math.atan2(y, x) * 10 / (2 * Math.PI);
        boolean wall = Math.abs(turn - Math.rint(turn)) * r < 8;
        Tissue what = r > 70 ? Tissue.SCALP : r > 65 ? Tissue.SKULL : r < 8 || wall ? Tissue.CSF : Tissue.WHITE;
        f[what.ordinal()] = 1;
        return true;
    }

    private static Body withoutBorder() {
        Head head = Head.adult();
        return (x, y, z, edge, f) -> {
            boolean inside = head.at(x, y, z, edge, f);
            f[Tissue.GREY.ordinal()] += f[Tissue.CSF.ordinal()] + f[Tissue.SKULL.ordinal()] + f[Tissue.SCALP.ordinal()];
            f[Tissue.CSF.ordinal()] = 0;
            f[Tissue.SKULL.ordinal()] = 0;
            f[Tissue.SCALP.ordinal()] = 0;
            return inside;
        };
    }

    private Report measure(Anatomy made) throws Exception {
        float[] image = made.volume();
        Grid grid = image.length == T1.voxels() ? T1 : FINE;
        return Measurement.measure(MeasureRequest.of("t1", QcKind.ANAT, Fixtures.write(folder, "t1.nii", grid, image)))
                .report();
    }
}
