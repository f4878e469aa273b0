package org.datman.metrics.verdict;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.plots.report.Flag;

/** Display names of metrics and flags. */
public final class MetricLabels {

    private static final Map<String, String> METRICS = Map.ofEntries(
            Map.entry("fd_power_mean", "mean head motion (framewise displacement)"),
            Map.entry("minutes_clean", "time without head motion"),
            Map.entry("spikes_fft_per_1000", "number of k-space spikes per 1000 slices"),
            Map.entry("ghost_pe", "ghost along phase encoding (fraction of the signal)"),
            Map.entry("global_drift_pct", "drift of the whole signal over the run"),
            Map.entry("nonfinite_ppm", "fraction of voxels that are not numbers"),
            Map.entry("qi1", "fraction of air with structured artefact"),
            Map.entry("wrap_fraction", "part of the field of view where the head wraps around"),
            Map.entry("zipper_score", "strength of a line of RF noise in the background"),
            Map.entry("tsnr", "temporal SNR"),
            Map.entry("snr_core", "SNR"),
            Map.entry("efc", "entropy of the image (blur, motion)"),
            Map.entry("fwhm_avg", "smoothness (FWHM)"),
            Map.entry("snr_b0", "SNR of the b=0 volumes"),
            Map.entry("fbirn_sfnr", "SFNR of the phantom"),
            Map.entry("fbirn_snr", "SNR of the phantom"),
            Map.entry("fbirn_mean", "mean signal of the phantom"),
            Map.entry("acr_snr", "SNR of the ACR phantom"),
            Map.entry("pct_bad_slices", "share of diffusion slices with lost signal"),
            Map.entry("n_bad_slices", "number of diffusion slices with lost signal"),
            Map.entry("ndc", "correlation of neighbouring diffusion directions"),
            Map.entry("fbirn_fluct_pct", "fluctuation of the phantom's signal"),
            Map.entry("fbirn_drift_pct", "drift of the phantom's signal"),
            Map.entry("fbirn_rdc", "radius of decorrelation (smaller: less stable scanner)"),
            Map.entry("fbirn_ghost_mean", "ghost of the phantom (fraction of the signal)"),
            Map.entry("adni_spheres_num", "number of balls found in the phantom"),
            Map.entry("acr_piu", "uniformity of the ACR phantom"),
            Map.entry("acr_psg", "ghosting of the ACR phantom"),
            Map.entry("acr_length_x", "length of the ACR phantom along the first axis"),
            Map.entry("acr_length_y", "length of the ACR phantom along the second axis"),
            Map.entry("acr_slice_thickness", "slice thickness measured in the ACR phantom"),
            Map.entry("fd_b0_max", "largest head motion between b=0 volumes"));

    private static final Map<String, String> FLAGS = Map.ofEntries(
            Map.entry("motion", "head moved by more than 0.5 mm between volumes"),
            Map.entry("slice-dropout", "signal lost in slices"),
            Map.entry("slice-spike", "brightness of single slices jumps"),
            Map.entry("kspace-spike", "spikes in k-space"),
            Map.entry(
                    "kspace-shared",
                    "the same spike of k-space in neighbouring slices (interference that lasts longer than a slice?)"),
            Map.entry("volume-outlier", "volumes with unusual brightness"),
            Map.entry("zipper", "line of RF noise in the background"),
            Map.entry("gradient-table", "gradient table is wrong"),
            Map.entry("volume-count", "more volumes than the protocol asks for"),
            Map.entry("fov", "head is cut off by the field of view"),
            Map.entry(
                    "local-snr-loss",
                    "a part of the object has lost signal to noise against earlier sessions (an element of the coil?)"),
            Map.entry(
                    "radial-correlation",
                    "a whole region goes up and down together over time (an element of the coil?)"),
            Map.entry("sidecar", "the sidecar has a fault"),
            Map.entry("repetition-time", "the sources of the repetition time contradict each other"),
            Map.entry("orientation", "the orientation is unknown"),
            Map.entry("empty-volume", "volumes without an image (all voxels have the same value)"),
            Map.entry("odd-volume", "volumes of another scale than the rest of the run"),
            Map.entry(
                    "mixed-scale",
                    "more than a fifth of the volumes are of another scale than the rest (more than one contrast in one run?)"),
            Map.entry("repeated-volume", "volumes that repeat another one exactly"),
            Map.entry("no-brain", "no brain of a person's size was found; is this a head?"),
            Map.entry("earlier-session", "an earlier session could not be compared with"));

    /** Flags whose evidence is a sentence. */
    private static final Set<String> REMARKS = Set.of("sidecar", "repetition-time", "orientation");

    private MetricLabels() {}

    /** Display name of a metric. */
    public static String metric(String key) {
        return METRICS.getOrDefault(key, key + " (" + MetricCatalogue.get(key).meaning() + ")");
    }

    static String flag(String kind, List<Flag> flags) {
        if ("truncated".equals(kind)) {
            Map<String, Object> e = flags.get(0).evidence();
            return "run is truncated: " + e.get("found_volumes") + " of " + e.get("expected_volumes") + " volumes";
        }
        String name = FLAGS.getOrDefault(kind, kind);
        if (REMARKS.contains(kind)) {
            return name + ": "
                    + flags.stream()
                            .map(flag -> String.valueOf(flag.evidence().get("problem")))
                            .collect(Collectors.joining("; "));
        }
        String most = worstLoss(flags);
        return (flags.size() == 1 ? name : name + ", " + flags.size() + " times") + most;
    }

    /** The largest loss of signal, where flags contain it. */
    private static String worstLoss(List<Flag> flags) {
        double most = flags.stream()
                .map(flag -> flag.evidence().get("loss_percent"))
                .filter(Number.class::isInstance)
                .mapToDouble(loss -> ((Number) loss).doubleValue())
                .max()
                .orElse(Double.NaN);
        return Double.isNaN(most)
                ? ""
                : String.format(Locale.ROOT, ", %s%.0f %%", flags.size() == 1 ? "" : "up to ", most);
    }
}
