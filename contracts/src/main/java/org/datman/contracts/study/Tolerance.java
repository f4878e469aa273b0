package org.datman.contracts.study;

/**
 * How far a numeric header field may be from the standard: {@code |actual - expected| <= absolute + relative * |expected|}.
 *
 * <p>Its text is part of the key of each result, so that another tolerance is another result.
 */
public record Tolerance(double absolute, double relative) {

    /** Nothing but how floats and decimal strings of one value differ. */
    public static final Tolerance NONE = new Tolerance(0, 0);

    /** Floats and decimal strings of one value differ in their last digits; that is never a difference. */
    private static final double FLOAT_NOISE = 1e-6;

    /** Whether a number is near enough to the expected one. */
    public boolean allows(double expected, double actual) {
        return Math.abs(actual - expected) <= absolute + relative * Math.abs(expected) + noise(expected, actual);
    }

    /** Whether two numbers are the same but for how they were written. */
    public static boolean same(double expected, double actual) {
        return NONE.allows(expected, actual);
    }

    /** The same in another unit, of which one of this is {@code factor}. */
    public Tolerance times(double factor) {
        return new Tolerance(absolute * factor, relative);
    }

    private static double noise(double a, double b) {
        return FLOAT_NOISE * Math.max(Math.abs(a), Math.abs(b));
    }
}
