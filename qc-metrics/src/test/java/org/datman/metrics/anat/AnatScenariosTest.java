package org.datman.metrics.anat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.datman.analysis.testkit.Fixtures;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.metric.QcKind;
import org.datman.imaging.nifti.NiftiDataType;
import org.datman.imaging.nifti.NiftiWriter;
import org.datman.metrics.Measurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.plots.report.Report;
import org.datman.synthetic.Anatomy;
import org.datman.synthetic.Grid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Anatomical scenarios of the specification (<a href="{@docRoot}/../docs/qc-specification.md#F01">F01</a> to <a href="{@docRoot}/../docs/qc-specification.md#F05">F05</a>, <a href="{@docRoot}/../docs/qc-specification.md#F53">F53</a>, <a href="{@docRoot}/../docs/qc-specification.md#F71">F71</a>, <a href="{@docRoot}/../docs/qc-specification.md#F72">F72</a>, <a href="{@docRoot}/../docs/qc-specification.md#F74">F74</a>) on heads with known ground truth. */
class AnatScenariosTest {

    private static final Grid T1 = Grid.axial(128, 144, 96, 1.7, 1.7, 1.8);

    @TempDir
    private Path folder;

    @Test
    void noiseIsMeasuredAtEveryLevel() throws Exception {
        // Given (docs/qc-specification.md#F01)
        double[] truth = {2, 32};
        List<Report> reports = new ArrayList<>();

        // When
        for (double sigma : truth) {
            reports.add(measure(Anatomy.of(T1).sigma(sigma).seed(1)));
        }

        // Then
        for (int n = 0; n < truth.length; n++) {
            Report r = reports.get(n);
            assertThat(r.value("sigma_bg")).isCloseTo(truth[n], within(0.03 * truth[n]));
            assertThat(r.value("sigma_img")).isCloseTo(truth[n], within(0.06 * truth[n]));
            assertThat(r.value("snr_core")).isCloseTo(900 / truth[n], within(0.06 * 900 / truth[n]));
            assertThat(r.value("qi1")).isZero();
        }
    }

    @Test
    void coilsAreCounted() throws Exception {
        // Given (docs/qc-specification.md#F02)
        int[] truth = {4, 32};
        List<Report> reports = new ArrayList<>();

        // When
        for (int coils : truth) {
            reports.add(measure(Anatomy.of(T1).sigma(10).coils(coils).seed(2)));
        }

        // Then
        for (int n = 0; n < truth.length; n++) {
            Report r = reports.get(n);
            assertThat(r.value("coil_n_eff")).isCloseTo(truth[n], within(0.3 * truth[n]));
            assertThat(r.value("sigma_bg")).isCloseTo(10, within(0.5));
            assertThat(r.value("qi1")).isZero();
        }
    }

    @Test
    void aZeroedBackgroundGivesReasonsNotNumbers() throws Exception {
        // Given (docs/qc-specification.md#F03, docs/qc-specification.md#F74)
        Anatomy masked = Anatomy.of(T1).zeroBackground().seed(3);

        // When
        Report report = measure(masked);

        // Then
        for (String key : List.of("sigma_bg", "fber", "qi1", "qi2", "snrd_total", "zipper_score")) {
            assertThat(report.metrics().get(key).reason()).as(key).isEqualTo("background_zeroed");
        }
        assertThat(report.value("snr_core")).isNotNull();
        assertThat(report.value("efc")).isNotNull();
        assertThat(report.value("zero_fraction")).isGreaterThan(0.3);
    }

    @Test
    void scaleDoesNotMatter() throws Exception {
        // Given (docs/qc-specification.md#F04)
        float[] image = Anatomy.of(T1).seed(4).volume();
        Report plain = measure(image);

        // When
        List<Report> scaled = new ArrayList<>();
        for (float factor : new float[] {37.5f}) {
            float[] other = image.clone();
            for (int v = 0; v < other.length; v++) {
                other[v] *= factor;
            }
            scaled.add(measure(other));
        }

        // Then
        for (Report other : scaled) {
            plain.metrics().forEach((key, metric) -> {
                boolean intensity = MetricCatalogue.get(key).unit().startsWith("intensity");
                if (!intensity && metric.value() != null) {
                    assertThat(other.value(key))
                            .as(key)
                            .isCloseTo(metric.value(), within(Math.max(1e-9, 1e-5 * Math.abs(metric.value()))));
                }
            });
        }
    }

    @Test
    void storedIntegersWithSlopeMeasureTheSame() throws Exception {
        // Given (docs/qc-specification.md#F04)
        float[] image = Anatomy.of(T1).seed(4).volume();
        for (int v = 0; v < image.length; v++) {
            image[v] = Math.round(image[v]);
        }
        Path file = folder.resolve("int.nii");
        NiftiWriter.write(
                file,
                Fixtures.header(T1, 1, 0).withDataType(NiftiDataType.INT16).withScaling(1.0, 0),
                List.of(image));
        Report plain = measure(image);

        // When
        Report stored =
                Measurement.measure(MeasureRequest.of("t1", QcKind.ANAT, file)).report();

        // Then
        assertThat(stored.value("air_levels")).isGreaterThan(30);
        assertThat(withoutLevels(stored)).isEqualTo(withoutLevels(plain));
    }

    @Test
    void whatIsNotANumberIsCountedAndOtherwiseIgnored() throws Exception {
        // Given (docs/qc-specification.md#F05)
        float[] image = Anatomy.of(T1).seed(5).volume();
        float[] clean = image.clone();
        for (int n = 0; n < 300; n++) {
            int v = 1000 + 977 * n;
            image[v] = n % 3 == 0 ? Float.NaN : n % 3 == 1 ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
            clean[v] = 0;
        }
        for (int n = 0; n < 50; n++) {
            image[500 + 31 * n] = -7;
            clean[500 + 31 * n] = -7;
        }

        // When
        Report dirty = measure(image);

        // Then
        Report reference = measure(clean);
        assertThat(dirty.value("nonfinite_ppm")).isCloseTo(1e6 * 300 / image.length, within(1e-6));
        dirty.metrics().forEach((key, metric) -> {
            if (!"nonfinite_ppm".equals(key)) {
                assertThat(metric).as(key).isEqualTo(reference.metrics().get(key));
            }
        });
    }

    @Test
    void aStrongerBiasReadsAsStronger() throws Exception {
        // Given (docs/qc-specification.md#F71)
        double[] strength = {0, 0.1, 0.2};
        double[] found = new double[strength.length];

        // When
        for (int n = 0; n < strength.length; n++) {
            found[n] = measure(Anatomy.of(T1).bias(strength[n]).seed(71)).value("inu_range");
        }

        // Then
        assertThat(found).isSorted();
        assertThat(found[2] - found[0]).isGreaterThan(0.1);
    }

    @Test
    void tissueIsOnlyNamedWhenItIsSure() throws Exception {
        // Given (docs/qc-specification.md#F72): so much noise that grey and white are indistinguishable
        Anatomy hopeless = Anatomy.of(T1).sigma(250).seed(72);

        // When
        Report report = measure(hopeless);

        // Then
        for (String key : List.of("cjv", "cnr", "snr_wm", "icvs_gm")) {
            assertThat(report.metrics().get(key).reason()).as(key).isEqualTo("segmentation_unreliable");
        }
    }

    @Test
    void aWrappedHeadIsReported() throws Exception {
        // Given (docs/qc-specification.md#F53)
        Anatomy wrapped =
                Anatomy.of(Grid.axial(112, 104, 80, 1.8, 1.8, 2)).wrap(16).seed(53);

        // When
        Report report = measure(wrapped);

        // Then
        Report whole = measure(Anatomy.of(T1).seed(53));
        assertThat(whole.value("wrap_fraction")).isZero();
        assertThat(report.value("wrap_fraction")).isGreaterThan(0.02);
        assertThat(report.verdict().reasons()).anyMatch(r -> r.contains("wraps around"));
    }

    @Test
    void aLineOfRadioNoiseIsFound() throws Exception {
        // Given (docs/qc-specification.md#F42, anatomical)
        Anatomy everywhere = Anatomy.of(T1).zipper(20, -1, 24).seed(42);
        Anatomy oneSlice = Anatomy.of(T1).zipper(105, 60, 24).seed(43);

        // When
        Report all = measure(everywhere);
        Report one = measure(oneSlice);

        // Then
        Report clean = measure(Anatomy.of(T1).seed(44));
        assertThat(clean.flags()).isEmpty();
        assertThat(all.flags()).singleElement().satisfies(f -> assertThat(f.evidence())
                .containsEntry("index", 20)
                .containsEntry("offset_hz", (20 - T1.nx() / 2.0) * 200));
        assertThat(one.flags()).singleElement().satisfies(f -> {
            assertThat(f.slice()).isEqualTo(60);
            assertThat(f.evidence()).containsEntry("index", 105);
        });
    }

    /** How finely the air is stored is about the storage. */
    private static java.util.Map<String, Object> withoutLevels(Report report) {
        java.util.Map<String, Object> metrics = new java.util.TreeMap<>(report.metrics());
        metrics.keySet().removeAll(List.of("air_levels", "air_comb"));
        return metrics;
    }

    private Report measure(Anatomy made) throws Exception {
        return measure(made.volume(), made);
    }

    private Report measure(float[] image) throws Exception {
        return Measurement.measure(MeasureRequest.of("t1", QcKind.ANAT, Fixtures.write(folder, "t1.nii", T1, image)))
                .report();
    }

    private Report measure(float[] image, Anatomy made) throws Exception {
        Grid grid = image.length == T1.voxels() ? T1 : Grid.axial(112, 104, 80, 1.8, 1.8, 2);
        assertThat(made).isNotNull();
        Path file = Fixtures.write(folder, "t1.nii", grid, image);
        Path json = folder.resolve("t1.json");
        java.nio.file.Files.writeString(
                json, "{\"PhaseEncodingDirection\":\"j\",\"SliceEncodingDirection\":\"k\",\"PixelBandwidth\":200}");
        return Measurement.measure(MeasureRequest.of("t1", QcKind.ANAT, file).withSidecar(json))
                .report();
    }
}
