package org.datman.metrics.common;

import java.util.Arrays;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Morphology;
import org.datman.analysis.mask.Morphology.Neighbours;
import org.datman.analysis.stats.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * The air around an object and its noise parameters.
 *
 * @param air voxels of pure air: no exact zeros, no artefacts; empty when {@code reason} is set
 * @param candidates all voxels that should be air, artefacts and zeros included
 * @param artefacts voxels of structured artefact within the candidates
 * @param sigma noise per channel, NaN when unknown
 * @param coils effective number of coils, NaN when unknown
 * @param reason why there are no noise parameters, or null
 */
public record Background(
        Mask air,
        Mask candidates,
        Mask artefacts,
        double sigma,
        double coils,
        @Nullable String reason) {

    private static final int FEWEST = 500;
    private static final double MOSTLY_ZERO = 0.5;
    /** Noise of a magnitude is never negative; interpolation makes some of it so, real-valued images half of it. */
    private static final double OFTEN_NEGATIVE = 0.25;
    /** Reason: the noise of a real-valued image has both signs; the noise model of a magnitude does not apply to it. */
    public static final String REAL_VALUED = "real_valued";

    private static final double ARTEFACT_MADN = 10;
    private static final double ABOVE_FLOOR_MADN = 5;

    /** Examines the candidates in a single image (a mean over volumes has other noise). */
    public static Background of(Mask candidates, float[] image) {
        int total = 0;
        int zeros = 0;
        int negative = 0;
        for (int v = 0; v < image.length; v++) {
            if (candidates.in()[v]) {
                total++;
                zeros += image[v] == 0 ? 1 : 0;
                negative += image[v] < 0 ? 1 : 0;
            }
        }
        if (total < FEWEST) {
            return unknown(candidates, "no_air");
        }
        if (zeros > MOSTLY_ZERO * total) {
            return unknown(candidates, "background_zeroed");
        }
        if (negative > OFTEN_NEGATIVE * (total - zeros)) {
            return unknown(candidates, REAL_VALUED);
        }
        Mask artefacts = artefacts(candidates, image);
        boolean[] pure = new boolean[image.length];
        int n = 0;
        double sum = 0;
        double square = 0;
        for (int v = 0; v < image.length; v++) {
            if (candidates.in()[v] && !artefacts.in()[v] && image[v] > 0) {
                pure[v] = true;
                n++;
                sum += image[v];
                square += (double) image[v] * image[v];
            }
        }
        if (n < FEWEST) {
            return unknown(candidates, "no_air");
        }
        Mask air = new Mask(candidates.grid(), pure, "air");
        double mean = sum / n;
        double sd = Math.sqrt(Math.max(0, square / n - mean * mean));
        double coils = sd > 0 ? ChiNoise.coils(mean / sd) : Double.NaN;
        // Near one coil the second moment is the exact maximum likelihood; with more, the sd hardly depends on n.
        double sigma = coils < 1.15 ? Math.sqrt(square / n / 2) : sd / ChiNoise.sd(coils);
        return new Background(air, candidates, artefacts, sigma, coils, null);
    }

    /** No usable air, for a reason that is known beforehand. */
    public static Background unknown(Mask candidates, String reason) {
        Mask none = new Mask(candidates.grid(), new boolean[candidates.in().length], "air");
        return new Background(none, candidates, none.named("artefacts"), Double.NaN, Double.NaN, reason);
    }

    /** Connected voxels brighter than ten robust sd of the air (Mortamet 2009, as MRIQC computes it). */
    private static Mask artefacts(Mask candidates, float[] image) {
        float[] values = candidates.values(image);
        int n = 0;
        for (float v : values) {
            if (v > 0) {
                values[n++] = v;
            }
        }
        double spread = Statistics.madn(Arrays.copyOf(values, n));
        // With many coils the noise floor itself is above ten sd: there the limit is counted from the floor.
        double limit =
                Math.max(ARTEFACT_MADN * spread, Statistics.medianInPlace(values, n) + ABOVE_FLOOR_MADN * spread);
        Mask bright = Mask.above(candidates.grid(), image, limit, "artefacts").and(candidates, "artefacts");
        if (!(limit > 0) || bright.count() == 0) {
            return new Mask(candidates.grid(), new boolean[image.length], "artefacts");
        }
        return Morphology.open(bright, Neighbours.FACES_6, 1);
    }
}
