package org.datman.metrics.common;

import org.hipparchus.special.Gamma;

/**
 * Moments of the magnitude of pure noise received by n coils and combined by root of sum of squares: the central chi
 * distribution with 2n degrees of freedom and unit sigma per channel. n = 1 is Rayleigh; n need not be whole (correlated coils).
 */
public final class ChiNoise {

    private ChiNoise() {}

    /** Density at {@code x} sigma. */
    public static double density(double x, double n) {
        if (!(x > 0)) {
            return 0;
        }
        return Math.exp((2 * n - 1) * Math.log(x) - x * x / 2 - (n - 1) * Math.log(2) - Gamma.logGamma(n));
    }

    /** Mean over sigma. */
    public static double mean(double n) {
        return Math.sqrt(2) * Math.exp(Gamma.logGamma(n + 0.5) - Gamma.logGamma(n));
    }

    /** Standard deviation over sigma: 0.6551 for one coil, 0.7057 for 32. */
    public static double sd(double n) {
        double mean = mean(n);
        return Math.sqrt(Math.max(0, 2 * n - mean * mean));
    }

    /** The n whose mean/sd ratio is this; 1 for every ratio below Rayleigh's 1.913, at most 256. */
    public static double coils(double meanOverSd) {
        double low = 1;
        double high = 256;
        if (!(meanOverSd > mean(low) / sd(low))) {
            return low;
        }
        for (int i = 0; i < 60; i++) {
            double mid = Math.sqrt(low * high);
            if (mean(mid) / sd(mid) < meanOverSd) {
                low = mid;
            } else {
                high = mid;
            }
        }
        return low;
    }
}
