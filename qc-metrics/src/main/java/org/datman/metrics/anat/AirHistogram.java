package org.datman.metrics.anat;

import java.util.List;
import java.util.Locale;
import org.datman.analysis.stats.Statistics;
import org.datman.metrics.common.Background;
import org.datman.metrics.common.ChiNoise;
import org.datman.metrics.input.ScanData;
import org.datman.plots.picture.Picture;
import org.datman.plots.picture.XyPlots;
import org.hipparchus.analysis.MultivariateFunction;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.PointValuePair;
import org.hipparchus.optim.SimpleValueChecker;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.hipparchus.optim.nonlinear.scalar.noderiv.SimplexOptimizer;
import org.hipparchus.special.Gamma;
import org.jspecify.annotations.Nullable;

/**
 * QI2 (Mortamet 2009, as MRIQC computes it): how far the histogram of air is from a chi-square distribution with free degrees of
 * freedom, place and scale. Air is scaled so that its 99th percentile is 100; density by a Gaussian kernel of width 4 on 1000
 * points from 0 to 110; the misfit is summed from the last point above half the maximum to the end.
 *
 * @param intensity of the points, in units of the image
 * @param density of the air there, per unit of intensity
 * @param fitted chi-square distribution there, per unit of intensity
 * @param from first point that counts for the misfit
 * @param misfit QI2, on the scale of the 99th percentile
 */
record AirHistogram(double[] intensity, double[] density, double[] fitted, int from, double misfit) {

    private static final int POINTS = 1000;
    private static final double END = 110;
    private static final double WIDTH = 4;
    private static final int FEWEST = 1000;
    private static final int MOST = 300_000;

    /** Of air; null with fewer than 1000 positive voxels or when the fit fails. */
    static @Nullable AirHistogram of(float[] air) {
        int step = Math.max(1, air.length / MOST);
        double[] values = new double[air.length / step + 1];
        int n = 0;
        for (int v = 0; v < air.length; v += step) {
            if (air[v] > 0) {
                values[n++] = air[v];
            }
        }
        if (n < FEWEST) {
            return null;
        }
        double scale = 100 / Statistics.quantileInPlace(values, n, 0.99);
        double pitch = END / (POINTS - 1);
        // Beyond the grid's end the values still belong to the distribution: bins reach to four times the 99th
        // percentile.
        double[] histogram = new double[4 * POINTS];
        for (int i = 0; i < n; i++) {
            int bin = (int) Math.round(values[i] * scale / pitch);
            if (bin < histogram.length) {
                histogram[bin] += 1.0 / n;
            }
        }
        double[] density = density(histogram, pitch);
        double[] fit = fit(histogram, pitch);
        if (fit == null) {
            return null;
        }
        double peak = 0;
        for (double d : density) {
            peak = Math.max(peak, d);
        }
        int from = POINTS - 1;
        while (from > 0 && density[from] <= peak / 2) {
            from--;
        }
        double[] intensity = new double[POINTS];
        double[] fitted = new double[POINTS];
        double sum = 0;
        for (int p = 0; p < POINTS; p++) {
            intensity[p] = p * pitch / scale;
            fitted[p] = chiSquare(p * pitch, fit[0], fit[1], fit[2]);
            sum += p < from ? 0 : Math.abs(density[p] - fitted[p]);
            density[p] *= scale;
            fitted[p] *= scale;
        }
        return new AirHistogram(intensity, density, fitted, from, sum / (POINTS - from));
    }

    /** <a href="{@docRoot}/../docs/qc-specification.md#V14">V14</a>: the air with the fit of QI2 and the noise model of sigma_bg and coil_n_eff. */
    Picture picture(ScanData scan, Background noise) {
        double[] theory = new double[intensity.length];
        double n = noise.coils();
        for (int p = 0; p < theory.length; p++) {
            theory[p] = ChiNoise.density(intensity[p] / noise.sigma(), n) / noise.sigma();
        }
        String name = n < 1.05 ? "Rayleigh" : String.format(Locale.ROOT, "central chi of %.1f coils", n);
        return new XyPlots(scan.request().series() + ": histogram of the air")
                .panel(
                        String.format(Locale.ROOT, "air, QI2 %.2e", misfit),
                        "intensity",
                        "density per unit of intensity",
                        XyPlots.Form.LINEAR,
                        List.of(
                                new XyPlots.Curve("air", intensity, density, false),
                                new XyPlots.Curve("chi-square fit of QI2", intensity, fitted, true),
                                new XyPlots.Curve(
                                        String.format(Locale.ROOT, "%s, sigma %.3g", name, noise.sigma()),
                                        intensity,
                                        theory,
                                        true)))
                .picture(
                        "air-histogram.svg",
                        "All three curves should lie on each other: a hump or tail to the right is structured noise or a ghost, a curve that is too narrow was filtered.");
    }

    private static double[] density(double[] histogram, double pitch) {
        int reach = (int) Math.ceil(5 * WIDTH / pitch);
        double[] kernel = new double[reach + 1];
        for (int r = 0; r <= reach; r++) {
            double u = r * pitch / WIDTH;
            kernel[r] = Math.exp(-u * u / 2) / (WIDTH * Math.sqrt(2 * Math.PI));
        }
        double[] density = new double[POINTS];
        for (int p = 0; p < POINTS; p++) {
            for (int b = Math.max(0, p - reach); b <= Math.min(histogram.length - 1, p + reach); b++) {
                density[p] += histogram[b] * kernel[Math.abs(p - b)];
            }
        }
        return density;
    }

    /**
     * Degrees of freedom, place, scale of greatest likelihood; null when the search fails. Below two degrees of freedom the density has a
     * pole, and any histogram would be infinitely likely with its place on a full bin.
     */
    private static double @Nullable [] fit(double[] histogram, double pitch) {
        MultivariateFunction unlikelihood = p -> {
            double sum = 0;
            for (int b = 0; b < histogram.length; b++) {
                if (histogram[b] > 0) {
                    double density = chiSquare(b * pitch, 2 + Math.exp(p[0]), p[1], Math.exp(p[2]));
                    sum -= histogram[b] * Math.log(Math.max(density, 1e-12));
                }
            }
            return sum;
        };
        try {
            double mean = 0;
            for (int b = 0; b < histogram.length; b++) {
                mean += histogram[b] * b * pitch;
            }
            PointValuePair best = new SimplexOptimizer(new SimpleValueChecker(1e-8, 1e-8))
                    .optimize(
                            new MaxEval(3000),
                            new ObjectiveFunction(unlikelihood),
                            GoalType.MINIMIZE,
                            new InitialGuess(new double[] {Math.log(30), -mean / 2, Math.log(1.5 * mean / 32)}),
                            new NelderMeadSimplex(new double[] {0.5, 5, 0.3}));
            double[] p = best.getPoint();
            return new double[] {2 + Math.exp(p[0]), p[1], Math.exp(p[2])};
        } catch (MathRuntimeException e) {
            return null;
        }
    }

    private static double chiSquare(double x, double freedom, double place, double scale) {
        double u = (x - place) / scale;
        if (!(u > 0)) {
            return 0;
        }
        double half = freedom / 2;
        return Math.exp((half - 1) * Math.log(u) - u / 2 - half * Math.log(2) - Gamma.logGamma(half)) / scale;
    }
}
