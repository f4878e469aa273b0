package org.datman.metrics.trend;

import org.datman.contracts.metric.MetricCatalogue;
import org.datman.metrics.model.MetricText;
import org.datman.metrics.trend.Alarm.Rule;
import org.datman.metrics.trend.Alarm.Side;

/** Describes alarms for a rater. */
public final class AlarmText {

    private AlarmText() {}

    /** The change, its date and size, and the rule that noticed it. */
    public static String of(String metric, Alarm alarm) {
        Baseline baseline = alarm.usual();
        String usual = MetricText.number(baseline.median()) + " (" + baseline.readings() + " good scans from "
                + baseline.from() + " to " + baseline.to() + ")";
        if (alarm.rule() == Rule.LIMIT) {
            boolean lower = alarm.side() == Side.LOWER;
            return MetricCatalogue.get(metric).label() + " is " + MetricText.value(metric, alarm.level()) + ", "
                    + (lower ? "below" : "above")
                    + " the limit of " + MetricText.value(metric, lower ? baseline.low() : baseline.high())
                    + " of this scanner's own history, usually " + usual;
        }
        return MetricCatalogue.get(metric).label() + " is " + (alarm.side() == Side.LOWER ? "lower" : "higher")
                + " since "
                + alarm.since() + ": " + MetricText.value(metric, alarm.level()) + " on average, "
                + far(alarm, baseline)
                + " from the usual " + usual + "; "
                + (alarm.rule() == Rule.CUSUM
                        ? "small deviations add up (CUSUM)"
                        : "the mean of the latest scans is off (EWMA)");
    }

    private static String far(Alarm alarm, Baseline baseline) {
        String sigmas = MetricText.number(Math.abs(alarm.sigmas())) + " standard deviations";
        double percent = 100 * Math.abs(alarm.level() / baseline.median() - 1);
        return Double.isFinite(percent) ? MetricText.number(percent) + " % or " + sigmas : sigmas;
    }
}
