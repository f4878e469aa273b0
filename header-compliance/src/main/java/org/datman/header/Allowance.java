package org.datman.header;

/** How far a number may be off: {@code |actual - expected| <= absolute + relative * |expected|}, in the record's unit. */
public record Allowance(double absolute, double relative) {

    /** Floats and decimal strings of one value differ in their last digits; that is never a difference. */
    private static final double FLOAT_NOISE = 1e-6;

    public static final Allowance NONE = new Allowance(0, 0);

    boolean allows(double expected, double actual) {
        return Math.abs(actual - expected) <= absolute + relative * Math.abs(expected) + noise(expected, actual);
    }

    static boolean same(double expected, double actual) {
        return Math.abs(actual - expected) <= noise(expected, actual);
    }

    private static double noise(double a, double b) {
        return FLOAT_NOISE * Math.max(Math.abs(a), Math.abs(b));
    }

    /** For people, shown in a unit that is {@code perUnit} of the record's. */
    public String text(double perUnit) {
        String absoluteText = Value.decimal(absolute / perUnit);
        return relative > 0 ? absoluteText + " + " + Value.decimal(relative) + " relative" : absoluteText;
    }
}
