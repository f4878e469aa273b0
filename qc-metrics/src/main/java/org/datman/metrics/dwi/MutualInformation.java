package org.datman.metrics.dwi;

import java.util.Arrays;
import org.datman.analysis.image.BlockGrid;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Smooth;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Morphology;
import org.datman.analysis.motion.Rigid;
import org.datman.analysis.stats.Statistics;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.SimpleBounds;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.noderiv.BOBYQAOptimizer;

/**
 * Rigid registration by normalised mutual information (Studholme 1999), which holds when contrast inverts: a weighted volume
 * against an unweighted one. 32×32 bins with linear Parzen windows, on blocks of about 4 mm smoothed by 8 and then 5 mm. Immutable
 * and safe for several threads.
 */
final class MutualInformation {

    private static final int BINS = 32;
    private static final double BLOCK_MM = 4;
    private static final double[] FWHM_MM = {8, 5};
    /** Trust region of the search at its start and end per level, mm: the accuracy for weighted volumes is some tenths. */
    private static final double[] START_MM = {1.5, 0.5};

    private static final double[] STOP_MM = {0.2, 0.02};
    /** The first level samples every third point. */
    private static final int[] EVERY = {3, 1};

    private static final int POINTS = 12000;
    /** Radius at which a rotation moves a point as much as a translation of the same number, mm. */
    private static final double RADIUS_MM = 60;

    private static final double REACH_MM = 15;

    private final BlockGrid coarse;
    private final double[] centre;
    private final double[] toVoxel;
    /** Sample points of the head: indices i, j, k on the coarse grid, one after the other. */
    private final int[] points;

    private final float[][] reference;

    private MutualInformation(Grid fine, float[] image, Mask mask) {
        this.coarse = BlockGrid.of(fine, BLOCK_MM);
        Grid g = coarse.grid();
        double[] a = fine.affine();
        this.centre = new double[3];
        for (int r = 0; r < 3; r++) {
            centre[r] = a[4 * r] * (fine.nx() - 1) / 2.0
                    + a[4 * r + 1] * (fine.ny() - 1) / 2.0
                    + a[4 * r + 2] * (fine.nz() - 1) / 2.0
                    + a[4 * r + 3];
        }
        this.toVoxel = inverse(g.affine());
        int[] chosen = choose(g, mask);
        this.points = new int[3 * chosen.length];
        for (int n = 0; n < chosen.length; n++) {
            points[3 * n] = chosen[n] % g.nx();
            points[3 * n + 1] = chosen[n] / g.nx() % g.ny();
            points[3 * n + 2] = chosen[n] / (g.nx() * g.ny());
        }
        float[] small = coarse.shrink(image);
        this.reference = new float[FWHM_MM.length][];
        for (int level = 0; level < FWHM_MM.length; level++) {
            float[] smooth = Smooth.gaussian(g, small, FWHM_MM[level]);
            float[] at = new float[chosen.length];
            for (int n = 0; n < at.length; n++) {
                at[n] = smooth[chosen[n]];
            }
            reference[level] = binned(at);
        }
    }

    /** Prepares a reference; {@code mask} is the brain. */
    static MutualInformation to(Grid grid, float[] image, Mask mask) {
        return new MutualInformation(grid, image, mask);
    }

    private int[] choose(Grid g, Mask mask) {
        Mask small = Mask.above(g, coarse.shrink(mask.in()), 0.25, "nmi");
        int[] all = Morphology.dilate(small, Morphology.Neighbours.FACES_6, 2).indices();
        int step = Math.max(1, all.length / POINTS);
        int[] chosen = new int[(all.length + step - 1) / step];
        for (int n = 0; n < chosen.length; n++) {
            chosen[n] = all[n * step];
        }
        return chosen;
    }

    /** Intensities as positions on the axis of bins, P0.5 to P99.5. */
    private static float[] binned(float[] x) {
        double low = Statistics.quantile(x, 0.005);
        double high = Statistics.quantile(x, 0.995);
        double scale = high > low ? (BINS - 1.001) / (high - low) : 0;
        float[] out = new float[x.length];
        for (int n = 0; n < x.length; n++) {
            out[n] = (float) Math.max(0, Math.min(BINS - 1.001, (x[n] - low) * scale));
        }
        return out;
    }

    /** Where the head of the reference is in {@code volume}; {@code start} is a first guess. */
    Rigid estimate(float[] volume, Rigid start) {
        Grid g = coarse.grid();
        float[] small = coarse.shrink(volume);
        double[] p = start.parameters();
        for (int a = 3; a < 6; a++) {
            p[a] *= RADIUS_MM;
        }
        for (int level = 0; level < FWHM_MM.length; level++) {
            float[] moving = binned(Smooth.gaussian(g, small, FWHM_MM[level]));
            float[] fixed = reference[level];
            int every = EVERY[level];
            double[] low = p.clone();
            double[] high = p.clone();
            for (int a = 0; a < 6; a++) {
                low[a] -= REACH_MM;
                high[a] += REACH_MM;
            }
            try {
                p = new BOBYQAOptimizer(2 * 6 + 1, START_MM[level], STOP_MM[level])
                        .optimize(
                                new MaxEval(2000),
                                GoalType.MINIMIZE,
                                new ObjectiveFunction(x -> -similarity(fixed, moving, every, x)),
                                new InitialGuess(p),
                                new SimpleBounds(low, high))
                        .getPoint();
            } catch (MathRuntimeException e) {
                // The optimiser failed (flat or noisy information): its start is the best known estimate.
                return start;
            }
        }
        return rigid(p);
    }

    private static Rigid rigid(double[] p) {
        return Rigid.of(p[0], p[1], p[2], p[3] / RADIUS_MM, p[4] / RADIUS_MM, p[5] / RADIUS_MM);
    }

    private double similarity(float[] fixed, float[] moving, int every, double[] p) {
        Grid g = coarse.grid();
        double[] m = voxelMap(rigid(p));
        // Local variables: the compiler cannot exclude that the array that is written to is this one.
        double m0 = m[0];
        double m1 = m[1];
        double m2 = m[2];
        double m3 = m[3];
        double m4 = m[4];
        double m5 = m[5];
        double m6 = m[6];
        double m7 = m[7];
        double m8 = m[8];
        double m9 = m[9];
        double m10 = m[10];
        double m11 = m[11];
        double lastX = g.nx() - 1;
        double lastY = g.ny() - 1;
        double lastZ = g.nz() - 1;
        double[] joint = new double[BINS * BINS];
        int nx = g.nx();
        int plane = nx * g.ny();
        for (int n = 0; n < fixed.length; n += every) {
            int i = points[3 * n];
            int j = points[3 * n + 1];
            int k = points[3 * n + 2];
            double x = m0 * i + m1 * j + m2 * k + m3;
            double y = m4 * i + m5 * j + m6 * k + m7;
            double z = m8 * i + m9 * j + m10 * k + m11;
            if (!(x >= 0 && y >= 0 && z >= 0 && x < lastX && y < lastY && z < lastZ)) {
                continue;
            }
            int atX = (int) x;
            int atY = (int) y;
            int atZ = (int) z;
            int at = atX + nx * atY + plane * atZ;
            double fx = x - atX;
            double fy = y - atY;
            double fz = z - atZ;
            double near = (moving[at] * (1 - fx) + moving[at + 1] * fx) * (1 - fy)
                    + (moving[at + nx] * (1 - fx) + moving[at + nx + 1] * fx) * fy;
            int up = at + plane;
            double far = (moving[up] * (1 - fx) + moving[up + 1] * fx) * (1 - fy)
                    + (moving[up + nx] * (1 - fx) + moving[up + nx + 1] * fx) * fy;
            double b = near * (1 - fz) + far * fz;
            double a = fixed[n];
            int ia = (int) a;
            int ib = (int) b;
            double fa = a - ia;
            double fb = b - ib;
            int cell = ia * BINS + ib;
            joint[cell] += (1 - fa) * (1 - fb);
            joint[cell + 1] += (1 - fa) * fb;
            joint[cell + BINS] += fa * (1 - fb);
            joint[cell + BINS + 1] += fa * fb;
        }
        return information(joint);
    }

    private static double information(double[] joint) {
        double[] rows = new double[BINS];
        double[] columns = new double[BINS];
        double total = 0;
        double ab = 0;
        for (int a = 0; a < BINS; a++) {
            for (int b = 0; b < BINS; b++) {
                double w = joint[a * BINS + b];
                rows[a] += w;
                columns[b] += w;
                total += w;
                ab += w > 0 ? w * Math.log(w) : 0;
            }
        }
        if (total < 200) {
            return 0;
        }
        double together = Math.log(total) - ab / total;
        return together > 0 ? (entropy(rows, total) + entropy(columns, total)) / together : 0;
    }

    private static double entropy(double[] w, double total) {
        double sum = Arrays.stream(w).map(x -> x > 0 ? x * Math.log(x) : 0).sum();
        return Math.log(total) - sum / total;
    }

    /** Coarse voxel to coarse voxel under a movement about the centre of the fine grid, 3×4. */
    private double[] voxelMap(Rigid movement) {
        double[] a = coarse.grid().affine();
        double[] r = movement.r();
        double[] t = movement.t();
        double[] moved = new double[12];
        for (int row = 0; row < 3; row++) {
            for (int c = 0; c < 3; c++) {
                moved[4 * row + c] = r[3 * row] * a[c] + r[3 * row + 1] * a[4 + c] + r[3 * row + 2] * a[8 + c];
            }
            moved[4 * row + 3] = r[3 * row] * (a[3] - centre[0])
                    + r[3 * row + 1] * (a[7] - centre[1])
                    + r[3 * row + 2] * (a[11] - centre[2])
                    + t[row]
                    + centre[row];
        }
        double[] out = new double[12];
        for (int row = 0; row < 3; row++) {
            for (int c = 0; c < 4; c++) {
                out[4 * row + c] = toVoxel[4 * row] * moved[c]
                        + toVoxel[4 * row + 1] * moved[4 + c]
                        + toVoxel[4 * row + 2] * moved[8 + c]
                        + (c == 3 ? toVoxel[4 * row + 3] : 0);
            }
        }
        return out;
    }

    private static double[] inverse(double[] a) {
        double c00 = a[5] * a[10] - a[6] * a[9];
        double c01 = a[6] * a[8] - a[4] * a[10];
        double c02 = a[4] * a[9] - a[5] * a[8];
        double det = a[0] * c00 + a[1] * c01 + a[2] * c02;
        double[] b = new double[12];
        b[0] = c00 / det;
        b[4] = c01 / det;
        b[8] = c02 / det;
        b[1] = (a[2] * a[9] - a[1] * a[10]) / det;
        b[5] = (a[0] * a[10] - a[2] * a[8]) / det;
        b[9] = (a[1] * a[8] - a[0] * a[9]) / det;
        b[2] = (a[1] * a[6] - a[2] * a[5]) / det;
        b[6] = (a[2] * a[4] - a[0] * a[6]) / det;
        b[10] = (a[0] * a[5] - a[1] * a[4]) / det;
        for (int r = 0; r < 3; r++) {
            b[4 * r + 3] = -(b[4 * r] * a[3] + b[4 * r + 1] * a[7] + b[4 * r + 2] * a[11]);
        }
        return b;
    }
}
