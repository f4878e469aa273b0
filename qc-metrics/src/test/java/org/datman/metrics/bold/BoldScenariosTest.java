package org.datman.metrics.bold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.datman.analysis.testkit.Fixtures;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.Measured;
import org.datman.metrics.Measurement;
import org.datman.metrics.input.MeasureRequest;
import org.datman.plots.picture.Picture;
import org.datman.plots.report.Flag;
import org.datman.plots.report.Report;
import org.datman.plots.report.ReportJson;
import org.datman.plots.report.Verdict;
import org.datman.synthetic.EpiSeries;
import org.datman.synthetic.Grid;
import org.datman.synthetic.KSpaceSpike;
import org.datman.synthetic.SliceSpike;
import org.datman.synthetic.Sphere;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Functional scenarios of the specification (<a href="{@docRoot}/../docs/qc-specification.md#F13">F13</a>, <a href="{@docRoot}/../docs/qc-specification.md#F15">F15</a>, <a href="{@docRoot}/../docs/qc-specification.md#F40">F40</a>, <a href="{@docRoot}/../docs/qc-specification.md#F45">F45</a>, <a href="{@docRoot}/../docs/qc-specification.md#F50">F50</a>, <a href="{@docRoot}/../docs/qc-specification.md#F60">F60</a> to <a href="{@docRoot}/../docs/qc-specification.md#F64">F64</a>) through files and the one entry point. */
class BoldScenariosTest {

    private static final Grid EPI = Grid.axial(64, 64, 24, 3.4, 3.4, 4);

    @TempDir
    private Path folder;

    @Test
    void aCleanRunPassesAndItsNoiseIsRight() throws Exception {
        // Given (docs/qc-specification.md#F60): noise of sigma 8, nothing else
        EpiSeries made = EpiSeries.of(EPI, 60).sigma(8).seed(60);

        // When
        Measured measured = measure(made, r -> r);

        // Then
        Report report = measured.report();
        assertThat(report.value("sigma_bg")).isCloseTo(8, within(0.24));
        assertThat(report.value("sigma_diff")).isCloseTo(8, within(0.24));
        assertThat(report.value("dvars_vstd")).isCloseTo(1, within(0.03));
        assertThat(report.value("gcor")).isLessThan(0.02);
        assertThat(report.value("fd_power")).isLessThanOrEqualTo(0.035);
        assertThat(report.value("ghost_pe")).isLessThan(0.003);
        assertThat(report.value("spikes_fft_num")).isZero();
        assertThat(report.value("slice_spike_num")).isZero();
        assertThat(report.value("dummy_trs")).isZero();
        assertThat(report.flags()).isEmpty();
        assertThat(report.verdict()).isEqualTo(new Verdict(QcComplete.Level.PASS, List.of()));
        assertThat(measured.pictures())
                .extracting(Picture::fileName)
                .contains("traces.svg", "tsnr.png", "odd-even.png", "kspace.png", "spectra.svg")
                .contains("components.png", "components.svg", "radial-correlation.png");
        // 60 volumes of noise alone: no component holds much, no region goes together.
        assertThat(report.value("pca_1_pct")).isBetween(1.7, 4.0);
        assertThat(report.value("radial_corr")).isLessThan(0.1);
    }

    @Test
    void aBurstOfInterferenceOverSlicesIsReportedThoughItIsNoSingleSpike() throws Exception {
        // Given: slices 6 to 11 of volume 9 have the same stripes
        EpiSeries made = EpiSeries.of(EPI, 20).sigma(8).seed(64);
        for (int slice = 6; slice < 12; slice++) {
            made.spike(new KSpaceSpike(9, slice, 15, 8, 24, 1));
        }

        // When
        Report report = measure(made, r -> r).report();

        // Then
        assertThat(report.value("spikes_fft_shared_num")).isGreaterThanOrEqualTo(5);
        assertThat(report.flags())
                .filteredOn(flag -> flag.kind().equals("kspace-shared"))
                .anySatisfy(flag -> {
                    assertThat(flag.volume()).isEqualTo(9);
                    assertThat((Long) flag.evidence().get("slices")).isBetween(5L, 6L);
                    assertThat(flag.evidence()).containsEntry("kx", 15).containsEntry("ky", 8);
                });
        assertThat(report.verdict().level()).isNotEqualTo(QcComplete.Level.PASS);
    }

    @Test
    void temporalSnrIsSignalOverNoise() throws Exception {
        // Given (docs/qc-specification.md#F60): one signal level
        EpiSeries made = EpiSeries.of(EPI, 60).body(Sphere.fbirn()).sigma(15).seed(61);

        // When
        Report report = measure(made, r -> r).report();

        // Then: agar is 1500
        assertThat(report.value("tsnr")).isCloseTo(100, within(3.0));
        assertThat(report.value("sfnr")).isCloseTo(100, within(3.0));
        assertThat(report.value("aor")).isCloseTo(theoreticalOutliers(60), within(0.2 * theoreticalOutliers(60)));
    }

    /** The definition applied to 20000 independent Gaussian series, with plain sorting: short runs have more outliers than 3.5 sd predicts. */
    private static double theoreticalOutliers(int volumes) {
        double factor =
                -new NormalDistribution().inverseCumulativeProbability(0.001 / volumes) * Math.sqrt(Math.PI / 2);
        Random random = new Random(7);
        long outliers = 0;
        for (int n = 0; n < 20000; n++) {
            double[] x = new double[volumes];
            Arrays.setAll(x, t -> random.nextGaussian());
            double centre = middle(x);
            double[] r = Arrays.stream(x).map(v -> Math.abs(v - centre)).toArray();
            double limit = factor * middle(r);
            outliers += Arrays.stream(r).filter(v -> v > limit).count();
        }
        return outliers / (20000.0 * volumes);
    }

    private static double middle(double[] x) {
        double[] sorted = x.clone();
        Arrays.sort(sorted);
        return (sorted[(x.length - 1) / 2] + sorted[x.length / 2]) / 2;
    }

    @Test
    void aCommonSignalRaisesGlobalCorrelation() throws Exception {
        // Given (docs/qc-specification.md#F61): variance 9^2 common, 12^2 of each voxel
        double[] common = new double[120];
        Arrays.setAll(common, t -> 9 * Math.sqrt(2) * Math.sin(2 * Math.PI * 7 * t / 120.0));
        EpiSeries made = EpiSeries.of(Grid.axial(64, 64, 10, 3.4, 3.4, 4), 120)
                .body(Sphere.fbirn())
                .sigma(12)
                .commonSignal(common)
                .seed(62);

        // When
        Report report = measure(made, r -> r).report();

        // Then
        double expected = 81.0 / (81 + 144);
        assertThat(report.value("gcor")).isCloseTo(expected, within(0.05 * expected));
    }

    @Test
    void dummiesAreCounted() throws Exception {
        // Given (docs/qc-specification.md#F63)
        EpiSeries made = EpiSeries.of(Grid.axial(64, 64, 8, 3.4, 3.4, 4), 30)
                .dummies(2, 20)
                .seed(63);

        // When
        Report report = measure(made, r -> r).report();

        // Then
        assertThat(report.value("dummy_trs")).isEqualTo(2);
        assertThat(report.value("reference_volume")).isEqualTo(2);
    }

    @Test
    void aShortRunHasNoDummyCount() throws Exception {
        // Given (docs/qc-specification.md#F63, docs/qc-specification.md#F15): two volumes
        EpiSeries made = EpiSeries.of(Grid.axial(64, 64, 8, 3.4, 3.4, 4), 2).seed(64);

        // When
        Report report = measure(made, r -> r).report();

        // Then
        assertThat(report.metrics().get("dummy_trs").reason()).isEqualTo("fewer_than_10_volumes");
        assertThat(report.metrics().get("tsnr").reason()).isEqualTo("fewer_than_3_volumes");
        assertThat(report.value("fd_power")).isNotNull();
    }

    @Test
    void oneSliceIsMeasuredAsFarAsItGoes() throws Exception {
        // Given (docs/qc-specification.md#F15)
        EpiSeries made = EpiSeries.of(Grid.axial(64, 64, 1, 3.4, 3.4, 4), 12).seed(65);

        // When
        Report report = measure(made, r -> r).report();

        // Then
        assertThat(report.metrics().get("fd_power").reason()).isEqualTo("too_few_slices");
        assertThat(report.metrics().get("slice_spike_num").reason()).isEqualTo("too_few_slices");
        assertThat(report.value("tsnr")).isNotNull();
    }

    @Test
    void ghostsAreMeasuredAlongTheRealAxis() throws Exception {
        // Given (docs/qc-specification.md#F50)
        double[] truth = {0, 0.005, 0.01, 0.02, 0.05, 0.1};
        double[] found = new double[truth.length];

        // When
        for (int g = 0; g < truth.length; g++) {
            EpiSeries made = EpiSeries.of(Grid.axial(64, 64, 16, 3.4, 3.4, 4), 10)
                    .ghost(truth[g], g % 2)
                    .seed(50 + g);
            found[g] = measure(made, phase(g % 2 == 0 ? "i" : "j-")).report().value("ghost_pe");
        }

        // Then
        for (int g = 0; g < truth.length; g++) {
            assertThat(found[g]).isCloseTo(truth[g], within(Math.max(0.003, 0.06 * truth[g])));
        }
    }

    @Test
    void ghostsOfASphereAreMeasured() throws Exception {
        // Given (docs/qc-specification.md#F50)
        double[] truth = {0, 0.01, 0.05, 0.1};
        double[] found = new double[truth.length];

        // When
        for (int g = 0; g < truth.length; g++) {
            EpiSeries made = EpiSeries.of(Grid.axial(64, 64, 16, 3.4, 3.4, 4), 10)
                    .body(Sphere.fbirn())
                    .ghost(truth[g], 1)
                    .seed(55 + g);
            found[g] = measure(made, phase("j")).report().value("ghost_pe");
        }

        // Then
        for (int g = 0; g < truth.length; g++) {
            assertThat(found[g]).isCloseTo(truth[g], within(Math.max(0.003, 0.06 * truth[g])));
        }
    }

    @Test
    void aSliceSpikeIsFoundAndAGlobalChangeIsNotOne() throws Exception {
        // Given (docs/qc-specification.md#F45): slice 9 of volume 14 brighter, slice 15 of volume 25 darker, volume 32
        // as a whole brighter
        double[] gain = new double[40];
        Arrays.setAll(gain, t -> t == 32 ? 1.08 : 1);
        EpiSeries made = EpiSeries.of(EPI, 40)
                .gain(gain)
                .sliceSpike(new SliceSpike(14, 9, 8))
                .sliceSpike(new SliceSpike(25, 15, -8))
                .seed(45);

        // When
        Report report = measure(made, r -> r).report();

        // Then
        assertThat(report.flags())
                .filteredOn(f -> "slice-spike".equals(f.kind()))
                .extracting(f -> f.volume() + "/" + f.slice() + "/" + f.severity())
                .containsExactly("14/9/FLAG", "25/15/FLAG");
        assertThat(report.value("slice_spike_num")).isEqualTo(2);
        assertThat(report.verdict().level()).isEqualTo(QcComplete.Level.WARN);
    }

    @Test
    void kSpaceSpikesAreFound() throws Exception {
        // Given (docs/qc-specification.md#F40): half a sigma, from which all are found
        EpiSeries made = EpiSeries.of(EPI, 24)
                .sigma(8)
                .spike(new KSpaceSpike(7, 11, 14, -9, 4.0, 0.4))
                .spike(new KSpaceSpike(15, 5, 20, 17, 4.0, 1.4))
                .seed(40);

        // When
        Report report = measure(made, r -> r).report();

        // Then
        assertThat(report.flags())
                .filteredOn(f -> "kspace-spike".equals(f.kind()))
                .extracting(Flag::volume, Flag::slice)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(7, 11), org.assertj.core.groups.Tuple.tuple(15, 5));
    }

    @Test
    void driftIsFlaggedAndTruncationToo() throws Exception {
        // Given (docs/qc-specification.md#F13)
        EpiSeries made =
                EpiSeries.of(Grid.axial(64, 64, 12, 3.4, 3.4, 4), 30).drift(4).seed(14);

        // When
        Report report = measure(made, r -> r.withExpectedVolumes(40)).report();

        // Then
        assertThat(report.value("global_drift_pct")).isCloseTo(4, within(0.4));
        assertThat(report.flags()).extracting(Flag::kind).containsExactly("drift", "truncated");
        assertThat(report.verdict().level()).isEqualTo(QcComplete.Level.FLAG);
        assertThat(report.verdict().reasons()).contains("run is truncated: 30 of 40 volumes");
    }

    @Test
    void theSameFileGivesTheSameBytes() throws Exception {
        // Given (docs/qc-specification.md#F120)
        EpiSeries made = EpiSeries.of(Grid.axial(48, 52, 9, 3.4, 3.4, 4), 12).seed(70);
        MeasureRequest request = MeasureRequest.of("run", QcKind.BOLD, Fixtures.write(folder, "run.nii.gz", made));

        // When
        Measured first = Measurement.measure(request);
        Measured second = Measurement.measure(request);

        // Then
        assertThat(ReportJson.write(second.report())).isEqualTo(ReportJson.write(first.report()));
        assertThat(second.pictures()).isEqualTo(first.pictures());
    }

    private java.util.function.UnaryOperator<MeasureRequest> phase(String direction) throws Exception {
        Path json = folder.resolve("phase.json");
        java.nio.file.Files.writeString(
                json, "{\"PhaseEncodingDirection\":\"" + direction + "\",\"RepetitionTime\":2}");
        return r -> r.withSidecar(json);
    }

    private Measured measure(EpiSeries made, java.util.function.UnaryOperator<MeasureRequest> with) throws Exception {
        Path file = Fixtures.write(folder, "run.nii", made);
        Path json = folder.resolve("run.json");
        java.nio.file.Files.writeString(
                json, "{\"PhaseEncodingDirection\":\"j-\",\"RepetitionTime\":" + made.trSeconds() + "}");
        return Measurement.measure(
                with.apply(MeasureRequest.of("run", QcKind.BOLD, file).withSidecar(json)));
    }
}
