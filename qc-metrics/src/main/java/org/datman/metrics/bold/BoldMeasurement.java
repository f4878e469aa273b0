package org.datman.metrics.bold;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.datman.analysis.image.Volume;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Masks;
import org.datman.analysis.motion.Displacement;
import org.datman.analysis.motion.Registration;
import org.datman.analysis.motion.RegistrationException;
import org.datman.analysis.motion.Rigid;
import org.datman.analysis.noise.RadialCorrelation;
import org.datman.analysis.noise.StructuredNoise;
import org.datman.analysis.noise.TimeMaps;
import org.datman.analysis.spike.Herringbone;
import org.datman.analysis.spike.KSpaceSpikes;
import org.datman.analysis.stats.Statistics;
import org.datman.analysis.timeseries.PrincipalComponents;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.metric.QcKind;
import org.datman.contracts.study.Severity;
import org.datman.metrics.common.AllKinds;
import org.datman.metrics.common.Background;
import org.datman.metrics.common.EmptyImage;
import org.datman.metrics.common.ImageMetrics;
import org.datman.metrics.common.StructuredFindings;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.kind.KindMeasurement;
import org.datman.metrics.kind.Stages;
import org.datman.metrics.model.Findings;
import org.datman.metrics.model.MeasureException;
import org.datman.metrics.verdict.QcConfig;
import org.datman.plots.picture.Mosaic;
import org.datman.plots.picture.Picture;
import org.datman.plots.report.Flag;
import org.jspecify.annotations.Nullable;

/** Measures a functional run: steady state, motion, temporal signal and noise, ghosts, spikes. */
public final class BoldMeasurement implements KindMeasurement {

    private static final double JUMP_MM = 0.5;
    private static final double POWER_LIMIT_MM = 0.2;
    private static final double DRIFT_WARN_PCT = 2.5;
    /** Main peak of fat against water. */
    private static final double FAT_PPM = 3.4;

    private static final List<String> PCA = List.of("pca_1_pct", "pca_2_pct", "pca_3_pct", "pca_4_pct");
    /** Even and odd volumes of fewer differ by single events. */
    private static final int FEWEST_FOR_NOISE = 6;

    private static final double GHOST_WARN = 0.05;
    private static final double ZIPPER_Z = 15;

    @Override
    public List<QcKind> kinds() {
        return List.of(QcKind.BOLD);
    }

    @Override
    public List<Picture> measure(ScanData scan, Findings findings, Stages stages) throws MeasureException {
        int volumes = scan.volumes();
        int start = RunStart.of(scan, findings, stages);
        findings.put("reference_volume", start);
        Volume reference = scan.series().volume(start);
        Mask automask = stages.run("masks", () -> Masks.automask(scan.grid(), reference.data(), 0.5, 1));
        EmptyImage.refuse(automask, "object");
        Mask inner = Masks.inner(automask);
        Mask object = stages.run("masks", () -> Masks.object(automask, reference.data()));
        Mask candidates = Masks.airAround(object, scan.axes().phase());
        Background air = stages.run("noise", () -> Background.of(candidates, reference.data()));
        double[] fd =
                stages.run("motion", () -> motion(scan, reference, findings)).orElse(null);
        Temporal temporal = volumes < 3
                ? null
                : stages.run(
                        "temporal",
                        () -> Temporal.of(
                                scan.series(), inner, start, scan.axes().slice(), scan.trSeconds()));
        float[] mean = temporal == null ? reference.data() : temporal.meanImage;
        stages.run("image", () -> {
            AllKinds.measure(scan, reference.data(), mean, automask, inner, air, findings);
            Double sigma = findings.value("sigma_img");
            findings.put(
                    "snr_epi",
                    sigma == null ? Double.NaN : Statistics.median(inner.values(reference.data())) / sigma,
                    inner);
            for (int axis = 0; axis < 2; axis++) {
                findings.put(axis == 0 ? "gsr_x" : "gsr_y", ImageMetrics.gsr(mean, automask, axis, false), automask);
            }
        });
        stages.run("ghost", () -> {
            RunChecks.ghost(scan, automask, object, air, GHOST_WARN, findings);
            fatShift(scan, findings);
        });
        if (temporal == null) {
            findings.unknown(MetricCatalogue.needing(QcKind.BOLD, 3), "fewer_than_3_volumes");
            return stages.run("pictures", () -> Mosaic.all(scan, reference));
        }
        double[] aqi = stages.run("aqi", () -> SimilarityToMedian.index(scan.series(), inner, temporal.medianImage));
        stages.run("summary", () -> temporal(scan, temporal, inner, start, aqi, fd, findings));
        KSpaceSpikes spikes = stages.run("kspace_spikes", () -> RunChecks.kspace(scan, start, findings))
                .orElse(null);
        BoldPictures.Masks parts = new BoldPictures.Masks(automask, inner, candidates);
        boolean decomposed = volumes - start >= RadialCorrelation.FEWEST_VOLUMES;
        int[] carpet = BoldPictures.carpetVoxels(parts);
        int[] more = decomposed ? PrincipalComponents.voxels(automask) : new int[0];
        TimeMaps maps = stages.run(
                "time_maps",
                () -> TimeMaps.of(
                        scan.series(),
                        start,
                        IntStream.concat(Arrays.stream(carpet), Arrays.stream(more))
                                .toArray()));
        if (maps.volumes >= FEWEST_FOR_NOISE) {
            findings.noise(maps.difference);
        }
        RadialCorrelation radial = stages.run(
                        "radial_correlation", () -> RunChecks.radialCorrelation(scan, automask, start, findings))
                .orElse(null);
        PrincipalComponents components = stages.run(
                        "components", () -> components(scan, start, maps, carpet.length, automask, findings))
                .orElse(null);
        Herringbone wave =
                stages.run("structured_noise", () -> structured(scan, maps, reference, air, inner, findings));
        return stages.run("pictures", () -> new BoldPictures(
                        scan, start, temporal, maps, parts, spikes, wave, radial, components, fd, findings)
                .all(reference));
    }

    /** Principal components of the object's time series, stored behind the carpet's from {@code from} on; none for too few or too many volumes. */
    private static Optional<PrincipalComponents> components(
            ScanData scan, int start, TimeMaps maps, int from, Mask object, Findings findings) {
        int volumes = scan.volumes() - start;
        if (volumes < RadialCorrelation.FEWEST_VOLUMES || volumes > PrincipalComponents.MOST_VOLUMES) {
            findings.unknown(
                    PCA,
                    volumes > PrincipalComponents.MOST_VOLUMES
                            ? "more_than_600_volumes"
                            : "fewer_than_" + RadialCorrelation.FEWEST_VOLUMES + "_volumes");
            return Optional.empty();
        }
        float[][] rows = Arrays.stream(maps.courses, from, maps.courses.length)
                .map(row -> Arrays.copyOfRange(row, start, row.length))
                .toArray(float[][]::new);
        return Optional.of(RunChecks.components(scan, start, rows, PCA, "pca", object, findings));
    }

    /** Patterned noise: of the air, from slice to slice, and of slices that are excited together. */
    private static Herringbone structured(
            ScanData scan, TimeMaps maps, Volume reference, Background air, Mask inner, Findings findings) {
        int axis = scan.axes().slice();
        double[] noise = maps.sliceNoise(inner, axis);
        double oddEven = StructuredNoise.oddOverEven(noise);
        findings.putOr("slice_odd_even", oddEven, inner, "too_few_slices");
        Double multiband = scan.sidecar().number("MultibandAccelerationFactor");
        double f = multiband == null ? Double.NaN : StructuredNoise.groupF(noise, (int) Math.round(multiband));
        findings.putOr("slice_group_f", f, inner, multiband == null ? "no_multiband" : "too_few_slices");
        float[] power = maps.rms();
        Herringbone wave = Herringbone.of(scan.grid(), power, air.candidates(), axis);
        if (air.reason() == null) {
            StructuredFindings.measure(scan, reference.data(), air, wave, ZIPPER_Z, findings);
        } else {
            StructuredFindings.unknown(air.reason(), findings);
        }
        return wave;
    }

    /** Shift of unsuppressed fat: its frequency offset over the bandwidth of a voxel along phase encoding. */
    private static void fatShift(ScanData scan, Findings findings) {
        Double megahertz = scan.sidecar().number("ImagingFrequency");
        Double hertzPerVoxel = scan.sidecar().number("BandwidthPerPixelPhaseEncode");
        if (megahertz == null || hertzPerVoxel == null || !(hertzPerVoxel > 0)) {
            findings.unknown("fat_shift_pe", "bandwidth_unknown");
        } else {
            findings.put("fat_shift_pe", FAT_PPM * megahertz / hertzPerVoxel);
        }
    }

    /** Adds motion and displacement; returns FD (Power); none when motion is unknown. */
    private static Optional<double[]> motion(ScanData scan, Volume reference, Findings findings) {
        List<String> keys = MetricCatalogue.needing(QcKind.BOLD, 2);
        if (scan.volumes() < 2) {
            findings.unknown(keys, "fewer_than_2_volumes");
            return Optional.empty();
        }
        Registration.Estimate[] estimates;
        try {
            estimates = Registration.to(scan.grid(), reference.data(), Registration.FWHM_MM)
                    .estimateAll(scan.series());
        } catch (RegistrationException e) {
            findings.unknown(keys, e.reason());
            return Optional.empty();
        }
        Rigid[] course =
                Arrays.stream(estimates).map(Registration.Estimate::movement).toArray(Rigid[]::new);
        double[][] rows = new double[course.length][];
        Arrays.setAll(rows, t -> course[t].parameters());
        findings.course("motion", rows);
        double[] fd = Displacement.power(course);
        double[] jenkinson = Displacement.jenkinson(course);
        findings.course("fd_power", fd);
        findings.course("fd_jenkinson", jenkinson);
        double[] changes = Arrays.copyOfRange(fd, 1, fd.length);
        findings.summary("fd_power", changes, null);
        long over = Arrays.stream(changes).filter(v -> v > POWER_LIMIT_MM).count();
        findings.put("fd_power_num", over);
        findings.put("fd_power_perc", 100.0 * over / scan.volumes());
        findings.summary("fd_jenkinson", Arrays.copyOfRange(jenkinson, 1, fd.length), null);
        findings.put(
                "abs_disp_max",
                Arrays.stream(Displacement.absolute(course)).max().orElse(0));
        findings.put("n_jumps", Arrays.stream(changes).filter(v -> v > JUMP_MM).count());
        cleanTime(scan, fd, findings);
        for (int t = 1; t < fd.length; t++) {
            if (fd[t] > JUMP_MM) {
                findings.flag(new Flag("motion", null, t, Severity.WARN, Map.of("fd_mm", fd[t], "limit_mm", JUMP_MM)));
            }
        }
        return Optional.of(fd);
    }

    private static void cleanTime(ScanData scan, double[] fd, Findings findings) {
        double limit = scan.request().config().option(QcConfig.CLEAN_FD_MM, POWER_LIMIT_MM);
        int clean = 0;
        int run = 0;
        int longest = 0;
        for (double d : fd) {
            // The first volume has no displacement and counts as clean.
            clean += d >= limit ? 0 : 1;
            run = d >= POWER_LIMIT_MM ? 0 : run + 1;
            longest = Math.max(longest, run);
        }
        findings.put("longest_clean_run", longest);
        if (Double.isNaN(scan.trSeconds())) {
            findings.unknown("minutes_clean", "tr_unknown");
        } else {
            findings.put("minutes_clean", clean * scan.trSeconds() / 60);
        }
    }

    private static void temporal(
            ScanData scan,
            Temporal temporal,
            Mask inner,
            int start,
            double[] aqi,
            double @Nullable [] fd,
            Findings findings) {
        findings.spectrum(temporal.spectrum);
        findings.put("tsnr", temporal.tsnr, inner);
        findings.put("sfnr", temporal.sfnr, inner);
        findings.put("sigma_diff", temporal.sigmaDiff, inner);
        findings.put("gcor", temporal.gcor, inner);
        course(findings, "aor", temporal.aor, inner);
        course(findings, "aor_detrended", temporal.aorDetrended, inner);
        Arrays.fill(aqi, 0, start, Double.NaN);
        course(findings, "aqi", aqi, inner);
        course(findings, "dvars_nstd", temporal.dvarsN, inner);
        course(findings, "dvars_std", temporal.dvarsStd, inner);
        course(findings, "dvars_vstd", temporal.dvarsVstd, inner);
        double[] p = DvarsTest.pValues(temporal.dvarsN);
        boolean[] significant = DvarsTest.significant(temporal.dvarsN, p, temporal.meanVariance);
        findings.course("dvars_p", p);
        int many = 0;
        for (boolean s : significant) {
            many += s ? 1 : 0;
        }
        findings.put("dvars_p_num", many, inner);
        RunChecks.drift(temporal, start, DRIFT_WARN_PCT, findings);
        if (Double.isNaN(scan.trSeconds())) {
            findings.unknown(List.of("power_above_02hz", "peak_frequency_hz"), "tr_unknown");
        } else {
            findings.put("power_above_02hz", temporal.highPower, inner);
            findings.put("peak_frequency_hz", SpectralPeak.peakHz(temporal.global, start, scan.trSeconds()));
        }
        RunChecks.sliceSpikes(temporal, start, fd, findings);
    }

    /** A time course, its summary and, under the bare key, its mean: the headline number. */
    private static void course(Findings findings, String key, double[] course, Mask mask) {
        findings.course(key, course);
        findings.summary(key, course, mask);
    }
}
