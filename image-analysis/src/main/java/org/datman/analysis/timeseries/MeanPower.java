package org.datman.analysis.timeseries;

import org.datman.analysis.image.Parallel;
import org.jspecify.annotations.Nullable;
import org.jtransforms.fft.DoubleFFT_1D;

/**
 * Power spectral density over time of several voxels, on average, after a quadratic is removed from each.
 *
 * @param hz from 1 / duration to the Nyquist frequency
 * @param density intensity² per Hz, one-sided: white noise of variance v has 2 v TR
 */
public record MeanPower(double[] hz, double[] density) {

    private static final int FEWEST_VOLUMES = 8;

    /**
     * Of rows of equal length.
     *
     * @param rows [voxel][volume]
     * @param from first volume that counts
     * @param tr seconds
     * @return null without rows, TR, or at least 8 volumes
     */
    public static @Nullable MeanPower of(float[][] rows, int from, double tr) {
        if (rows.length == 0 || !(tr > 0) || rows[0].length - from < FEWEST_VOLUMES) {
            return null;
        }
        int n = rows[0].length - from;
        double[][] basis = Polynomials.orthonormal(n, TimeSeriesFit.PARAMETERS - 1);
        double[][] each = new double[rows.length][];
        Parallel.forEach(rows.length, r -> {
            float[] x = new float[n];
            for (int t = 0; t < n; t++) {
                x[t] = rows[r][from + t] - rows[r][from];
            }
            double[] wave = new double[2 * n];
            double[] rest = new double[n];
            Polynomials.residual(x, basis, rest);
            for (int t = 0; t < n; t++) {
                wave[2 * t] = rest[t];
            }
            new DoubleFFT_1D(n).complexForward(wave);
            double[] power = new double[n / 2];
            for (int f = 1; f <= n / 2; f++) {
                double both = 2 * f == n ? 1 : 2;
                power[f - 1] = both * tr / n * (wave[2 * f] * wave[2 * f] + wave[2 * f + 1] * wave[2 * f + 1]);
            }
            each[r] = power;
        });
        double[] hz = new double[n / 2];
        double[] density = new double[n / 2];
        for (int f = 0; f < hz.length; f++) {
            hz[f] = (f + 1) / (n * tr);
            for (double[] power : each) {
                density[f] += power[f] / each.length;
            }
        }
        return new MeanPower(hz, density);
    }
}
