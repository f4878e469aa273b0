package org.datman.metrics.bold;

import org.datman.analysis.stats.Statistics;
import org.datman.analysis.timeseries.Polynomials;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.jtransforms.fft.DoubleFFT_1D;

/** One voxel's time series and what is computed from it; reused from voxel to voxel. */
final class Voxel {

    private static final double LAG_SD = 1.349;
    private static final double AFNI_FACTOR = Math.sqrt(Math.PI / 2);
    private static final double OUTLIER_P = 0.001;

    final float[] x;
    final double[] straight;
    final boolean[] outlier;
    final boolean[] outlierDetrended;
    double mean;
    double variance;
    double median;
    double robustSd;
    double rho;
    double lineSd;
    double power;
    double highPower;
    /** Power spectral density after a line is removed, one-sided, intensity² per Hz; empty without a TR. */
    final double[] density;

    private final int n;
    private final double[][] trend;
    private final double[][] line;
    private final float[] work;
    private final double[] residual;
    private final double[] wave;
    private final DoubleFFT_1D fft;
    private final int firstHigh;
    private final double tr;
    private double outlierFactor;

    Voxel(int n, double[][] trend, double[][] line, double tr) {
        this.n = n;
        this.trend = trend;
        this.line = line;
        this.x = new float[n];
        this.straight = new double[n];
        this.outlier = new boolean[n];
        this.outlierDetrended = new boolean[n];
        this.work = new float[n];
        this.residual = new double[n];
        this.wave = new double[n];
        this.fft = new DoubleFFT_1D(n);
        this.tr = tr;
        this.density = new double[Double.isNaN(tr) ? 0 : n / 2 + 1];
        this.firstHigh = Double.isNaN(tr) ? n : (int) Math.floor(Temporal.highHz() * n * tr) + 1;
    }

    /** Reads the series and its mean and population variance. */
    void load(float[] rows, int from) {
        System.arraycopy(rows, from, x, 0, n);
        double sum = 0;
        for (int t = 0; t < n; t++) {
            sum += x[t];
        }
        mean = sum / n;
        double square = 0;
        for (int t = 0; t < n; t++) {
            square += (x[t] - mean) * (x[t] - mean);
        }
        variance = square / n;
    }

    /** The rest, for voxels of the mask. */
    void analyse(int totalVolumes) {
        if (outlierFactor == 0) {
            double p = OUTLIER_P / totalVolumes;
            outlierFactor = -new NormalDistribution().inverseCumulativeProbability(p) * AFNI_FACTOR;
        }
        System.arraycopy(x, 0, work, 0, n);
        median = Statistics.medianInPlace(work, n);
        double high = Statistics.lowerQuantileInPlace(work, n, 0.75);
        robustSd = (high - Statistics.lowerQuantileInPlace(work, n, 0.25)) / LAG_SD;
        lag();
        for (int t = 0; t < n; t++) {
            residual[t] = x[t] - median;
        }
        outliers(outlier);
        Polynomials.residual(x, line, straight);
        double square = 0;
        for (double r : straight) {
            square += r * r;
        }
        lineSd = Math.sqrt(square / Math.max(1, n - 1));
        Polynomials.residual(x, trend, residual);
        outliers(outlierDetrended);
        spectrum();
        density();
    }

    /** Lag-1 autocorrelation, Yule-Walker with biased autocovariances. */
    private void lag() {
        double product = 0;
        for (int t = 1; t < n; t++) {
            product += (x[t] - mean) * (x[t - 1] - mean);
        }
        rho = variance > 0 ? product / (n * variance) : 0;
    }

    private void outliers(boolean[] into) {
        for (int t = 0; t < n; t++) {
            work[t] = (float) Math.abs(residual[t]);
        }
        double limit = outlierFactor * Statistics.medianInPlace(work, n);
        for (int t = 0; t < n; t++) {
            into[t] = limit > 0 && Math.abs(residual[t]) > limit;
        }
    }

    private void spectrum() {
        System.arraycopy(residual, 0, wave, 0, n);
        fft.realForward(wave);
        power = 0;
        highPower = 0;
        // JTransforms packs re[0], re[n/2], re[1], im[1] … for even n.
        for (int f = 1; f < (n + 1) / 2; f++) {
            double re = wave[2 * f];
            double im = 2 * f + 1 < n ? wave[2 * f + 1] : wave[1];
            double p = re * re + im * im;
            power += p;
            highPower += f >= firstHigh ? p : 0;
        }
    }

    private void density() {
        if (density.length == 0) {
            return;
        }
        System.arraycopy(straight, 0, wave, 0, n);
        fft.realForward(wave);
        density[0] = tr / n * wave[0] * wave[0];
        for (int f = 1; f < (n + 1) / 2; f++) {
            double re = wave[2 * f];
            double im = 2 * f + 1 < n ? wave[2 * f + 1] : wave[1];
            density[f] = 2 * tr / n * (re * re + im * im);
        }
        if (n % 2 == 0) {
            density[n / 2] = tr / n * wave[1] * wave[1];
        }
    }

    /** Noise sd from each value against the mean of its neighbours, robust. */
    double noise() {
        for (int t = 1; t < n - 1; t++) {
            work[t - 1] = x[t] - (x[t - 1] + x[t + 1]) / 2;
        }
        int m = n - 2;
        double centre = Statistics.medianInPlace(work, m);
        for (int t = 0; t < m; t++) {
            work[t] = (float) Math.abs(work[t] - centre);
        }
        return Statistics.MAD_TO_SD * Statistics.medianInPlace(work, m) / Math.sqrt(1.5);
    }
}
