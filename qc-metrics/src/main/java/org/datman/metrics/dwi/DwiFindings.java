package org.datman.metrics.dwi;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.datman.analysis.image.Series;
import org.datman.analysis.image.Volume;
import org.datman.analysis.motion.Displacement;
import org.datman.analysis.noise.MpPca;
import org.datman.analysis.noise.Piesno;
import org.datman.analysis.spike.KSpaceSpikes;
import org.datman.analysis.stats.Statistics;
import org.datman.contracts.study.Severity;
import org.datman.metrics.common.Background;
import org.datman.metrics.common.SpikeFindings;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.model.Findings;
import org.datman.plots.report.Flag;
import org.datman.plots.report.Metric;
import org.jspecify.annotations.Nullable;

/** Converts the measurements of a diffusion series to metrics, time courses and flags. */
final class DwiFindings {

    private static final double WRONG_TABLE_RATIO = 1.1;
    private static final double RAISED_FD_MM = 3;
    private static final List<String> DROPOUTS =
            List.of("n_bad_slices", "pct_bad_slices", "n_warn_slices", "n_dropout_events", "worst_volume");
    private static final List<String> TENSOR = List.of(
            "fa_nans_ppm",
            "fa_degenerate_ppm",
            "neg_eig_ppm",
            "md_median",
            "md_p05",
            "md_p95",
            "fibre_coherence_ratio");

    private DwiFindings() {}

    /** All metrics that need directions. */
    static void noDirections(Findings findings, String reason) {
        findings.unknown(TENSOR, reason);
        findings.unknown(CallosumSnr.KEYS, reason);
        findings.unknown(
                List.of(
                        "ndc",
                        "ndc_min",
                        "cnr_shell",
                        "gradient_condition",
                        "gradient_evenness",
                        "duplicate_directions"),
                reason);
    }

    static void noBrain(Findings findings) {
        findings.unknown(
                List.of(
                        "n_bad_slices",
                        "pct_bad_slices",
                        "n_dropout_events",
                        "worst_volume",
                        "n_volume_outliers",
                        "ndc",
                        "snr_b0",
                        "b0_drift_pct",
                        "sigma_piesno",
                        "sigma_mppca",
                        "fd_b0",
                        "fd_dwi",
                        "snr_cc_b0",
                        "snr_cc_worst",
                        "snr_cc_best"),
                "no_brain_found");
    }

    static void table(GradientTable table, Shells shells, Findings findings) {
        int[] weighted = shells.weighted();
        findings.put("duplicate_directions", TableChecks.duplicates(table, shells));
        double condition = TensorFit.conditionNumber(table.bvecs(), weighted);
        findings.putOr("gradient_condition", condition, "too_few_directions");
        double evenness = Double.POSITIVE_INFINITY;
        for (int b : shells.values()) {
            double e = b > 0 ? TableChecks.evenness(table, shells.volumes(b)) : Double.NaN;
            evenness = Double.isNaN(e) ? evenness : Math.min(evenness, e);
        }
        findings.putOr("gradient_evenness", evenness, "too_few_directions");
    }

    static void motion(DwiMotion motion, Shells shells, Findings findings) {
        double[][] rows = new double[motion.course().length][];
        Arrays.setAll(rows, v -> motion.course()[v].parameters());
        findings.course("motion", rows);
        double[] fd = Displacement.power(motion.course());
        findings.course("fd_dwi", fd);
        findings.summary("fd_dwi", fd, null);
        findings.put(
                "abs_disp_max",
                Arrays.stream(Displacement.absolute(motion.course())).max().orElse(0));
        if (motion.betweenB0() == null) {
            findings.unknown("fd_b0", "fewer_than_2_b0");
            return;
        }
        double[] slow = Displacement.power(motion.betweenB0());
        findings.course("fd_b0", slow);
        findings.summary("fd_b0", slow, null);
        double[] away = Displacement.absolute(motion.betweenB0());
        for (int v : shells.volumes(0)) {
            if (away[v] > RAISED_FD_MM) {
                findings.flag(
                        new Flag("motion", null, v, Severity.WARN, Map.of("displacement_mm", away[v], "from", "b0")));
            }
        }
    }

    static void dropouts(
            SliceDropoutDetector.Result result,
            Shells shells,
            int multiband,
            BrainMask brain,
            boolean shellsKnown,
            Findings findings) {
        int volumes = shells.b().length;
        if (!shellsKnown) {
            findings.unknown(DROPOUTS, "no_gradient_table");
            return;
        }
        if (result.tested() == 0) {
            String reason = volumes < 3 ? "fewer_than_3_volumes" : "too_few_slices_or_volumes_per_shell";
            findings.unknown(DROPOUTS, reason);
            return;
        }
        double[] bad = new double[volumes];
        int warned = 0;
        for (LostSlice l : result.lost()) {
            bad[l.volume()] += l.severity() == Severity.FLAG ? 1 : 0;
            warned += l.severity() == Severity.WARN ? 1 : 0;
        }
        int total = (int) Arrays.stream(bad).sum();
        findings.course("bad_slices", bad);
        findings.put("n_bad_slices", total, brain.mask());
        findings.put("pct_bad_slices", 100.0 * total / result.tested(), brain.mask());
        findings.put("n_warn_slices", warned, brain.mask());
        findings.put("bad_slices_max", Arrays.stream(bad).max().orElse(0));
        if (total == 0) {
            findings.unknown("worst_volume", "no_bad_slices");
        } else {
            findings.put(
                    "worst_volume",
                    IntStream.range(0, volumes).reduce(0, (worst, v) -> bad[v] > bad[worst] ? v : worst));
        }
        List<SliceGroups.Event> events = SliceGroups.of(result.lost(), result.lossPercent().length, multiband);
        findings.put("n_dropout_events", events.size());
        Map<Long, SliceGroups.Event> groupOf = new TreeMap<>();
        for (SliceGroups.Event event : events) {
            if (event.slices().size() > 1) {
                event.slices().forEach(z -> groupOf.put(((long) event.volume() << 32) | z, event));
                findings.flag(
                        new Flag(event.kind(), null, event.volume(), Severity.FLAG, Map.of("slices", event.slices())));
            }
        }
        for (LostSlice l : result.lost()) {
            Map<String, Object> evidence = new TreeMap<>();
            evidence.put("loss_percent", l.lossPercent());
            evidence.put("z", l.z());
            evidence.put("region", l.region());
            evidence.put("test", l.test());
            evidence.put("b", shells.b()[l.volume()]);
            if (brain.lowQuality()) {
                evidence.put("mask_quality", "low");
            }
            SliceGroups.Event group = groupOf.get(((long) l.volume() << 32) | l.slice());
            if (group != null) {
                evidence.put("group", group.kind());
            }
            findings.flag(new Flag("slice-dropout", l.slice(), l.volume(), l.severity(), evidence));
        }
        double[] zigzag = Interleave.of(result.lossPercent(), shells).z();
        findings.course("interleave_zigzag", zigzag);
        double[] known =
                Arrays.stream(zigzag).filter(Double::isFinite).map(Math::abs).toArray();
        findings.putOr("interleave_zigzag", Arrays.stream(known).max().orElse(Double.NaN), "too_few_volumes_or_slices");
    }

    static void volumes(
            VolumeOutliers outliers, Shells shells, BrainMask brain, boolean shellsKnown, Findings findings) {
        if (!shellsKnown) {
            findings.unknown(List.of("n_volume_outliers", "b0_drift_pct"), "no_gradient_table");
            return;
        }
        findings.course("volume_z", outliers.z());
        int n = 0;
        for (int v = 0; v < outliers.z().length; v++) {
            Severity severity = outliers.severity(v);
            if (severity != null) {
                n++;
                findings.flag(new Flag(
                        "volume-outlier",
                        null,
                        v,
                        severity,
                        Map.of(
                                "z", outliers.z()[v],
                                "change_percent", outliers.changePercent()[v],
                                "b", shells.b()[v])));
            }
        }
        boolean any = Arrays.stream(outliers.z()).anyMatch(Double::isFinite);
        findings.putOr("n_volume_outliers", any ? n : Double.NaN, brain.mask(), "fewer_than_5_volumes_per_shell");
        double drift = BzeroDrift.percentPer100(outliers.median(), shells.volumes(0));
        findings.putOr("b0_drift_pct", drift, brain.mask(), "b0_volumes_too_few_or_too_close");
    }

    static void correlation(NeighbourCorrelation ndc, BrainMask brain, Findings findings) {
        findings.course("ndc", ndc.perVolume());
        findings.putOr("ndc", ndc.mean(), brain.mask(), "fewer_than_2_weighted_volumes");
        double least =
                Arrays.stream(ndc.perVolume()).filter(Double::isFinite).min().orElse(Double.NaN);
        findings.putOr("ndc_min", least, brain.mask(), "fewer_than_2_weighted_volumes");
    }

    /** The tensor, where one can be fitted. */
    static Optional<TensorFit> tensor(
            MaskedData data, GradientTable table, Shells shells, BrainMask brain, Findings findings) {
        contrast(data, table, shells, brain, findings);
        int[] volumes = TensorFit.volumes(shells);
        int[] weighted = Arrays.stream(volumes).filter(v -> shells.b()[v] > 0).toArray();
        boolean finite = Arrays.stream(volumes)
                .allMatch(v -> Double.isFinite(table.bvals()[v])
                        && (shells.b()[v] == 0
                                || Double.isFinite(
                                        Arrays.stream(table.bvecs()[v]).sum())));
        if (weighted.length == volumes.length && shells.values().length < 2) {
            findings.unknown(TENSOR, "no_b0");
            return Optional.empty();
        }
        if (!finite || TensorFit.conditionNumber(table.bvecs(), weighted) > 1e3) {
            findings.unknown(TENSOR, weighted.length < 6 ? "fewer_than_6_directions" : "directions_do_not_span");
            return Optional.empty();
        }
        TensorFit tensor = TensorFit.of(data, table, shells, volumes);
        findings.put("fa_nans_ppm", 1e6 * tensor.failed() / data.voxels(), brain.mask());
        findings.put("neg_eig_ppm", 1e6 * tensor.negative() / data.voxels(), brain.mask());
        findings.put("fa_degenerate_ppm", 1e6 * tensor.degenerate() / data.voxels(), brain.mask());
        findings.putOr("md_median", 1e3 * tensor.mdMedian(), brain.mask(), "tensor_failed");
        findings.putOr("md_p05", 1e3 * tensor.mdQuantile(0.05), brain.mask(), "tensor_failed");
        findings.putOr("md_p95", 1e3 * tensor.mdQuantile(0.95), brain.mask(), "tensor_failed");
        FibreCoherence coherence = weighted.length < 12 ? null : FibreCoherence.of(data, tensor);
        if (coherence == null) {
            findings.unknown(
                    "fibre_coherence_ratio",
                    weighted.length < 12 ? "fewer_than_12_directions" : "too_little_white_matter");
            return Optional.of(tensor);
        }
        findings.putOr("fibre_coherence_ratio", coherence.ratio(), brain.mask(), "no_coherent_fibres");
        if (coherence.ratio() > WRONG_TABLE_RATIO) {
            findings.flag(TableChecks.flag(
                    Severity.FLAG,
                    null,
                    "orientation",
                    Map.of("fits_better", coherence.best(), "coherence_ratio", coherence.ratio())));
        }
        return Optional.of(tensor);
    }

    private static void contrast(
            MaskedData data, GradientTable table, Shells shells, BrainMask brain, Findings findings) {
        double[] perVolume = new double[shells.b().length];
        Arrays.fill(perVolume, Double.NaN);
        double least = Double.POSITIVE_INFINITY;
        for (int b : shells.values()) {
            int[] members = shells.volumes(b);
            boolean unit = Arrays.stream(members)
                    .allMatch(v -> Math.abs(Math.hypot(
                                            Math.hypot(table.bvecs()[v][0], table.bvecs()[v][1]), table.bvecs()[v][2])
                                    - 1)
                            < 0.1);
            double cnr = b > 0 && unit ? ShellContrast.of(data, table.bvecs(), members) : Double.NaN;
            for (int v : members) {
                perVolume[v] = cnr;
            }
            least = Double.isFinite(cnr) ? Math.min(least, cnr) : least;
        }
        findings.course("cnr_shell", perVolume);
        findings.putOr("cnr_shell", least, brain.mask(), "too_few_directions_per_shell");
    }

    static void noise(
            Series series,
            MaskedData data,
            Shells shells,
            Volume meanB0,
            BrainMask brain,
            int coils,
            Findings findings) {
        double sigma = piesno(series, coils, findings);
        double redundant = MpPca.of(data.grid(), data.voxel(), data.values()).sigma();
        String why = data.volumes() < MpPca.MIN_VOLUMES ? "fewer_than_12_volumes" : "too_few_patches_in_brain";
        findings.putOr("sigma_mppca", redundant, brain.mask(), why);
        if (realValued(findings)) {
            findings.unknown("snr_b0", Background.REAL_VALUED);
            return;
        }
        double base = Double.isFinite(sigma) ? sigma : redundant;
        boolean b0 = shells.volumes(0).length > 0;
        double median = Statistics.median(brain.mask().values(meanB0.data()));
        findings.putOr(
                "snr_b0", b0 && base > 0 ? median / base : Double.NaN, brain.mask(), b0 ? "sigma_unknown" : "no_b0");
    }

    /** Whether the noise has both signs, as the background shows. */
    static boolean realValued(Findings findings) {
        Metric background = findings.metrics().get("sigma_bg");
        return background != null && Background.REAL_VALUED.equals(background.reason());
    }

    /** Sigma from pure noise; NaN, with the reason in the findings, where there is none. */
    private static double piesno(Series series, int coils, Findings findings) {
        Metric background = findings.metrics().get("sigma_bg");
        String reason = series.volumes() < 4 ? "fewer_than_4_volumes" : null;
        if (background != null && "background_zeroed".equals(background.reason())) {
            reason = "background_zeroed";
        }
        if (realValued(findings)) {
            reason = Background.REAL_VALUED;
        }
        if (reason == null) {
            Piesno piesno = Piesno.of(series, coils);
            if (Double.isFinite(piesno.sigma())) {
                findings.put("sigma_piesno", piesno.sigma(), "piesno_noise", piesno.voxels());
                return piesno.sigma();
            }
            reason = "no_background_noise";
        }
        findings.unknown("sigma_piesno", reason);
        return Double.NaN;
    }

    /** Spikes in k-space; none when they could not be tested. */
    static Optional<KSpaceSpikes> spikes(
            ScanData scan, @Nullable GradientTable table, Shells shells, Findings findings) {
        List<String> keys = SpikeFindings.KEYS;
        if (scan.axes().slice() != 2) {
            findings.unknown(keys, "slices_not_along_k");
            return Optional.empty();
        }
        int[][] others = table == null ? new int[0][] : likeVolumes(table, shells);
        if (Arrays.stream(others).allMatch(Objects::isNull)) {
            findings.unknown(keys, table == null ? "no_gradient_table" : "fewer_than_3_like_volumes");
            return Optional.empty();
        }
        KSpaceSpikes found = KSpaceSpikes.ofLike(scan.series(), others);
        SpikeFindings.put(found, findings);
        return Optional.of(found);
    }

    /** Per volume the two of its shell that are nearest in direction (in time for unweighted ones), or null. */
    private static int[][] likeVolumes(GradientTable table, Shells shells) {
        int[][] others = new int[shells.b().length][];
        boolean directed = table.bvecs().length == others.length;
        for (int v = 0; v < others.length; v++) {
            int[] shell = shells.volumes(shells.b()[v]);
            if (shell.length < 3) {
                continue;
            }
            int self = v;
            boolean byDirection = directed && shells.b()[v] > 0;
            others[v] = Arrays.stream(shell)
                    .filter(o -> o != self)
                    .boxed()
                    .sorted((a, b) -> {
                        int near = Double.compare(
                                distance(table, byDirection, self, a), distance(table, byDirection, self, b));
                        return near != 0 ? near : Integer.compare(a, b);
                    })
                    .limit(2)
                    .mapToInt(o -> o)
                    .toArray();
        }
        return others;
    }

    private static double distance(GradientTable table, boolean byDirection, int a, int b) {
        if (!byDirection) {
            return Math.abs(a - b);
        }
        double[] g = table.bvecs()[a];
        double[] h = table.bvecs()[b];
        double dot = Math.abs(g[0] * h[0] + g[1] * h[1] + g[2] * h[2]);
        return Double.isNaN(dot) ? 2 : 1 - dot;
    }
}
