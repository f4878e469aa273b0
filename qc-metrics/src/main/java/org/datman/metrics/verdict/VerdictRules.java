package org.datman.metrics.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.datman.contracts.event.QcComplete.Level;
import org.datman.contracts.metric.Limits;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.metric.QcKind;
import org.datman.contracts.study.Severity;
import org.datman.metrics.model.Findings;
import org.datman.metrics.model.MetricText;
import org.datman.plots.report.Flag;
import org.datman.plots.report.Verdict;

/** From metrics, flags and limits to a verdict with reasons that a rater understands. Pure. */
public final class VerdictRules {

    private static final int NAMED_PLACES = 5;

    private VerdictRules() {}

    /**
     * The verdict: the worst of all exceeded limits and all flags. A series without any measured metric of its kind never passes,
     * nor one with a number unknown that the study set a limit for.
     */
    public static Verdict judge(QcKind kind, Findings findings, QcConfig config) {
        Level level = Level.PASS;
        List<String> reasons = new ArrayList<>();
        String nothing = Essentials.nothing(kind, findings);
        if (nothing != null) {
            reasons.add(nothing);
            level = Essentials.allNull(kind, findings) ? Level.ERROR : Level.WARN;
        }
        for (Map.Entry<String, Limits> entry : config.of(kind).entrySet()) {
            Double value = findings.value(entry.getKey());
            boolean own = !entry.getValue().equals(MetricCatalogue.limits(kind).get(entry.getKey()));
            if (own && nothing == null && Essentials.missed(entry.getKey(), findings)) {
                reasons.add(MetricCatalogue.get(entry.getKey()).label()
                        + " has a limit of the study and could not be measured: "
                        + Essentials.why(entry.getKey(), findings));
                level = worse(level, Level.WARN);
            }
            if (value != null) {
                Limits limit = own ? entry.getValue() : effective(entry.getKey(), entry.getValue(), findings);
                Level found = against(entry.getKey(), value, limit, reasons);
                level = worse(level, found);
            }
        }
        Map<String, List<Flag>> byKind = new TreeMap<>();
        findings.flags().forEach(f -> byKind.computeIfAbsent(f.kind(), k -> new ArrayList<>())
                .add(f));
        for (Map.Entry<String, List<Flag>> entry : byKind.entrySet()) {
            Level found = ofFlags(entry.getKey(), entry.getValue(), findings);
            if (found != Level.PASS) {
                reasons.add(text(entry.getKey(), entry.getValue()));
                level = worse(level, found);
            }
        }
        return new Verdict(level, reasons);
    }

    /** A run that is meant to be short cannot have five clean minutes: for it the limit that the study did not set is 80 % of its length. */
    private static Limits effective(String key, Limits preset, Findings findings) {
        Double length = "minutes_clean".equals(key) ? findings.value("duration_min") : null;
        return length != null && 0.8 * length < preset.flagBelow().orElse(Double.NEGATIVE_INFINITY)
                ? Limits.flagBelow(0.8 * length)
                : preset;
    }

    private static Level against(String key, double value, Limits limit, List<String> reasons) {
        if (exceeds(
                key,
                value,
                limit.flagBelow().orElse(Double.NaN),
                limit.flagAbove().orElse(Double.NaN),
                reasons)) {
            return Level.FLAG;
        }
        return exceeds(
                        key,
                        value,
                        limit.warnBelow().orElse(Double.NaN),
                        limit.warnAbove().orElse(Double.NaN),
                        reasons)
                ? Level.WARN
                : Level.PASS;
    }

    /** Adds the reason when a value is beyond one of its limits; a limit that is NaN is none. */
    private static boolean exceeds(String key, double value, double low, double high, List<String> reasons) {
        boolean above = value > high;
        boolean below = value < low;
        if (above || below) {
            reasons.add(MetricCatalogue.get(key).label() + " is " + MetricText.value(key, value) + ", "
                    + (above ? "above" : "below") + " the limit of " + MetricText.value(key, above ? high : low));
        }
        return above || below;
    }

    /** The effect of a kind of flag on the verdict; counts of slices and spikes also have limits. */
    private static Level ofFlags(String kind, List<Flag> flags, Findings findings) {
        boolean flagged = flags.stream().anyMatch(f -> f.severity() == Severity.FLAG);
        return switch (kind) {
            // A few jumps are normal; fd_power_mean and minutes_clean limit their number.
            case "motion" -> flags.size() >= 5 ? Level.WARN : Level.PASS;
            // A design in images of any contrast; only noted, for it may be intended.
            case "several-contrasts" -> Level.PASS;
            // The limit on global_drift_pct and ghost_pe applies already.
            case "drift", "ghost" -> Level.PASS;
            // For a long run the rate decides; a short one has none, and a single strong event damages it.
            case "kspace-spike" -> flagged && findings.value("spikes_fft_per_1000") == null ? Level.FLAG : Level.WARN;
            case "slice-dropout", "slice-spike", "volume-outlier", "zipper" -> Level.WARN;
            default -> flagged ? Level.FLAG : Level.WARN;
        };
    }

    private static String text(String kind, List<Flag> flags) {
        StringBuilder text = new StringBuilder(FlagLabels.of(kind, flags));
        TreeSet<Integer> volumes = new TreeSet<>();
        flags.forEach(f -> {
            if (f.volume() != null) {
                volumes.add(f.volume());
            }
        });
        if (!volumes.isEmpty()) {
            text.append(volumes.size() == 1 ? " (volume " : " (volumes ");
            text.append(volumes.stream()
                    .limit(NAMED_PLACES)
                    .map(String::valueOf)
                    .reduce((a, b) -> a + ", " + b)
                    .orElse(""));
            text.append(volumes.size() > NAMED_PLACES ? " …)" : ")");
        }
        return text.toString();
    }

    private static Level worse(Level a, Level b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
