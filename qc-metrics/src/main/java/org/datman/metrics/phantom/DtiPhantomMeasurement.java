package org.datman.metrics.phantom;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.image.SomeVolumes;
import org.datman.analysis.image.Volume;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Masks;
import org.datman.analysis.stats.Statistics;
import org.datman.contracts.metric.QcKind;
import org.datman.contracts.study.Severity;
import org.datman.metrics.bold.RunChecks;
import org.datman.metrics.common.ImageMetrics;
import org.datman.metrics.common.OddVolumes;
import org.datman.metrics.common.VolumeCount;
import org.datman.metrics.dwi.Anisotropy;
import org.datman.metrics.dwi.GradientTable;
import org.datman.metrics.dwi.GradientTableException;
import org.datman.metrics.dwi.Shells;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.kind.KindMeasurement;
import org.datman.metrics.kind.Stages;
import org.datman.metrics.model.Findings;
import org.datman.metrics.model.MeasureException;
import org.datman.plots.picture.Picture;
import org.datman.plots.report.Flag;
import org.datman.plots.report.TimeCourse;
import org.jspecify.annotations.Nullable;

/**
 * A homogeneous sphere under diffusion weighting (Chavez 2017; qc specification <a href="{@docRoot}/../docs/qc-specification.md#A.4.2">A.4.2</a>): noise, SNR, ADC, distortion by B0 and by eddy
 * currents, the N/2 ghost and the anisotropy of an isotropic object. Unlike the MATLAB program it comes from, the noise is that of one image
 * (not of a difference, times root 2), the ADC is positive, lengths are in millimetres and the phantom is found, not assumed.
 */
public final class DtiPhantomMeasurement implements KindMeasurement {

    private static final double GHOST_LIMIT = 0.03;
    /** Share of the radius in which edges along phase encoding are steep enough to be compared. */
    private static final double STEEP = 0.8;
    /** Mean over sd of a region below which half of its level is lost in noise, and an edge there is fitted to noise (Rayleigh: 1.9). */
    private static final double LEAST_SNR_OF_EDGES = 5;

    private static final List<String> SNR =
            List.of("dti_noise", "dti_snr_b0", "dti_snr_b0_cov_pct", "dti_snr_dwi", "dti_snr_dwi_cov_pct");
    private static final List<String> EDGES =
            List.of("dti_b0_distortion", "dti_eddy_shift", "dti_eddy_shift_b0", "dti_eddy_worst_volume");
    private static final List<String> FA = List.of("dti_fa_mean", "dti_fa_sd");

    @Override
    public List<QcKind> kinds() {
        return List.of(QcKind.DTI_PHANTOM);
    }

    @Override
    public List<Picture> measure(ScanData scan, Findings findings, Stages stages) throws MeasureException {
        PhantomImage image = PhantomImage.of(scan, findings, stages);
        VolumeCount.check(scan, findings);
        GradientTable table = table(scan, findings);
        Shells shells = Shells.of(table == null ? new double[scan.volumes()] : table.bvals());
        int[] alike = table == null ? OddVolumes.run(scan.volumes(), scan.volumes()) : shells.b();
        OddVolumes.of(scan.series(), alike, OddVolumes.ONE_CONTRAST).flag(findings);
        int[] b0 = table == null ? new int[] {0} : shells.volumes(0);
        int[] weighted = shells.weighted();
        Volume mean = ImageMetrics.mean(scan.series(), b0.length == 0 ? new int[] {0} : b0);
        Mask automask = Masks.automask(scan.grid(), mean.data(), 0.5, 0);
        stages.run("shape", () -> PhantomShape.shape(scan.grid(), mean.data(), Masks.inner(automask), findings));
        PhantomShape.uniformity(mean.data(), automask, scan.axes().slice(), findings);
        int[] pair = table != null && b0.length > 1 ? new int[] {b0[0], b0[1]} : null;
        PhantomShape.snr(scan.series(), pair, image.inner(), image.air(), findings);
        stages.run("ghost", () -> ghost(scan, image, b0.length == 0 ? new int[] {0} : b0, findings));
        DtiRegion region = DtiRegion.of(automask, scan.axes().slice());
        findings.put("dti_b0_num", table == null ? 0 : b0.length);
        if (region == null || !DtiRegion.round(automask, scan.axes().slice())) {
            unknown(findings, region == null ? "no_room_for_the_region" : "phantom_is_not_round");
            return DtiPhantomPictures.slices(scan, mean);
        }
        if (table == null) {
            unknown(findings, "no_gradient_table");
            return DtiPhantomPictures.slices(scan, mean);
        }
        stages.run("signal", () -> signal(scan, region, table, b0, weighted, findings));
        PlaneEdges[] edges = stages.run("edges", () -> edges(scan, region, mean, b0, weighted, findings))
                .orElse(null);
        NyquistStrips strips =
                stages.run("nyquist", () -> nyquist(scan, region, b0, findings)).orElse(null);
        float[] fa = stages.run("tensor", () -> anisotropy(scan, region, table, findings))
                .orElse(null);
        return stages.run("pictures", () -> {
            List<Picture> pictures = new ArrayList<>(DtiPhantomPictures.of(
                    scan, new DtiPhantomPictures.Seen(mean, region, b0, weighted, edges, strips, fa), findings));
            pictures.addAll(image.hardware(scan));
            return pictures;
        });
    }

    /** Ghost of the unweighted volumes: weighted ones are too dim for a fraction of their signal to stand out of the noise. */
    private static void ghost(ScanData scan, PhantomImage image, int[] b0, Findings findings) {
        ScanData unweighted = scan.of(new SomeVolumes(scan.series(), b0));
        RunChecks.ghost(unweighted, image.automask(), image.object(), image.air(), GHOST_LIMIT, findings);
        TimeCourse course = findings.courses().get("ghost_pe");
        if (course != null) {
            double[] all = new double[scan.volumes()];
            Arrays.fill(all, Double.NaN);
            for (int n = 0; n < b0.length; n++) {
                all[b0[n]] = course.values()[n];
            }
            findings.course("ghost_pe", all);
        }
    }

    private static @Nullable GradientTable table(ScanData scan, Findings findings) throws MeasureException {
        Path bval = scan.request().bval();
        Path bvec = scan.request().bvec();
        if (bval == null || bvec == null) {
            return null;
        }
        try {
            GradientTable table = GradientTable.read(bval, bvec);
            if (table.bvals().length == scan.volumes() && table.bvecs().length == scan.volumes()) {
                return table;
            }
            flag(findings, "count", "bvals " + table.bvals().length + ", bvecs " + table.bvecs().length);
        } catch (GradientTableException e) {
            flag(findings, "unreadable", String.valueOf(e.getMessage()));
        }
        return null;
    }

    private static void flag(Findings findings, String what, String problem) {
        findings.flag(new Flag("gradient-table", null, null, Severity.FLAG, Map.of("what", what, "problem", problem)));
    }

    private static void unknown(Findings findings, String reason) {
        findings.unknown(SNR, reason);
        findings.unknown(EDGES, reason);
        findings.unknown(FA, reason);
        findings.unknown(List.of("dti_adc", "dti_nyquist_ratio"), reason);
    }

    private static void signal(
            ScanData scan, DtiRegion region, GradientTable table, int[] b0, int[] weighted, Findings findings) {
        double[] means = region.means(scan.series());
        int n = region.mask().count();
        double noise = b0.length < 2 ? Double.NaN : noise(scan, region, b0);
        if (noise > 0) {
            double[] snr = Arrays.stream(means).map(m -> m / noise).toArray();
            findings.course("dti_snr", snr);
            findings.put("dti_noise", noise, region.mask().id(), n);
            summary(findings, "dti_snr_b0", snr, b0, "fewer_than_2_b0", n);
            summary(findings, "dti_snr_dwi", snr, weighted, "fewer_than_2_weighted_volumes", n);
        } else {
            findings.unknown(SNR, b0.length < 2 ? "fewer_than_2_b0" : "no_noise");
        }
        if (b0.length == 0 || weighted.length == 0) {
            findings.unknown("dti_adc", b0.length == 0 ? "no_b0" : "no_weighted_volume");
            return;
        }
        double unweighted =
                Arrays.stream(b0).mapToDouble(t -> means[t]).average().orElse(Double.NaN);
        double[] adc = new double[means.length];
        Arrays.fill(adc, Double.NaN);
        for (int t : weighted) {
            adc[t] = 1000 * Math.log(unweighted / means[t]) / table.bvals()[t];
        }
        findings.course("dti_adc", adc);
        findings.put(
                "dti_adc",
                Arrays.stream(adc).filter(Double::isFinite).average().orElse(Double.NaN),
                region.mask().id(),
                n);
    }

    /** Sd of one unweighted image: of the differences of successive ones, each less its median, over root 2. */
    private static double noise(ScanData scan, DtiRegion region, int[] b0) {
        int[] indices = region.mask().indices();
        double[] all = new double[indices.length * (b0.length - 1)];
        for (int p = 1; p < b0.length; p++) {
            float[] before = scan.series().volume(b0[p - 1]).data();
            float[] after = scan.series().volume(b0[p]).data();
            double[] d = new double[indices.length];
            for (int v = 0; v < d.length; v++) {
                d[v] = (double) after[indices[v]] - before[indices[v]];
            }
            double median = Statistics.median(d);
            for (int v = 0; v < d.length; v++) {
                all[(p - 1) * d.length + v] = d[v] - median;
            }
        }
        return Statistics.madn(all) / Math.sqrt(2);
    }

    private static void summary(
            Findings findings, String key, double[] course, int[] volumes, String reason, int voxels) {
        double[] x = Arrays.stream(volumes).mapToDouble(t -> course[t]).toArray();
        if (x.length < 2) {
            findings.unknown(List.of(key, key + "_cov_pct"), reason);
            return;
        }
        double mean = Statistics.mean(x);
        findings.put(key, mean, "central_circle", voxels);
        findings.put(key + "_cov_pct", 100 * Statistics.sd(x, 1) / mean, "central_circle", voxels);
    }

    /** Edges along phase encoding of the mean unweighted image, then of the weighted volume with the largest shift; none when unknown. */
    private static Optional<PlaneEdges[]> edges(
            ScanData scan, DtiRegion region, Volume mean, int[] b0, int[] weighted, Findings findings) {
        int phase = scan.axes().phase();
        SpherePlace sphere = region.sphere();
        if (phase != sphere.plane()[0] && phase != sphere.plane()[1]) {
            findings.unknown(EDGES, phase < 0 ? "phase_encoding_axis_unknown" : "phase_encoding_across_slices");
            return Optional.empty();
        }
        int along = phase == sphere.plane()[0] ? 0 : 1;
        int slice = sphere.slice();
        int axis = scan.axes().slice();
        SliceImage still = SliceImage.of(mean, axis, slice);
        double step = along == 0 ? still.du() : still.dv();
        double apart = along == 0 ? still.dv() : still.du();
        double line = along == 0 ? sphere.v() : sphere.u();
        double across = along == 0 ? sphere.u() : sphere.v();
        double level = 0.5 * Statistics.mean(region.mask().values(mean.data()));
        PlaneEdges phaseEdges = PlaneEdges.of(still, along, level);
        double phaseWide = phaseEdges.diameter(line, step, apart);
        double readWide = PlaneEdges.of(still, 1 - along, level).diameter(across, apart, step);
        findings.putOr("dti_b0_distortion", phaseWide / readWide, "edges_not_found");
        double reach = STEEP * sphere.radiusMm() / apart;
        PlaneEdges[] each = new PlaneEdges[scan.volumes()];
        double[] shift = new double[scan.volumes()];
        Parallel.forEach(shift.length, t -> {
            Volume volume = scan.series().volume(t);
            float[] inside = region.mask().values(volume.data());
            double signal = Statistics.mean(inside);
            if (!edgesStandOut(inside)) {
                shift[t] = Double.NaN;
                return;
            }
            each[t] = PlaneEdges.of(SliceImage.of(volume, axis, slice), along, 0.5 * signal);
            shift[t] = step * each[t].shift(phaseEdges, line, reach);
        });
        findings.course("dti_eddy_shift", shift);
        String unseen = weighted.length == 0 ? "no_weighted_volume" : "weighted_signal_lost_in_noise";
        findings.putOr("dti_eddy_shift", mean(shift, weighted), unseen);
        findings.putOr("dti_eddy_shift_b0", b0.length < 2 ? Double.NaN : mean(shift, b0), "fewer_than_2_b0");
        int worst = -1;
        for (int t : weighted) {
            boolean further = worst < 0 || shift[t] > shift[worst];
            worst = Double.isFinite(shift[t]) && further ? t : worst;
        }
        findings.putOr("dti_eddy_worst_volume", worst < 0 ? Double.NaN : worst, unseen);
        return Optional.of(worst < 0 ? new PlaneEdges[] {phaseEdges} : new PlaneEdges[] {phaseEdges, each[worst]});
    }

    /** Whether a homogeneous region is far enough above its noise for an edge at half of its level to be that of the phantom. */
    private static boolean edgesStandOut(float[] inside) {
        double[] values = new double[inside.length];
        for (int v = 0; v < values.length; v++) {
            values[v] = inside[v];
        }
        return Statistics.mean(values) >= LEAST_SNR_OF_EDGES * Statistics.madn(values);
    }

    /** Over the volumes with a value in the time course. */
    private static double mean(double[] course, int[] volumes) {
        return Arrays.stream(volumes)
                .mapToDouble(t -> course[t])
                .filter(Double::isFinite)
                .average()
                .orElse(Double.NaN);
    }

    private static Optional<NyquistStrips> nyquist(ScanData scan, DtiRegion region, int[] b0, Findings findings) {
        int phase = scan.axes().phase();
        if (phase != region.sphere().plane()[0] && phase != region.sphere().plane()[1]) {
            findings.unknown("dti_nyquist_ratio", "phase_encoding_axis_unknown");
            return Optional.empty();
        }
        NyquistStrips strips = NyquistStrips.of(scan.grid(), region.sphere(), phase);
        if (!strips.roomy() || b0.length == 0) {
            findings.unknown("dti_nyquist_ratio", b0.length == 0 ? "no_b0" : "no_room_beside_the_phantom");
            return Optional.empty();
        }
        double ratio = Arrays.stream(b0)
                .mapToDouble(t -> strips.ratio(scan.series(), t, region))
                .average()
                .orElse(Double.NaN);
        findings.putOr("dti_nyquist_ratio", ratio, "background_zeroed");
        return Optional.of(strips);
    }

    private static Optional<float[]> anisotropy(
            ScanData scan, DtiRegion region, GradientTable table, Findings findings) {
        float[] fa = Anisotropy.of(scan.series(), region.mask(), scan.axes().slice(), table);
        double[] known = fa == null ? new double[0] : finite(fa);
        if (fa == null || known.length < 2) {
            findings.unknown(FA, fa == null ? "no_b0_or_fewer_than_6_directions" : "tensor_failed");
            return Optional.empty();
        }
        findings.put("dti_fa_mean", Statistics.mean(known), region.mask().id(), known.length);
        findings.put("dti_fa_sd", Statistics.sd(known, 1), region.mask().id(), known.length);
        return Optional.of(fa);
    }

    private static double[] finite(float[] x) {
        double[] out = new double[x.length];
        int n = 0;
        for (float v : x) {
            if (Float.isFinite(v)) {
                out[n++] = v;
            }
        }
        return Arrays.copyOf(out, n);
    }
}
