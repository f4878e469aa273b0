package org.datman.metrics.bold;

import java.util.Arrays;
import org.datman.analysis.stats.Statistics;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.special.Gamma;

/**
 * Which DVARS are larger than chance: squared DVARS against a scaled chi-square whose mean and variance come from median and
 * lower half of the interquartile range of its cube root (Afyouni and Nichols 2018).
 */
final class DvarsTest {

    private static final double HALF_IQR_TO_SD = 0.6745;

    private DvarsTest() {}

    /** p-value per volume; NaN where DVARS is, and everywhere when fewer than ten are known. */
    static double[] pValues(double[] dvars) {
        double[] p = new double[dvars.length];
        Arrays.fill(p, Double.NaN);
        double[] known = Arrays.stream(dvars).filter(Double::isFinite).toArray();
        if (known.length < 10) {
            return p;
        }
        double[] root = Arrays.stream(known).map(d -> Math.cbrt(d * d)).toArray();
        double middle = Statistics.median(root);
        double sd = (middle - Statistics.quantile(root, 0.25)) / HALF_IQR_TO_SD;
        double mean = middle * middle * middle;
        double spread = 3 * middle * middle * sd;
        if (!(mean > 0) || !(spread > 0)) {
            return p;
        }
        double factor = 2 * mean / (spread * spread);
        double freedom = 2 * mean * mean / (spread * spread);
        for (int t = 0; t < p.length; t++) {
            if (Double.isFinite(dvars[t])) {
                p[t] = upperTail(factor * dvars[t] * dvars[t], freedom);
            }
        }
        return p;
    }

    /** P(chi2_nu > x); a normal of its cube root where nu is so large that the incomplete gamma would not converge. */
    private static double upperTail(double x, double nu) {
        if (nu > 5000) {
            double h = 2 / (9 * nu);
            double z = (Math.cbrt(x / nu) - (1 - h)) / Math.sqrt(h);
            return new NormalDistribution().cumulativeProbability(-z);
        }
        return Gamma.regularizedGammaQ(nu / 2, x / 2);
    }

    /** Volumes that are significant after Bonferroni and whose change is more than 5 % of the average variance. */
    static boolean[] significant(double[] dvars, double[] p, double meanVariance) {
        double[] square = new double[dvars.length];
        for (int t = 0; t < square.length; t++) {
            square[t] = dvars[t] * dvars[t];
        }
        double middle =
                Statistics.median(Arrays.stream(square).filter(Double::isFinite).toArray());
        boolean[] out = new boolean[dvars.length];
        for (int t = 0; t < out.length; t++) {
            double percent = 100 * (square[t] - middle) / 4 / meanVariance;
            out[t] = p[t] < 0.05 / dvars.length && percent > 5;
        }
        return out;
    }
}
