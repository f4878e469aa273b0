package org.datman.metrics.trend;

import java.util.Map;
import java.util.Set;

/** The metrics that are monitored long-term: those that depend on the scanner, and few, since each can raise a false alarm. */
public final class TrendMetrics {

    private static final Map<String, Set<String>> BY_KIND = Map.of(
            "bold", Set.of("tsnr", "fwhm_avg", "ghost_pe"),
            "dwi", Set.of("ndc", "snr_b0", "fwhm_avg"),
            "anat", Set.of("snr_core", "efc", "fwhm_avg"),
            "fbirn",
                    Set.of(
                            "fbirn_mean",
                            "fbirn_snr",
                            "fbirn_sfnr",
                            "fbirn_fluct_pct",
                            "fbirn_drift_pct",
                            "fbirn_rdc",
                            "fbirn_ghost_mean"),
            "acr", Set.of("acr_piu", "acr_psg", "acr_snr", "acr_length_x", "acr_length_y", "acr_slice_thickness"),
            "adni",
                    Set.of(
                            "adni_distance_error_mean",
                            "adni_gradient_r_pct",
                            "adni_gradient_a_pct",
                            "adni_gradient_s_pct",
                            "phantom_piu",
                            "phantom_snr"),
            "dti-phantom",
                    Set.of(
                            "dti_snr_b0",
                            "dti_snr_dwi",
                            "dti_adc",
                            "dti_eddy_shift",
                            "dti_nyquist_ratio",
                            "dti_fa_mean"));

    private TrendMetrics() {}

    /** Whether a metric of a kind of series is monitored. */
    public static boolean is(String kind, String metric) {
        return BY_KIND.getOrDefault(kind, Set.of()).contains(metric);
    }
}
