package org.datman.metrics.verdict;

import java.util.Map;
import java.util.TreeMap;

/** Limits that apply until a study sets its own: qc specification, section G. */
final class DefaultLimits {

    /** Shortened for runs that are meant to be short: see {@link VerdictRules}. */
    static final Limit MINUTES_CLEAN = Limit.flagBelow(5);

    private DefaultLimits() {}

    private static final Map<String, Map<String, Limit>> ALL = all();

    /** Limits of a kind; empty for a kind without limits. */
    static Map<String, Limit> of(String kind) {
        return ALL.getOrDefault(kind, Map.of());
    }

    static Map<String, Map<String, Limit>> all() {
        Map<String, Map<String, Limit>> all = new TreeMap<>();
        all.put(
                "bold",
                Map.of(
                        "fd_power_mean", Limit.above(0.3, 0.5),
                        "minutes_clean", MINUTES_CLEAN,
                        "spikes_fft_per_1000", Limit.flagAbove(0.5),
                        "ghost_pe", Limit.above(0.05, 0.1),
                        "global_drift_pct", new Limit(-2.5, null, 2.5, null),
                        "nonfinite_ppm", Limit.above(0, 1000)));
        all.put(
                "dwi",
                Map.of(
                        "pct_bad_slices", Limit.flagAbove(2),
                        "bad_slices_max", Limit.flagAbove(3),
                        "ndc", Limit.flagBelow(0.4),
                        "fd_b0_max", Limit.flagAbove(3),
                        "spikes_fft_per_1000", Limit.flagAbove(2),
                        "nonfinite_ppm", Limit.above(0, 1000)));
        all.put(
                "anat",
                Map.of(
                        "qi1", Limit.flagAbove(0.01),
                        "wrap_fraction", Limit.warnAbove(0.02),
                        "zipper_score", Limit.warnAbove(15),
                        "nonfinite_ppm", Limit.above(0, 1000)));
        all.put(
                "fbirn",
                Map.of(
                        "fbirn_fluct_pct", Limit.above(0.1, 0.15),
                        "fbirn_drift_pct", Limit.above(1, 2),
                        "fbirn_rdc", new Limit(4.0, 2.5, null, null),
                        "fbirn_ghost_mean", Limit.flagAbove(0.03),
                        "ghost_pe", Limit.flagAbove(0.03),
                        "spikes_fft_per_1000", Limit.flagAbove(0.5),
                        "nonfinite_ppm", Limit.above(0, 1000)));
        all.put("adni", Map.of("adni_spheres_num", Limit.flagBelow(5), "nonfinite_ppm", Limit.above(0, 1000)));
        // All other numbers of a DTI phantom depend on protocol and coil: their own history evaluates them.
        all.put(
                "dti-phantom",
                Map.of(
                        "ghost_pe", Limit.flagAbove(0.03),
                        "nonfinite_ppm", Limit.above(0, 1000)));
        // The limits of the ACR's guide for 3 T; at 1.5 T it requires 87.5 % uniformity.
        all.put(
                "acr",
                Map.of(
                        "acr_piu", new Limit(82.0, null, null, null),
                        "acr_psg", Limit.flagAbove(2.5),
                        "acr_length_x", new Limit(187.0, null, 193.0, null),
                        "acr_length_y", new Limit(187.0, null, 193.0, null),
                        "acr_slice_thickness", new Limit(4.3, null, 5.7, null),
                        "nonfinite_ppm", Limit.above(0, 1000)));
        return all;
    }
}
