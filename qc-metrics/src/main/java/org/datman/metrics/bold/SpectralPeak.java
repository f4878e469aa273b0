package org.datman.metrics.bold;

import org.datman.analysis.timeseries.Polynomials;
import org.jtransforms.fft.DoubleFFT_1D;

/** Frequencies of a time course over volumes. */
final class SpectralPeak {

    private SpectralPeak() {}

    /** Frequency in Hz with the most power after a quadratic is removed; NaN for fewer than eight points. */
    static double peakHz(double[] course, int start, double tr) {
        int n = course.length - start;
        if (n < 8) {
            return Double.NaN;
        }
        double centre = course[start];
        float[] x = new float[n];
        for (int t = 0; t < n; t++) {
            x[t] = (float) (course[start + t] - centre);
        }
        double[] wave = new double[n];
        Polynomials.residual(x, Polynomials.orthonormal(n, 2), wave);
        new DoubleFFT_1D(n).realForward(wave);
        int best = 1;
        double most = -1;
        for (int f = 1; f < (n + 1) / 2; f++) {
            double re = wave[2 * f];
            double im = 2 * f + 1 < n ? wave[2 * f + 1] : wave[1];
            if (re * re + im * im > most) {
                most = re * re + im * im;
                best = f;
            }
        }
        return best / (n * tr);
    }
}
