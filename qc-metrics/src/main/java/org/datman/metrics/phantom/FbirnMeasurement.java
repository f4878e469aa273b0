package org.datman.metrics.phantom;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.datman.analysis.image.Volume;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Masks;
import org.datman.analysis.mask.Morphology;
import org.datman.analysis.mask.Morphology.Neighbours;
import org.datman.analysis.spike.KSpaceSpikes;
import org.datman.analysis.timeseries.PrincipalComponents;
import org.datman.analysis.timeseries.Spectrum;
import org.datman.analysis.timeseries.TimeSeriesFit;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.bold.RunChecks;
import org.datman.metrics.bold.RunStart;
import org.datman.metrics.bold.Temporal;
import org.datman.metrics.common.AllKinds;
import org.datman.metrics.common.Background;
import org.datman.metrics.common.EmptyImage;
import org.datman.metrics.common.ImageMetrics;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.kind.KindMeasurement;
import org.datman.metrics.kind.Stages;
import org.datman.metrics.model.Findings;
import org.datman.metrics.model.MeasureException;
import org.datman.plots.picture.Mosaic;
import org.datman.plots.picture.Picture;

/**
 * The fBIRN stability test (Friedman and Glover 2006; qc specification <a href="{@docRoot}/../docs/qc-specification.md#A.4.1">A.4.1</a>): a homogeneous sphere scanned as a functional run. The
 * sphere is found; matrix, slices and TR may be any.
 */
public final class FbirnMeasurement implements KindMeasurement {

    private static final double GHOST_LIMIT = 0.03;
    private static final double DRIFT_LIMIT_PCT = 2;
    private static final int FEWEST_VOLUMES = 10;
    private static final List<String> COURSE_KEYS = MetricCatalogue.needing(QcKind.FBIRN, FEWEST_VOLUMES);
    private static final int LISTED_PEAKS = 3;
    private static final List<String> PEAKS = List.of(
            "fbirn_peaks_num",
            "fbirn_peak_1_hz",
            "fbirn_peak_1_pct",
            "fbirn_peak_2_hz",
            "fbirn_peak_2_pct",
            "fbirn_peak_3_hz",
            "fbirn_peak_3_pct");
    private static final List<String> COMPONENTS =
            List.of("fbirn_pca_1_pct", "fbirn_pca_2_pct", "fbirn_pca_3_pct", "fbirn_pca_4_pct");

    @Override
    public List<QcKind> kinds() {
        return List.of(QcKind.FBIRN);
    }

    @Override
    public List<Picture> measure(ScanData scan, Findings findings, Stages stages) throws MeasureException {
        int volumes = scan.volumes();
        int start = RunStart.of(scan, findings, stages);
        Volume reference = scan.series().volume(start);
        Stability maps = stages.run("maps", () -> Stability.of(scan.series(), start));
        Mask automask = stages.run("masks", () -> Masks.automask(scan.grid(), maps.mean, 0.5, 1));
        EmptyImage.refuse(automask, "phantom");
        Mask inner = Masks.inner(automask);
        Mask object = stages.run("masks", () -> Masks.object(automask, reference.data()));
        Background air = stages.run(
                "noise", () -> Background.of(Masks.airAround(object, scan.axes().phase()), reference.data()));
        stages.run("image", () -> {
            AllKinds.measure(scan, reference.data(), maps.mean, automask, inner, air, findings);
            findings.put("gsr_x", ImageMetrics.gsr(maps.mean, automask, 0, false), automask);
            findings.put("gsr_y", ImageMetrics.gsr(maps.mean, automask, 1, false), automask);
        });
        stages.run("ghost", () -> {
            RunChecks.ghost(scan, automask, object, air, GHOST_LIMIT, findings);
            ghost(scan, start, automask, object, findings);
        });
        KSpaceSpikes spikes = stages.run("kspace_spikes", () -> RunChecks.kspace(scan, start, findings))
                .orElse(null);
        stages.run("shape", () -> {
            PhantomShape.shape(scan.grid(), maps.mean, inner, findings);
            PhantomShape.uniformity(maps.mean, automask, scan.axes().slice(), findings);
            int[] pair = volumes - start < 2 ? null : new int[] {start, start + 1};
            PhantomShape.snr(scan.series(), pair, inner, air, findings);
        });
        SpherePlace sphere = SpherePlace.find(automask, scan.axes().slice());
        SquareRegion region = SquareRegion.of(scan.grid(), sphere);
        if (region == null) {
            findings.unknown("fbirn_mean", "no_room_for_the_region");
            findings.unknown(COURSE_KEYS, "no_room_for_the_region");
            return Mosaic.all(scan, reference);
        }
        float[] noise = maps.difference.clone();
        for (int v = 0; v < noise.length; v++) {
            noise[v] /= (float) Math.sqrt(Math.max(1, maps.pairedVolumes));
        }
        findings.noise(noise);
        place(sphere, region, maps, findings);
        if (volumes - start < FEWEST_VOLUMES) {
            findings.unknown(COURSE_KEYS, "fewer_than_10_volumes");
            return Mosaic.all(scan, reference);
        }
        Stable stable = stages.run("stability", () -> stability(scan, start, maps, region, findings));
        stages.run("movement", () -> movement(start, maps, object, inner, findings));
        stages.run("spikes", () -> {
            Temporal temporal =
                    Temporal.of(scan.series(), inner, start, scan.axes().slice(), scan.trSeconds());
            RunChecks.drift(temporal, start, DRIFT_LIMIT_PCT, findings);
            RunChecks.sliceSpikes(temporal, start, null, findings);
        });
        PrincipalComponents components = stages.run("components", () -> components(scan, start, maps, inner, findings))
                .orElse(null);
        return stages.run(
                "pictures",
                () -> FbirnPictures.of(
                        scan, reference, maps, sphere, stable, components, inner, air.candidates(), spikes, findings));
    }

    /** Summary of the region's time series, for the pictures. */
    record Stable(TimeSeriesFit course, Weisskoff weisskoff, Spectrum spectrum) {}

    private static void ghost(ScanData scan, int start, Mask automask, Mask object, Findings findings) {
        List<String> keys = List.of("fbirn_ghost_mean", "fbirn_ghost_bright");
        int phase = scan.axes().phase();
        if (phase < 0) {
            findings.unknown(keys, "phase_encoding_axis_unknown");
            return;
        }
        if (findings.value("sigma_bg") == null) {
            findings.unknown(keys, findings.reason("sigma_bg", "no_air"));
            return;
        }
        GhostShare share = GhostShare.of(scan.series(), start, automask, object, phase);
        if (share == null) {
            findings.unknown(keys, "object_fills_field_of_view");
            return;
        }
        findings.put("fbirn_ghost_mean", share.mean(), "ghost", share.voxels());
        findings.put("fbirn_ghost_bright", share.bright(), "ghost", share.voxels() / 10);
    }

    private static void place(SpherePlace sphere, SquareRegion region, Stability maps, Findings findings) {
        findings.put("fbirn_slice", sphere.slice());
        findings.put("fbirn_centre_u", sphere.u());
        findings.put("fbirn_centre_v", sphere.v());
        findings.put("fbirn_radius_mm", sphere.radiusMm());
        findings.put("fbirn_roi_width", region.width());
        findings.put("fbirn_mean", mean(maps.mean, region.indices()), "roi", region.indices().length);
    }

    private static double mean(float[] image, int[] indices) {
        return Arrays.stream(indices).mapToDouble(v -> image[v]).average().orElse(Double.NaN);
    }

    private static Stable stability(ScanData scan, int start, Stability maps, SquareRegion region, Findings findings) {
        int[] indices = region.indices();
        float[][] rows = maps.rows(indices);
        double[] values = new double[scan.volumes() - start];
        for (float[] row : rows) {
            for (int t = 0; t < values.length; t++) {
                values[t] += row[t] / (double) rows.length;
            }
        }
        TimeSeriesFit course = TimeSeriesFit.of(values);
        double signal = course.mean();
        put(
                findings,
                "fbirn_snr",
                signal / Math.sqrt(variance(maps.difference, indices) / maps.pairedVolumes),
                indices);
        put(findings, "fbirn_sfnr", mean(maps.sfnr, indices), indices);
        put(findings, "fbirn_fluct_pct", 100 * course.sd() / signal, indices);
        put(findings, "fbirn_drift_pct", 100 * course.fitRange() / signal, indices);
        put(findings, "fbirn_drift_raw_pct", 100 * course.rawRange() / signal, indices);
        Weisskoff weisskoff = Weisskoff.of(rows, region.width());
        put(findings, "fbirn_rdc", weisskoff.radiusOfDecorrelation(), indices);
        double[] whole = new double[scan.volumes()];
        Arrays.fill(whole, 0, start, Double.NaN);
        System.arraycopy(values, 0, whole, start, values.length);
        findings.course("fbirn_roi", whole);
        Spectrum spectrum = Spectrum.of(course, scan.trSeconds());
        if (spectrum.known()) {
            findings.put("fbirn_peak_hz", spectrum.peakHz());
            peaks(spectrum, findings);
        } else {
            findings.unknown("fbirn_peak_hz", "tr_unknown");
            findings.unknown(PEAKS, "tr_unknown");
        }
        return new Stable(course, weisskoff, spectrum);
    }

    /** Lines of the residual's spectrum that noise without colour would have once in a hundred runs, strongest first. */
    private static void peaks(Spectrum spectrum, Findings findings) {
        int[] peaks = spectrum.peaks();
        findings.put(PEAKS.get(0), peaks.length);
        for (int n = 0; n < LISTED_PEAKS; n++) {
            String hz = PEAKS.get(1 + 2 * n);
            String percent = PEAKS.get(2 + 2 * n);
            if (n < peaks.length) {
                findings.put(hz, spectrum.hz()[peaks[n]]);
                findings.put(percent, spectrum.percent()[peaks[n]]);
            } else {
                findings.unknown(List.of(hz, percent), "no_further_peak");
            }
        }
    }

    private static Optional<PrincipalComponents> components(
            ScanData scan, int start, Stability maps, Mask inner, Findings findings) {
        int volumes = scan.volumes() - start;
        if (volumes > PrincipalComponents.MOST_VOLUMES) {
            findings.unknown(COMPONENTS, "more_than_600_volumes");
            return Optional.empty();
        }
        float[][] rows = maps.rows(PrincipalComponents.voxels(inner));
        return Optional.of(RunChecks.components(scan, start, rows, COMPONENTS, "fbirn_pca", inner, findings));
    }

    private static double variance(float[] image, int[] indices) {
        double mean = mean(image, indices);
        double square = 0;
        for (int v : indices) {
            square += (image[v] - mean) * (image[v] - mean);
        }
        return square / (indices.length - 1);
    }

    private static void movement(int start, Stability maps, Mask object, Mask inner, Findings findings) {
        Mask wide = Morphology.dilate(object, Neighbours.FACES_6, 2).named("object_d2");
        double[][] centre = maps.centreOfMass(wide);
        findings.course("fbirn_com", centre);
        String[] axes = {"r", "a", "s"};
        for (int axis = 0; axis < 3; axis++) {
            TimeSeriesFit course = TimeSeriesFit.of(column(centre, axis, start));
            findings.put("fbirn_com_drift_" + axes[axis], course.fitRange(), wide);
        }
        double[][] fwhm = maps.smoothness(inner);
        findings.course("fbirn_fwhm", fwhm);
        String[] files = {"x", "y", "z"};
        for (int axis = 0; axis < 3; axis++) {
            double[] known = Arrays.stream(column(fwhm, axis, start))
                    .filter(Double::isFinite)
                    .toArray();
            String key = "fbirn_fwhm_" + files[axis];
            // A mean over the few frames that happen to correlate would misrepresent the run if most do not.
            if (2 * known.length < fwhm.length - start) {
                findings.unknown(key, "noise_without_correlation");
            } else {
                findings.put(key, Arrays.stream(known).average().orElse(Double.NaN), inner);
            }
        }
    }

    static double[] column(double[][] rows, int column, int start) {
        double[] out = new double[rows.length - start];
        Arrays.setAll(out, t -> rows[start + t][column]);
        return out;
    }

    private static void put(Findings findings, String key, double value, int[] region) {
        findings.put(key, value, "roi", region.length);
    }
}
