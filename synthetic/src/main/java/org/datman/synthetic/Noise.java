package org.datman.synthetic;

import java.util.SplittableRandom;

/** Receiver noise: each slice of each volume draws from its own stream, so slices may be made in any order or at once. */
final class Noise {

    private final SplittableRandom random;
    private double spare;
    private boolean hasSpare;

    private Noise(long seed) {
        random = new SplittableRandom(seed);
    }

    static Noise of(long seed, int volume, int slice) {
        return new Noise(mix(mix(seed + 0x9E3779B97F4A7C15L * (volume + 1)) + 0xD1B54A32D192ED03L * (slice + 1)));
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Standard normal by Marsaglia's polar method: the same on every Java release, unlike the library's. */
    double gaussian() {
        if (hasSpare) {
            hasSpare = false;
            return spare;
        }
        double u, v, s;
        do {
            u = 2 * random.nextDouble() - 1;
            v = 2 * random.nextDouble() - 1;
            s = u * u + v * v;
        } while (s >= 1 || s == 0);
        double m = Math.sqrt(-2 * StrictMath.log(s) / s);
        spare = v * m;
        hasSpare = true;
        return u * m;
    }

    /** Magnitude of a signal received by {@code coils} equal coils with noise {@code sigma} per channel, root of the sum of squares. */
    double magnitude(double real, double imaginary, double sigma, int coils) {
        if (sigma == 0) {
            return Math.sqrt(real * real + imaginary * imaginary);
        }
        if (coils == 1) {
            double r = real + sigma * gaussian();
            double i = imaginary + sigma * gaussian();
            return Math.sqrt(r * r + i * i);
        }
        double share = 1 / Math.sqrt(coils);
        double sum = 0;
        for (int c = 0; c < coils; c++) {
            double r = real * share + sigma * gaussian();
            double i = imaginary * share + sigma * gaussian();
            sum += r * r + i * i;
        }
        return Math.sqrt(sum);
    }
}
