package org.datman.analysis.timeseries;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.datman.analysis.stats.Statistics;
import org.jtransforms.fft.DoubleFFT_1D;

/**
 * Amplitudes of the residual of a quadratic fit of a time series.
 *
 * @param hz frequencies, from 1 / duration to the Nyquist frequency; empty when the TR is unknown
 * @param percent amplitude of each as per cent of the mean signal
 */
public record Spectrum(double[] hz, double[] percent) {

    /** Of a time series; empty without a TR in seconds. */
    public static Spectrum of(TimeSeriesFit course, double tr) {
        int n = course.values().length;
        if (!(tr > 0)) {
            return new Spectrum(new double[0], new double[0]);
        }
        double[] wave = new double[2 * n];
        double[] residual = course.residual();
        for (int t = 0; t < n; t++) {
            wave[2 * t] = residual[t];
        }
        new DoubleFFT_1D(n).complexForward(wave);
        double[] hz = new double[n / 2];
        double[] percent = new double[n / 2];
        for (int f = 1; f <= n / 2; f++) {
            hz[f - 1] = f / (n * tr);
            double both = 2 * f == n ? 1 : 2;
            percent[f - 1] = 100 * both / n * Math.hypot(wave[2 * f], wave[2 * f + 1]) / course.mean();
        }
        return new Spectrum(hz, percent);
    }

    /** Whether there are frequencies. */
    public boolean known() {
        return hz.length > 0;
    }

    /**
     * Indices of lines, strongest first: local maxima whose power white noise of the same median power exceeds anywhere in the spectrum
     * once in a hundred runs (its power is distributed exponentially: mean = median / ln 2).
     */
    public int[] peaks() {
        double[] power = Arrays.stream(percent).map(p -> p * p).toArray();
        if (power.length < 8) {
            return new int[0];
        }
        double limit = Statistics.median(power) / Math.log(2) * Math.log(power.length / 0.01);
        return IntStream.range(0, power.length)
                .filter(f -> power[f] > limit
                        && (f == 0 || power[f] >= power[f - 1])
                        && (f == power.length - 1 || power[f] > power[f + 1]))
                .boxed()
                .sorted(Comparator.comparingDouble((Integer f) -> -power[f]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Frequency of the largest amplitude. */
    public double peakHz() {
        int best = 0;
        for (int f = 1; f < percent.length; f++) {
            best = percent[f] > percent[best] ? f : best;
        }
        return hz[best];
    }
}
