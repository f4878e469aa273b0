package org.datman.plots.report;

import java.util.Objects;

/**
 * One row of numbers per volume, in file order. NaN means "not defined for this volume" and is written as null.
 *
 * @param key id under {@code timeseries}
 * @param rows [volume][column]; one column for most time courses, six for {@code motion}
 */
public record TimeCourse(String key, double[][] rows) {

    public TimeCourse {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(rows, "rows");
    }

    /** A time course with one number per volume. */
    public static TimeCourse of(String key, double[] values) {
        double[][] rows = new double[values.length][];
        for (int t = 0; t < values.length; t++) {
            rows[t] = new double[] {values[t]};
        }
        return new TimeCourse(key, rows);
    }

    /** The first column. */
    public double[] values() {
        double[] values = new double[rows.length];
        for (int t = 0; t < values.length; t++) {
            values[t] = rows[t].length == 0 ? Double.NaN : rows[t][0];
        }
        return values;
    }
}
