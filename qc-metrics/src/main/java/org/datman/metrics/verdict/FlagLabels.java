package org.datman.metrics.verdict;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.plots.report.Flag;

/** Display names of flags. */
final class FlagLabels {

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

    /** Flags whose evidence is a text. */
    private static final Set<String> REMARKS = Set.of("sidecar", "repetition-time", "orientation");

    private FlagLabels() {}

    static String of(String kind, List<Flag> flags) {
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
