package org.datman.dashboard.metric;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Round values at which an axis is labelled: multiples of 1, 2, 2.5 or 5 times a power of ten. Pure. */
final class AxisValues {

    private static final List<BigDecimal> STEPS = List.of(
            BigDecimal.ONE, BigDecimal.valueOf(2), new BigDecimal("2.5"), BigDecimal.valueOf(5), BigDecimal.TEN);

    /** Characters that fit left of a chart. */
    private static final int MOST_CHARACTERS = 8;

    private AxisValues() {}

    /**
     * The round values from {@code low} to {@code high}, ascending; at most {@code most} of them, and one at least where the range
     * holds a round value.
     *
     * @param low finite, below {@code high}
     * @param most two or more
     */
    static List<BigDecimal> between(double low, double high, int most) {
        BigDecimal step = step((high - low) / (most - 1));
        BigDecimal value =
                BigDecimal.valueOf(low).divide(step, 0, RoundingMode.CEILING).multiply(step);
        BigDecimal end = BigDecimal.valueOf(high);
        List<BigDecimal> values = new ArrayList<>();
        while (value.compareTo(end) <= 0 && values.size() < most) {
            values.add(value);
            value = value.add(step);
        }
        return values;
    }

    private static BigDecimal step(double least) {
        BigDecimal power = BigDecimal.ONE.scaleByPowerOfTen((int) Math.floor(Math.log10(least)));
        return STEPS.stream()
                .map(power::multiply)
                // The quotient of two doubles may be a hair above the step that it means.
                .filter(step -> step.doubleValue() >= least * (1 - 1e-9))
                .findFirst()
                .orElse(power.multiply(BigDecimal.TEN));
    }

    /** Without zeros at its end, and with an exponent when it would be too long for the room beside the chart. */
    static String label(BigDecimal value) {
        if (value.signum() == 0) {
            return "0";
        }
        String plain = value.stripTrailingZeros().toPlainString();
        return plain.length() <= MOST_CHARACTERS
                ? plain
                : String.format(Locale.ROOT, "%.2e", value.round(new MathContext(3)));
    }
}
