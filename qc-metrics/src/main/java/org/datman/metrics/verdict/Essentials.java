package org.datman.metrics.verdict;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.model.Findings;
import org.datman.plots.report.Metric;
import org.jspecify.annotations.Nullable;

/** The essential metrics of a kind: where none of them is known, the series was not measured, however many other numbers there are. */
final class Essentials {

    private static final Map<QcKind, List<String>> OF = Map.of(
            QcKind.BOLD, List.of("tsnr", "fd_power"),
            QcKind.DWI, List.of("pct_bad_slices", "ndc", "md_median"),
            QcKind.ANAT, List.of("snr_core", "snr_total", "cnr", "cjv"),
            QcKind.FBIRN, List.of("fbirn_sfnr", "fbirn_fluct_pct", "fbirn_drift_pct"),
            QcKind.ACR,
                    List.of(
                            "acr_piu",
                            "acr_length_x",
                            "acr_slice_thickness",
                            "acr_position_1",
                            "acr_lcod",
                            "acr_height"),
            QcKind.ADNI, List.of("adni_spheres_num"),
            QcKind.DTI_PHANTOM, List.of("dti_snr_b0", "dti_adc", "dti_fa_mean", "dti_b0_distortion"),
            QcKind.OTHER, List.of("efc", "sigma_img", "phase_coherent"));

    private Essentials() {}

    /** Why none of the kind's essential metrics is known, as text; null when some are. An image of angles is measured as such. */
    static @Nullable String nothing(QcKind kind, Findings findings) {
        List<String> keys = OF.getOrDefault(kind, List.of());
        boolean known = findings.value("phase_coherent") != null
                || keys.isEmpty()
                || keys.stream().anyMatch(key -> findings.value(key) != null);
        if (known) {
            return null;
        }
        TreeSet<String> reasons = new TreeSet<>();
        keys.forEach(key -> reasons.add(why(key, findings)));
        reasons.remove(NOT_ASKED);
        return "nothing of what " + kind + " is measured for could be measured: "
                + (reasons.isEmpty() ? NOT_ASKED : String.join(", ", reasons));
    }

    private static final String NOT_ASKED = "not measured";

    /** Whether every number that only this kind has is unknown. */
    static boolean allNull(QcKind kind, Findings findings) {
        return MetricCatalogue.keysOf(kind).stream()
                .filter(key -> MetricCatalogue.get(key).kinds().equals(Set.of(kind)))
                .allMatch(key -> findings.value(key) == null);
    }

    /** Reasons of numbers that this image is not meant to have. */
    private static final Set<String> NOT_MEANT = Set.of(
            "not_a_localizer", "no_phase_image", "phase_image", "no_multiband", "no_bad_slices", "no_further_peak");

    /** Whether a number was expected and could not be computed. */
    static boolean missed(String key, Findings findings) {
        Metric metric = findings.metrics().get(key);
        return metric != null && metric.value() == null && !NOT_MEANT.contains(metric.reason());
    }

    /** The reason of a metric without a value, as text. */
    static String why(String key, Findings findings) {
        return findings.reason(key, NOT_ASKED).replace('_', ' ');
    }
}
