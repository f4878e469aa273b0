package org.datman.metrics.common;

import java.util.Arrays;
import org.datman.analysis.image.BlockGrid;
import org.datman.analysis.image.Gradient;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.image.Series;
import org.datman.analysis.image.Volume;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Morphology;
import org.datman.analysis.mask.Morphology.Neighbours;
import org.datman.analysis.stats.Statistics;
import org.jspecify.annotations.Nullable;

/** Formulas over one image and masks; no decisions. NaN where a value is not defined. */
public final class ImageMetrics {

    private static final double SIGMA_TO_FWHM = 2.3548200450309493;

    private static final double CALM_SHARE = 0.2;
    private static final int FEWEST_CALM = 500;

    private ImageMetrics() {}

    /**
     * The calmest part of a mask: where the image, averaged over blocks of two voxels in plane and through, has its lowest fifth of
     * gradients. Noise hardly shows in that choice, edges and folds do.
     */
    public static Mask calm(Grid grid, float[] image, Mask mask) {
        BlockGrid coarse = BlockGrid.of(grid, 2 * Math.max(grid.dx(), Math.max(grid.dy(), grid.dz())));
        Grid g = coarse.grid();
        float[] gradient = Gradient.magnitude(g, coarse.shrink(image));
        float[] inside = coarse.shrink(mask.in());
        float[] values = new float[g.size()];
        int n = 0;
        for (int v = 0; v < values.length; v++) {
            if (inside[v] > 0.99f) {
                values[n++] = gradient[v];
            }
        }
        double limit = Statistics.quantileInPlace(values, n, CALM_SHARE);
        boolean[] chosen = new boolean[g.size()];
        for (int v = 0; v < chosen.length; v++) {
            chosen[v] = inside[v] > 0.99f && gradient[v] <= limit;
        }
        Mask calm = new Mask(grid, coarse.grow(chosen), mask.id() + "_calm").and(mask, mask.id() + "_calm");
        return calm.count() < FEWEST_CALM ? mask : calm;
    }

    /** The mean over some volumes. */
    public static Volume mean(Series series, int[] volumes) {
        double[] sum = new double[series.grid().size()];
        for (int t : volumes) {
            float[] x = series.volume(t).data();
            for (int v = 0; v < sum.length; v++) {
                sum[v] += x[v];
            }
        }
        float[] mean = new float[sum.length];
        for (int v = 0; v < sum.length; v++) {
            mean[v] = (float) (sum[v] / volumes.length);
        }
        return new Volume(series.grid(), mean);
    }

    /** Absolute values. */
    public static float[] absolute(float[] image) {
        float[] absolute = new float[image.length];
        for (int v = 0; v < absolute.length; v++) {
            absolute[v] = Math.abs(image[v]);
        }
        return absolute;
    }

    /**
     * Absolute response of the difference kernel [1 -2 1; -2 4 -2; 1 -2 1] at a voxel that is not at the edge of its plane: noise of sd
     * sigma gives one of sd 6 sigma.
     *
     * @param a step from a voxel to the next along the first axis of the plane
     * @param b along the second
     */
    public static float differenceKernel(float[] image, int v, int a, int b) {
        return Math.abs(image[v - a - b]
                - 2 * image[v - b]
                + image[v + a - b]
                - 2 * image[v - a]
                + 4 * image[v]
                - 2 * image[v + a]
                + image[v - a + b]
                - 2 * image[v + b]
                + image[v + a + b]);
    }

    /**
     * Noise sigma inside {@code mask} from the in-plane {@linkplain #differenceKernel difference kernel}: median of its absolute
     * response over 0.6745 and 6 (Immerkaer 1996, with a median so that edges do not count).
     */
    public static double sigmaInside(Grid grid, float[] image, Mask mask, int sliceAxis) {
        int a = grid.stride(sliceAxis == 0 ? 1 : 0);
        int b = grid.stride(sliceAxis == 2 ? 1 : 2);
        int na = grid.dim(sliceAxis == 0 ? 1 : 0);
        int nb = grid.dim(sliceAxis == 2 ? 1 : 2);
        float[] response = new float[mask.count()];
        int n = 0;
        for (int v = 0; v < image.length; v++) {
            if (!mask.in()[v]) {
                continue;
            }
            int pa = v / a % na;
            int pb = v / b % nb;
            if (pa == 0 || pb == 0 || pa == na - 1 || pb == nb - 1) {
                continue;
            }
            response[n++] = differenceKernel(image, v, a, b);
        }
        return Statistics.medianInPlace(response, n) / 0.6745 / 6;
    }

    /**
     * Entropy focus criterion (Atkinson 1997), scaled by its largest value: 0 when all energy is in one voxel, 1 when it is
     * spread evenly. Negative voxels count as 0; {@code outside} voxels (padding) are left out of the scale.
     */
    public static double efc(float[] image, @Nullable Mask outside) {
        double square = 0;
        long n = 0;
        for (int v = 0; v < image.length; v++) {
            if (outside == null || !outside.in()[v]) {
                n++;
                square += image[v] > 0 ? (double) image[v] * image[v] : 0;
            }
        }
        if (!(square > 0) || n < 2) {
            return Double.NaN;
        }
        double b = Math.sqrt(square);
        int block = 1 << 16;
        double[] partial = new double[(image.length + block - 1) / block];
        Parallel.blocks(image.length, block, (from, to) -> {
            double sum = 0;
            for (int v = from; v < to; v++) {
                if (image[v] > 0 && (outside == null || !outside.in()[v])) {
                    double p = image[v] / b;
                    sum += p * Math.log(p);
                }
            }
            partial[from / block] = sum;
        });
        double entropy = Arrays.stream(partial).sum();
        double largest = n / Math.sqrt(n) * Math.log(1 / Math.sqrt(n));
        return entropy / largest;
    }

    /** Padding: the two largest connected regions of voxels that are not positive, opened; null when below 500 voxels. */
    public static @Nullable Mask padding(Grid grid, float[] image) {
        boolean[] zero = new boolean[image.length];
        int count = 0;
        for (int v = 0; v < image.length; v++) {
            zero[v] = image[v] <= 0;
            count += zero[v] ? 1 : 0;
        }
        if (count < 500) {
            return null;
        }
        Mask opened = openPadded(new Mask(grid, zero, "padding"));
        Mask first = Morphology.largest(opened, Neighbours.FACES_6);
        Mask second = Morphology.largest(opened.andNot(first, "padding"), Neighbours.FACES_6);
        boolean[] out = new boolean[image.length];
        int inside = 0;
        for (int v = 0; v < out.length; v++) {
            out[v] = first.in()[v] || second.in()[v];
            inside += out[v] ? 1 : 0;
        }
        return inside < 500 ? null : new Mask(grid, out, "padding");
    }

    /** Opening for which the outside of the grid belongs to the set: padding touches the faces. */
    private static Mask openPadded(Mask mask) {
        Mask complement = mask.not("complement");
        return Morphology.erode(Morphology.dilate(complement, Neighbours.FACES_6, 1), Neighbours.FACES_6, 1)
                .not("padding")
                .and(mask, "padding");
    }

    /** Foreground to background energy: median of squares in the head over median of squares in air. */
    public static double fber(float[] image, Mask head, Mask air) {
        double below = medianSquare(air.values(image));
        return below > 0 ? medianSquare(head.values(image)) / below : Double.NaN;
    }

    private static double medianSquare(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= values[i];
        }
        return Statistics.medianInPlace(values, values.length);
    }

    /**
     * Smoothness in mm along each file axis (Forman 1995; 3dFWHMx classic): from the variance inside the mask and the variance of
     * first differences between neighbours that are both inside. NaN along an axis where it is not defined.
     */
    public static double[] fwhm(Grid grid, float[] image, Mask mask) {
        double[] out = new double[3];
        double variance = variance(mask.values(image));
        for (int axis = 0; axis < 3; axis++) {
            int stride = grid.stride(axis);
            int n = grid.dim(axis);
            long pairs = 0;
            double sum = 0;
            double square = 0;
            for (int v = 0; v < image.length; v++) {
                if (mask.in()[v] && v / stride % n < n - 1 && mask.in()[v + stride]) {
                    double d = (double) image[v + stride] - image[v];
                    sum += d;
                    square += d * d;
                    pairs++;
                }
            }
            double spread = pairs < 6 ? Double.NaN : (square - sum * sum / pairs) / (pairs - 1);
            double r = 1 - spread / (2 * variance);
            out[axis] = r > 0 && r < 1
                    ? SIGMA_TO_FWHM * grid.spacing(axis) * Math.sqrt(-1 / (4 * Math.log(r)))
                    : Double.NaN;
        }
        return out;
    }

    private static double variance(float[] values) {
        double mean = Statistics.mean(values);
        double sum = 0;
        for (float v : values) {
            sum += (v - mean) * (v - mean);
        }
        return sum / (values.length - 1);
    }

    /**
     * Ghost to signal ratio (Giannelli 2010, as QAP and MRIQC compute it): the mask rolled by half the field of view is the
     * ghost, the rest outside is background.
     *
     * @param meanSignal true for QAP's mean of the signal, false for MRIQC's median
     */
    public static double gsr(float[] image, Mask mask, int axis, boolean meanSignal) {
        Mask rolled = mask.rolled(axis, mask.grid().dim(axis) / 2, "rolled");
        double ghost = 0;
        double rest = 0;
        int ghosts = 0;
        int rests = 0;
        for (int v = 0; v < image.length; v++) {
            if (mask.in()[v]) {
                continue;
            }
            if (rolled.in()[v]) {
                ghost += image[v];
                ghosts++;
            } else {
                rest += image[v];
                rests++;
            }
        }
        float[] signal = mask.values(image);
        double level = meanSignal ? Statistics.mean(signal) : Statistics.medianInPlace(signal, signal.length);
        return ghosts == 0 || rests == 0 ? Double.NaN : (ghost / ghosts - rest / rests) / level;
    }

    /**
     * Where the object touches both faces of the field of view along an axis: the fraction of that face covered by the object at
     * the first and at the last index of the same line.
     */
    public static double wrapFraction(Mask object, int axis) {
        Grid g = object.grid();
        int u = axis == 0 ? 1 : 0;
        int w = axis == 2 ? 1 : 2;
        int last = (g.dim(axis) - 1) * g.stride(axis);
        int both = 0;
        for (int b = 0; b < g.dim(w); b++) {
            for (int a = 0; a < g.dim(u); a++) {
                int v = a * g.stride(u) + b * g.stride(w);
                both += object.in()[v] && object.in()[v + last] ? 1 : 0;
            }
        }
        return (double) both / (g.dim(u) * g.dim(w));
    }
}
