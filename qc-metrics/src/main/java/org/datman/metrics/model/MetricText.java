package org.datman.metrics.model;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Set;
import org.datman.contracts.metric.MetricCatalogue;

/** Values of metrics as raters read them. */
public final class MetricText {

    private static final MathContext DIGITS = new MathContext(3);
    /** Units that are not written. */
    private static final Set<String> PLAIN = Set.of("1", "count", "index");

    private MetricText() {}

    /** Three digits. */
    public static String number(double value) {
        BigDecimal rounded = new BigDecimal(value).round(DIGITS);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    /** Three digits, with the metric's unit where it has one. */
    public static String value(String metric, double value) {
        String unit = MetricCatalogue.get(metric).unit();
        return PLAIN.contains(unit) ? number(value) : number(value) + " " + unit;
    }
}
