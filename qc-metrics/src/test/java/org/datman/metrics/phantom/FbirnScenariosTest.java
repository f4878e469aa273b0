package org.datman.metrics.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.datman.analysis.testkit.Fixtures;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.Measured;
import org.datman.metrics.Measurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.plots.report.Flag;
import org.datman.plots.report.Report;
import org.datman.plots.report.ReportJson;
import org.datman.plots.report.Verdict;
import org.datman.synthetic.EpiSeries;
import org.datman.synthetic.Grid;
import org.datman.synthetic.KSpaceSpike;
import org.datman.synthetic.Motion;
import org.datman.synthetic.Rigid;
import org.datman.synthetic.SliceSpike;
import org.datman.synthetic.Sphere;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stability runs of the fBIRN sphere (<a href="{@docRoot}/../docs/qc-specification.md#F64">F64</a>, <a href="{@docRoot}/../docs/qc-specification.md#F50">F50</a>, <a href="{@docRoot}/../docs/qc-specification.md#F40">F40</a>, <a href="{@docRoot}/../docs/qc-specification.md#F15">F15</a>, <a href="{@docRoot}/../docs/qc-specification.md#F120">F120</a>) through files and the one entry point. */
class FbirnScenariosTest {

    private static final Grid EPI = Grid.axial(64, 64, 10, 3.4, 3.4, 14);
    private static final double AGAR = 1500;

    @TempDir
    private Path folder;

    @Test
    void driftFluctuationNoiseAndDecorrelationAreRight() throws Exception {
        // Given (docs/qc-specification.md#F64): sigma 6, drift 0.4 %, fluctuation 0.05 %
        EpiSeries made = sphere(EPI, 200).sigma(6).drift(0.4).fluctuation(0.05).seed(64);

        // When
        Measured measured = measure(made);

        // Then
        Report report = measured.report();
        double each = Math.hypot(6 / AGAR, 0.0005);
        double theory = each / Math.hypot(6 / AGAR / 15, 0.0005);
        assertThat(report.value("fbirn_roi_width")).isEqualTo(15);
        assertThat(report.value("fbirn_mean")).isCloseTo(AGAR, within(6.0));
        assertThat(report.value("fbirn_drift_pct")).isCloseTo(0.4, within(0.05));
        assertThat(report.value("fbirn_fluct_pct")).isCloseTo(0.05, within(0.015));
        assertThat(report.value("fbirn_sfnr")).isCloseTo(1 / each, within(0.03 / each));
        assertThat(report.value("fbirn_snr")).isCloseTo(250, within(37.0));
        assertThat(report.value("fbirn_rdc")).isCloseTo(theory, within(0.2 * theory));
        assertThat(report.value("fbirn_drift_raw_pct")).isGreaterThan(report.value("fbirn_drift_pct"));
        assertThat(report.value("fbirn_radius_mm")).isCloseTo(85, within(3.0));
        assertThat(report.value("sigma_bg")).isCloseTo(6, within(0.2));
        assertThat(report.value("phantom_diameter_r")).isCloseTo(170, within(1.0));
        assertThat(report.value("phantom_snr")).isCloseTo(250, within(15.0));
        assertThat(report.value("fbirn_peaks_num")).isEqualTo(0);
        assertThat(report.value("fbirn_pca_1_pct")).isLessThan(3);
        assertThat(report.flags()).isEmpty();
        assertThat(report.verdict()).isEqualTo(new Verdict(QcComplete.Level.PASS, List.of()));
        assertThat(measured.pictures())
                .extracting(p -> p.fileName())
                .containsExactly(
                        "mosaic.png",
                        "background.png",
                        "phantom.png",
                        "components.png",
                        "stability.svg",
                        "traces.svg",
                        "kspace.png",
                        "profiles.svg",
                        "kspace-time.png",
                        "spectra.svg");
    }

    @Test
    void aPulsatingScannerHasALineAndAComponent() throws Exception {
        // Given: the receiver's gain swings by 0.3 % at 0.1 Hz
        double[] gain = new double[100];
        java.util.Arrays.setAll(gain, t -> 1 + 0.003 * Math.sin(2 * Math.PI * 0.1 * 2 * t));
        EpiSeries made =
                sphere(Grid.axial(64, 64, 6, 3.4, 3.4, 6), 100).gain(gain).seed(73);

        // When
        Report report = measure(made).report();

        // Then
        assertThat(report.value("fbirn_peaks_num")).isEqualTo(1);
        assertThat(report.value("fbirn_peak_1_hz")).isCloseTo(0.1, within(0.005));
        assertThat(report.value("fbirn_peak_1_pct")).isCloseTo(0.3, within(0.02));
        assertThat(report.metrics().get("fbirn_peak_2_hz").reason()).isEqualTo("no_further_peak");
        assertThat(report.value("fbirn_pca_1_pct")).isGreaterThan(3 * report.value("fbirn_pca_2_pct"));
    }

    @Test
    void whiteNoiseAloneDecorrelatesOverTheWholeRegion() throws Exception {
        // Given: nothing but noise, so that the fluctuation falls as one over the width
        EpiSeries made =
                sphere(Grid.axial(64, 64, 4, 3.4, 3.4, 5), 120).sigma(8).seed(65);

        // When
        Report report = measure(made).report();

        // Then
        assertThat(report.value("fbirn_rdc")).isCloseTo(15, within(3.0));
    }

    @Test
    void ghostsAreMeasuredWhateverTheNoise() throws Exception {
        // Given (docs/qc-specification.md#F50)
        double[] truth = {0, 0.005, 0.01, 0.02, 0.05, 0.1};
        Report[] found = new Report[truth.length];

        // When
        for (int g = 0; g < truth.length; g++) {
            found[g] = measure(sphere(Grid.axial(64, 64, 12, 3.4, 3.4, 5), 10)
                            .ghost(truth[g], 1)
                            .seed(50 + g))
                    .report();
        }

        // Then
        for (int g = 0; g < truth.length; g++) {
            assertThat(found[g].value("ghost_pe")).isCloseTo(truth[g], within(Math.max(0.003, 0.06 * truth[g])));
            assertThat(found[g].value("fbirn_ghost_mean"))
                    .isCloseTo(truth[g], within(Math.max(0.003, 0.06 * truth[g])));
            assertThat(found[g].value("fbirn_ghost_bright")).isGreaterThanOrEqualTo(found[g].value("fbirn_ghost_mean"));
            assertThat(found[g].flags())
                    .extracting(Flag::kind)
                    .isEqualTo(truth[g] > 0.03 ? List.of("ghost") : List.of());
        }
    }

    @Test
    void ghostAndSpikesOfOneRunAreFoundAndNothingElse() throws Exception {
        // Given: a ghost of 6 %, one strong k-space spike, one dark slice
        EpiSeries made = sphere(Grid.axial(64, 64, 20, 3.4, 3.4, 7), 40)
                .fluctuation(0.05)
                .ghost(0.06, 1)
                .spike(new KSpaceSpike(30, 14, 11, 17, 80, 0.7))
                .sliceSpike(new SliceSpike(12, 9, -8))
                .seed(66);

        // When
        Report report = measure(made).report();

        // Then
        assertThat(report.value("fbirn_ghost_mean")).isCloseTo(0.06, within(0.0036));
        assertThat(report.flags())
                .extracting(Flag::kind, Flag::volume, Flag::slice)
                .containsExactlyInAnyOrder(
                        Tuple.tuple("ghost", null, null),
                        Tuple.tuple("kspace-spike", 30, 14),
                        Tuple.tuple("slice-spike", 12, 9));
        assertThat(report.verdict().level()).isEqualTo(QcComplete.Level.FLAG);
        assertThat(report.verdict().reasons()).anyMatch(r -> r.startsWith("ghost of the phantom"));
    }

    @Test
    void aSmallSphereOffTheCentreOfAnOddMatrixIsFound() throws Exception {
        // Given: 16 mm right, 21 mm back, 10 mm up on 71 x 77 x 19 voxels
        Grid grid = Grid.axial(71, 77, 19, 3, 3.2, 5);
        EpiSeries made = EpiSeries.of(grid, 40)
                .body(new Sphere(16, -21, 10, 60))
                .sigma(6)
                .seed(67);
        org.datman.analysis.image.Grid g = Fixtures.grid(grid);
        double[] a = g.affine();

        // When
        Report report = measure(made).report();

        // Then
        assertThat(report.value("fbirn_centre_u")).isCloseTo((16 - a[3]) / a[0], within(0.3));
        assertThat(report.value("fbirn_centre_v")).isCloseTo((-21 - a[7]) / a[5], within(0.3));
        assertThat(report.value("fbirn_slice")).isCloseTo((10 - a[11]) / a[10], within(0.6));
        assertThat(report.value("fbirn_radius_mm")).isCloseTo(60, within(2.5));
        assertThat(report.value("fbirn_sfnr")).isCloseTo(250, within(7.5));
        assertThat(report.verdict().level()).isEqualTo(QcComplete.Level.PASS);
    }

    @Test
    void aMatrixOf128TakesTwiceTheRegion() throws Exception {
        // Given
        EpiSeries made =
                sphere(Grid.axial(128, 128, 3, 1.7, 1.7, 5), 40).sigma(10).seed(68);

        // When
        Report report = measure(made).report();

        // Then
        assertThat(report.value("fbirn_roi_width")).isEqualTo(30);
        assertThat(report.metrics().get("fbirn_mean").maskVoxels()).isEqualTo(900);
        assertThat(report.value("fbirn_sfnr")).isCloseTo(150, within(4.5));
    }

    @Test
    void aSinkingSphereIsSeenByItsCentreOfMass() throws Exception {
        // Given: 0.6 mm towards the back over the run
        Rigid[] course = Motion.still(30);
        for (int t = 0; t < course.length; t++) {
            course[t] = new Rigid(0, -0.6 * t / 29, 0, 0, 0, 0);
        }
        EpiSeries made =
                sphere(Grid.axial(64, 64, 10, 3.4, 3.4, 6), 30).motion(course).seed(69);

        // When
        Report report = measure(made).report();

        // Then
        assertThat(report.value("fbirn_com_drift_a")).isCloseTo(0.6, within(0.06));
        assertThat(report.value("fbirn_com_drift_r")).isLessThan(0.03);
        assertThat(report.value("fbirn_com_drift_s")).isLessThan(0.03);
    }

    @Test
    void anUnstableScannerIsFlaggedInWords() throws Exception {
        // Given
        EpiSeries made = sphere(Grid.axial(64, 64, 6, 3.4, 3.4, 6), 60)
                .drift(2.6)
                .fluctuation(0.4)
                .seed(70);

        // When
        Report report = measure(made).report();

        // Then
        assertThat(report.verdict().level()).isEqualTo(QcComplete.Level.FLAG);
        assertThat(report.verdict().reasons())
                .anyMatch(r -> r.startsWith("fluctuation of the phantom's signal"))
                .anyMatch(r -> r.startsWith("drift of the phantom's signal"))
                .anyMatch(r -> r.startsWith("radius of decorrelation"));
    }

    @Test
    void fewVolumesGiveReasonsInsteadOfNumbers() throws Exception {
        // Given (docs/qc-specification.md#F15)
        EpiSeries made = sphere(Grid.axial(64, 64, 6, 3.4, 3.4, 6), 3).seed(71);

        // When
        Report report = measure(made).report();

        // Then
        assertThat(report.value("fbirn_mean")).isCloseTo(AGAR, within(10.0));
        assertThat(List.of("fbirn_snr", "fbirn_sfnr", "fbirn_fluct_pct", "fbirn_drift_pct", "fbirn_rdc"))
                .allSatisfy(
                        key -> assertThat(report.metrics().get(key).reason()).isEqualTo("fewer_than_10_volumes"));
    }

    @Test
    void theSameFileGivesTheSameBytes() throws Exception {
        // Given (docs/qc-specification.md#F120)
        EpiSeries made = sphere(Grid.axial(48, 52, 9, 4.4, 4.4, 6), 14).seed(72);
        MeasureRequest request = request(made);

        // When
        List<Measured> twice = List.of(Measurement.measure(request), Measurement.measure(request));

        // Then
        assertThat(ReportJson.write(twice.get(1).report()))
                .isEqualTo(ReportJson.write(twice.get(0).report()));
        assertThat(twice.get(1).pictures()).isEqualTo(twice.get(0).pictures());
    }

    private static EpiSeries sphere(Grid grid, int volumes) {
        return EpiSeries.of(grid, volumes).body(Sphere.fbirn());
    }

    private Measured measure(EpiSeries made) throws Exception {
        return Measurement.measure(request(made));
    }

    private MeasureRequest request(EpiSeries made) throws Exception {
        Path json = folder.resolve("run.json");
        Files.writeString(json, "{\"PhaseEncodingDirection\":\"j\",\"RepetitionTime\":" + made.trSeconds() + "}");
        return MeasureRequest.of("run", QcKind.FBIRN, Fixtures.write(folder, "run.nii", made))
                .withSidecar(json);
    }
}
