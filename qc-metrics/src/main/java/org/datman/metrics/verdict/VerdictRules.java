package org.datman.metrics.verdict;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.metrics.model.Findings;
import org.datman.plots.report.Flag;
import org.datman.plots.report.Verdict;
import org.datman.plots.report.Verdict.Level;

/** From metrics, flags and limits to a verdict with reasons that a rater understands. Pure. */
public final class VerdictRules {

    private static final MathContext DIGITS = new MathContext(3);
    private static final int NAMED_PLACES = 5;

    private VerdictRules() {}

    /**
     * The verdict: the worst of all exceeded limits and all flags. A series without any measured metric of its kind never passes,
     * nor one with a number unknown that the study set a limit for.
     */
    public static Verdict judge(String kind, Findings findings, QcConfig config) {
        Level level = Level.PASS;
        List<String> reasons = new ArrayList<>();
        String nothing = Essentials.nothing(kind, findings);
        if (nothing != null) {
            reasons.add(nothing);
            level = Essentials.allNull(kind, findings) ? Level.ERROR : Level.WARN;
        }
        for (Map.Entry<String, Limit> entry : config.of(kind).entrySet()) {
            Double value = findings.value(entry.getKey());
            boolean own = !entry.getValue().equals(DefaultLimits.of(kind).get(entry.getKey()));
            if (own && nothing == null && Essentials.missed(entry.getKey(), findings)) {
                reasons.add(
                        MetricLabels.metric(entry.getKey()) + " has a limit of the study and could not be measured: "
                                + Essentials.why(entry.getKey(), findings));
                level = worse(level, Level.WARN);
            }
            if (value != null) {
                Limit limit = effective(entry.getKey(), entry.getValue(), findings);
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
                reasons.add(words(entry.getKey(), entry.getValue()));
                level = worse(level, found);
            }
        }
        return new Verdict(level, reasons);
    }

    /**
     * A run that is meant to be short cannot have five clean minutes: for it the limit is 80 % of its length, unless the study
     * set its own.
     */
    private static Limit effective(String key, Limit limit, Findings findings) {
        Double length = findings.value("duration_min");
        boolean preset = "minutes_clean".equals(key) && limit.equals(DefaultLimits.MINUTES_CLEAN);
        if (preset && length != null && 0.8 * length < limit.flagBelow()) {
            return Limit.flagBelow(0.8 * length);
        }
        return limit;
    }

    private static Level against(String key, double value, Limit limit, List<String> reasons) {
        if (limit.flagAbove() != null && value > limit.flagAbove()) {
            reasons.add(sentence(key, value, "above", limit.flagAbove()));
            return Level.FLAG;
        }
        if (limit.flagBelow() != null && value < limit.flagBelow()) {
            reasons.add(sentence(key, value, "below", limit.flagBelow()));
            return Level.FLAG;
        }
        if (limit.warnAbove() != null && value > limit.warnAbove()) {
            reasons.add(sentence(key, value, "above", limit.warnAbove()));
            return Level.WARN;
        }
        if (limit.warnBelow() != null && value < limit.warnBelow()) {
            reasons.add(sentence(key, value, "below", limit.warnBelow()));
            return Level.WARN;
        }
        return Level.PASS;
    }

    private static String sentence(String key, double value, String side, double limit) {
        String unit = MetricCatalogue.get(key).unit();
        String suffix = "1".equals(unit) || "count".equals(unit) || "index".equals(unit) ? "" : " " + unit;
        return MetricLabels.metric(key) + " is " + number(value) + suffix + ", " + side + " the limit of "
                + number(limit) + suffix;
    }

    private static String number(double value) {
        BigDecimal rounded = new BigDecimal(value).round(DIGITS);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    /** The effect of a kind of flag on the verdict; counts of slices and spikes also have limits. */
    private static Level ofFlags(String kind, List<Flag> flags, Findings findings) {
        boolean flagged = flags.stream().anyMatch(f -> f.severity() == Flag.Severity.FLAG);
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

    private static String words(String kind, List<Flag> flags) {
        StringBuilder text = new StringBuilder(MetricLabels.flag(kind, flags));
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
