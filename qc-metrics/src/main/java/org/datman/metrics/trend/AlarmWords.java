package org.datman.metrics.trend;

import java.math.BigDecimal;
import java.math.MathContext;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.metrics.trend.Alarm.Rule;
import org.datman.metrics.trend.Alarm.Side;

/** Describes alarms for a rater. */
public final class AlarmWords {

    private static final MathContext DIGITS = new MathContext(3);

    private AlarmWords() {}

    /** The change, its date and size, and the rule that noticed it. */
    public static String sentence(String metric, Alarm alarm) {
        Baseline baseline = alarm.usual();
        String usual = number(baseline.median()) + " (" + baseline.readings() + " good scans from " + baseline.from()
                + " to " + baseline.to() + ")";
        if (alarm.rule() == Rule.LIMIT) {
            boolean lower = alarm.side() == Side.LOWER;
            return MetricCatalogue.get(metric).label() + " is " + value(metric, alarm.level()) + ", "
                    + (lower ? "below" : "above")
                    + " the limit of " + value(metric, lower ? baseline.low() : baseline.high())
                    + " of this scanner's own history, usually " + usual;
        }
        return MetricCatalogue.get(metric).label() + " is " + (alarm.side() == Side.LOWER ? "lower" : "higher")
                + " since "
                + alarm.since() + ": " + value(metric, alarm.level()) + " on average, " + far(alarm, baseline)
                + " from the usual " + usual + "; "
                + (alarm.rule() == Rule.CUSUM
                        ? "small deviations add up (CUSUM)"
                        : "the mean of the latest scans is off (EWMA)");
    }

    private static String far(Alarm alarm, Baseline baseline) {
        String sigmas = number(Math.abs(alarm.sigmas())) + " standard deviations";
        double percent = 100 * Math.abs(alarm.level() / baseline.median() - 1);
        return Double.isFinite(percent) ? number(percent) + " % or " + sigmas : sigmas;
    }

    private static String value(String metric, double value) {
        String unit = MetricCatalogue.get(metric).unit();
        return number(value) + ("1".equals(unit) || "count".equals(unit) || "index".equals(unit) ? "" : " " + unit);
    }

    /** Three digits. */
    public static String number(double value) {
        BigDecimal rounded = new BigDecimal(value).round(DIGITS);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }
}
