package org.datman.analysis.timeseries;

/**
 * A time series over volumes with its quadratic fit.
 *
 * @param values one per volume
 * @param fit quadratic, least squares
 */
public record TimeSeriesFit(double[] values, double[] fit) {

    /** Parameters of the fit, subtracted from the residual's degrees of freedom. */
    public static final int PARAMETERS = 3;

    /** Fits. */
    public static TimeSeriesFit of(double[] values) {
        double[] fit = new double[values.length];
        for (double[] basis : Polynomials.orthonormal(values.length, PARAMETERS - 1)) {
            double dot = 0;
            for (int t = 0; t < values.length; t++) {
                dot += basis[t] * values[t];
            }
            for (int t = 0; t < values.length; t++) {
                fit[t] += dot * basis[t];
            }
        }
        return new TimeSeriesFit(values.clone(), fit);
    }

    /** Mean of the values. */
    public double mean() {
        double sum = 0;
        for (double v : values) {
            sum += v;
        }
        return sum / values.length;
    }

    /** Value less fit. */
    public double[] residual() {
        double[] out = new double[values.length];
        for (int t = 0; t < out.length; t++) {
            out[t] = values[t] - fit[t];
        }
        return out;
    }

    /** Sd of the residual, with the fit's degrees of freedom taken off. */
    public double sd() {
        double square = 0;
        for (double r : residual()) {
            square += r * r;
        }
        return Math.sqrt(square / Math.max(1, values.length - PARAMETERS));
    }

    /** Largest less smallest value of the fit. */
    public double fitRange() {
        return range(fit);
    }

    /** Largest less smallest value. */
    public double rawRange() {
        return range(values);
    }

    private static double range(double[] x) {
        double low = x[0];
        double high = x[0];
        for (double v : x) {
            low = Math.min(low, v);
            high = Math.max(high, v);
        }
        return high - low;
    }
}
