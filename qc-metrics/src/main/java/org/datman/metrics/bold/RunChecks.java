package org.datman.metrics.bold;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.noise.RadialCorrelation;
import org.datman.analysis.spike.KSpaceSpikes;
import org.datman.analysis.stats.Statistics;
import org.datman.analysis.timeseries.PrincipalComponents;
import org.datman.contracts.study.Severity;
import org.datman.metrics.common.Background;
import org.datman.metrics.common.SpikeFindings;
import org.datman.metrics.input.ScanData;
import org.datman.metrics.model.Findings;
import org.datman.plots.report.Flag;
import org.jspecify.annotations.Nullable;

/** Checks for any EPI run, of a head or of a phantom: truncation, ghost, drift, spikes. Each adds metrics and flags. */
public final class RunChecks {

    private static final double RADIAL_PERCENT = 2;

    private RunChecks() {}

    /**
     * Ghost along the phase-encoding axis: ghost_pe, its time course and its shift, flagged above the limit, damaged above twice the limit.
     *
     * @param automask bright part of the object
     * @param object all of it
     * @param limit fraction of the signal above which there is a flag
     */
    public static void ghost(
            ScanData scan, Mask automask, Mask object, Background air, double limit, Findings findings) {
        Double factor = scan.sidecar().number("ParallelReductionFactorInPlane");
        Ghost.Result ghost = Ghost.measure(
                scan.series(),
                automask,
                object,
                scan.axes().phase(),
                factor == null ? 1 : factor,
                "background_zeroed".equals(air.reason()));
        if (ghost.reason() != null) {
            findings.unknown(List.of("ghost_pe", "ghost_pe_shift"), ghost.reason());
            return;
        }
        findings.put("ghost_pe", ghost.ratio(), "ghost", ghost.region());
        findings.put("ghost_pe_shift", ghost.shift());
        findings.course("ghost_pe", ghost.perVolume());
        findings.put("ghost_pe_max", Arrays.stream(ghost.perVolume()).max().orElse(0));
        if (ghost.ratio() > limit) {
            findings.flag(new Flag(
                    "ghost",
                    null,
                    null,
                    ghost.ratio() > 2 * limit ? Severity.FLAG : Severity.WARN,
                    Map.of(
                            "ratio",
                            ghost.ratio(),
                            "shift_voxels",
                            ghost.shift(),
                            "axis",
                            scan.axes().phaseName())));
        }
    }

    /** Share of voxels that go with their wide surroundings, flagged where a whole region does; none with too few volumes. */
    static Optional<RadialCorrelation> radialCorrelation(ScanData scan, Mask object, int start, Findings findings) {
        RadialCorrelation radial = RadialCorrelation.of(scan.series(), object, start);
        if (radial == null) {
            findings.unknown("radial_corr", "fewer_than_" + RadialCorrelation.FEWEST_VOLUMES + "_volumes");
            return Optional.empty();
        }
        findings.put("radial_corr", radial.percent(), object);
        if (radial.percent() >= RADIAL_PERCENT) {
            findings.flag(new Flag(
                    "radial-correlation",
                    null,
                    null,
                    Severity.WARN,
                    Map.of("percent", radial.percent(), "limit_percent", RADIAL_PERCENT)));
        }
        return Optional.of(radial);
    }

    /**
     * Adds the share of variance of each principal component of some voxels' time series, and their courses over all volumes.
     *
     * @param start first volume in steady state; courses are NaN before it
     * @param rows [voxel][volume from {@code start} on]
     * @param keys metrics of the shares, first component first
     * @param courses key of the time courses
     */
    public static PrincipalComponents components(
            ScanData scan,
            int start,
            float[][] rows,
            List<String> keys,
            String courses,
            Mask object,
            Findings findings) {
        PrincipalComponents found = PrincipalComponents.of(scan.series(), start, rows);
        double[][] course = new double[scan.volumes()][found.course().length];
        for (int c = 0; c < found.course().length; c++) {
            findings.put(keys.get(c), found.percent()[c], object);
            for (int t = 0; t < course.length; t++) {
                course[t][c] = t < start ? Double.NaN : found.course()[c][t - start];
            }
        }
        findings.course(courses, course);
        return found;
    }

    /** Robust linear drift of the mask's mean over the steady part of the run, flagged beyond the limit either way. */
    public static void drift(Temporal temporal, int start, double limitPct, Findings findings) {
        double[] steady = Arrays.copyOfRange(temporal.global, start, temporal.global.length);
        double drift = 100 * Statistics.slope(steady) * (steady.length - 1) / Statistics.median(steady);
        findings.course("global_signal", temporal.global);
        findings.put("global_drift_pct", drift);
        if (Math.abs(drift) > limitPct) {
            findings.flag(
                    new Flag("drift", null, null, Severity.WARN, Map.of("drift_pct", drift, "limit_pct", limitPct)));
        }
    }

    /**
     * Slices whose brightness jumps.
     *
     * @param fd framewise displacement per volume in mm, or null when nothing can move or motion is unknown
     */
    public static void sliceSpikes(Temporal temporal, int start, double @Nullable [] fd, Findings findings) {
        double[][] anomalies = Jackknife.ofSlices(temporal.sliceZ);
        double[] ajkz = Jackknife.worst(anomalies);
        double[] known = Arrays.stream(ajkz).filter(Double::isFinite).toArray();
        if (known.length == 0) {
            findings.unknown("ajkz", "too_few_slices");
        } else {
            findings.course("ajkz", ajkz);
            findings.put("ajkz", Arrays.stream(known).max().orElse(0));
            findings.put(
                    "ajkz_num",
                    Arrays.stream(known).filter(v -> v > Jackknife.LIMIT).count());
        }
        long usable = Arrays.stream(temporal.sliceMean)
                .filter(row -> Double.isFinite(row[row.length - 1]))
                .count();
        if (usable < 3) {
            findings.unknown("slice_spike_num", "too_few_slices");
            return;
        }
        List<SliceSpikes.Spike> spikes = SliceSpikes.find(temporal.sliceMean, start, fd);
        findings.put("slice_spike_num", spikes.size());
        for (SliceSpikes.Spike s : spikes) {
            Map<String, Object> evidence = new TreeMap<>();
            evidence.put("change_pct", s.changePct());
            evidence.put("z", s.z());
            if (Double.isFinite(anomalies[s.slice()][s.volume()])) {
                evidence.put("ajkz", anomalies[s.slice()][s.volume()]);
            }
            findings.flag(
                    new Flag("slice-spike", s.slice(), s.volume(), s.flag() ? Severity.FLAG : Severity.WARN, evidence));
        }
    }

    /** Spikes in k-space, tested across slices that are stacked along k, in the steady part of the run; none when not tested. */
    public static Optional<KSpaceSpikes> kspace(ScanData scan, int start, Findings findings) {
        List<String> keys = SpikeFindings.KEYS;
        int volumes = scan.volumes();
        if (scan.axes().slice() != 2) {
            findings.unknown(keys, "slices_not_along_k");
            return Optional.empty();
        }
        int[][] others = new int[volumes][];
        for (int t = start; t < volumes && volumes - start >= 3; t++) {
            int before = t == start ? t + 2 : t - 1;
            int after = t == volumes - 1 ? t - 2 : t + 1;
            others[t] = new int[] {before, after};
        }
        KSpaceSpikes found = KSpaceSpikes.of(scan.series(), others);
        if (found.tested() == 0) {
            findings.unknown(keys, "too_few_volumes_or_voxels");
            return Optional.empty();
        }
        SpikeFindings.put(found, findings);
        SpikeFindings.flagShared(found, findings);
        return Optional.of(found);
    }
}
