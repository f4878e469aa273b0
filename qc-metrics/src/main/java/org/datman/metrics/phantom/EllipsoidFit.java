package org.datman.metrics.phantom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.stats.Statistics;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;
import org.jspecify.annotations.Nullable;

/**
 * The ellipsoid through a phantom's surface (qc specification <a href="{@docRoot}/../docs/qc-specification.md#A.4.5">A.4.5</a>): where lines along the three file axes enter and leave it at half of
 * its signal, between voxels; least squares of a general quadric, in millimetres. Outliers (bubbles, fillers, the holder)
 * are left out; a surface that the field of view cuts is fitted by the other points.
 *
 * @param centre R, A, S in mm
 * @param halfWidth extent from the centre along patient R, A, S in mm, as distorted by the gradients; NaN where the
 *     surface was not observed that far
 * @param axes semi-axes in mm, longest first
 * @param rmsMm distance of the points from the surface
 * @param points used
 */
record EllipsoidFit(double[] centre, double[] halfWidth, double[] axes, double rmsMm, int points) {

    /** Beyond this multiple of where points were seen, an extent is the formula's and not the phantom's. */
    private static final double FURTHEST = 1.6;
    /** Rms in shares of the mean axis from which on the surface is not that of an ellipsoid. */
    private static final double ROUGH = 0.03;

    private static final int MOST_LINES = 3000;
    private static final int FEWEST = 60;
    private static final int TURNS = 6;

    EllipsoidFit {
        centre = centre.clone();
        halfWidth = halfWidth.clone();
        axes = axes.clone();
    }

    /** Fits, or null where the surface does not make an ellipsoid. */
    static @Nullable EllipsoidFit of(Grid grid, float[] image, Mask inside) {
        double level = 0.5 * Statistics.median(inside.values(image));
        List<double[]> surface = surface(grid, image, level);
        if (surface.size() < FEWEST) {
            return null;
        }
        double[][] all = surface.toArray(double[][]::new);
        double[] middle = new double[3];
        for (int r = 0; r < 3; r++) {
            int column = r;
            middle[r] = Statistics.median(
                    Arrays.stream(all).mapToDouble(p -> p[column]).toArray());
        }
        double scale = Statistics.median(
                Arrays.stream(all).mapToDouble(p -> Quadric.distance(p, middle)).toArray());
        double[][] points = Arrays.stream(all)
                .map(p ->
                        new double[] {(p[0] - middle[0]) / scale, (p[1] - middle[1]) / scale, (p[2] - middle[2]) / scale
                        })
                .toArray(double[][]::new);
        boolean[] used = new boolean[points.length];
        Arrays.fill(used, true);
        Quadrics quadric = Quadrics.through(points, used);
        for (int turn = 1; quadric != null; turn++) {
            double[] off = new double[points.length];
            for (int n = 0; n < off.length; n++) {
                off[n] = quadric.distance(points[n]);
            }
            double limit = Math.max(3 * Statistics.madn(off), 1e-4);
            for (int n = 0; n < off.length; n++) {
                used[n] = Math.abs(off[n]) <= limit;
            }
            if (turn == TURNS) {
                return quadric.result(points, used, middle, scale);
            }
            quadric = Quadrics.through(points, used);
        }
        return null;
    }

    /** Points in mm where lines along the axes cross the level, outermost on either side; no points where the edge is outside the image. */
    private static List<double[]> surface(Grid g, float[] x, double level) {
        List<double[]> out = new ArrayList<>();
        double[] a = g.affine();
        for (int axis = 0; axis < 3; axis++) {
            int first = axis == 0 ? 1 : 0;
            int second = axis == 2 ? 1 : 2;
            int n = g.dim(axis);
            int step = Math.max(1, (int) Math.ceil(Math.sqrt((double) g.dim(first) * g.dim(second) / MOST_LINES)));
            for (int c = step / 2; c < g.dim(second); c += step) {
                for (int b = step / 2; b < g.dim(first); b += step) {
                    int base = b * g.stride(first) + c * g.stride(second);
                    for (int side = 0; side < 2; side++) {
                        double at = crossing(x, base, g.stride(axis), n, side == 1, level);
                        if (Double.isFinite(at)) {
                            double[] voxel = new double[3];
                            voxel[axis] = at;
                            voxel[first] = b;
                            voxel[second] = c;
                            out.add(Quadric.mm(a, voxel[0], voxel[1], voxel[2]));
                        }
                    }
                }
            }
        }
        return out;
    }

    /** From outside inwards: the first two voxels in a row above the level, so that a spark in the air is no surface. */
    private static double crossing(float[] x, int base, int stride, int n, boolean fromEnd, double level) {
        for (int p = 1; p + 1 < n; p++) {
            int at = fromEnd ? n - 1 - p : p;
            int in = fromEnd ? at - 1 : at + 1;
            int out = fromEnd ? at + 1 : at - 1;
            double here = x[base + at * stride];
            double before = x[base + out * stride];
            if (p == 1 && before > level) {
                return Double.NaN;
            }
            if (here > level && before <= level && x[base + in * stride] > level) {
                return at + (out - at) * (here - level) / (here - before);
            }
        }
        return Double.NaN;
    }

    /** p'Mp + 2 w'p = 1. */
    private record Quadrics(RealMatrix m, double[] w) {

        static @Nullable Quadrics through(double[][] points, boolean[] used) {
            double[][] normal = new double[9][9];
            double[] right = new double[9];
            for (int n = 0; n < points.length; n++) {
                if (used[n]) {
                    double x = points[n][0];
                    double y = points[n][1];
                    double z = points[n][2];
                    double[] row = {x * x, y * y, z * z, 2 * x * y, 2 * x * z, 2 * y * z, 2 * x, 2 * y, 2 * z};
                    for (int r = 0; r < 9; r++) {
                        right[r] += row[r];
                        for (int c = 0; c < 9; c++) {
                            normal[r][c] += row[r] * row[c];
                        }
                    }
                }
            }
            SingularValueDecomposition svd = new SingularValueDecomposition(new Array2DRowRealMatrix(normal, false));
            double[] s = svd.getSingularValues();
            if (!(s[8] > 1e-9 * s[0])) {
                return null;
            }
            double[] q =
                    svd.getSolver().solve(new ArrayRealVector(right, false)).toArray();
            double[][] m = {{q[0], q[3], q[4]}, {q[3], q[1], q[5]}, {q[4], q[5], q[2]}};
            if (!(Quadric.eigenvalues(m)[2] > 1e-3)) {
                return null;
            }
            return new Quadrics(new Array2DRowRealMatrix(m, false), new double[] {q[6], q[7], q[8]});
        }

        /** First-order distance of a point from the surface, positive outside. */
        double distance(double[] p) {
            double[] mp = m.operate(p);
            double value = -1;
            double slope = 0;
            for (int r = 0; r < 3; r++) {
                value += p[r] * mp[r] + 2 * w[r] * p[r];
                slope += (mp[r] + w[r]) * (mp[r] + w[r]);
            }
            return value / (2 * Math.sqrt(Math.max(slope, 1e-12)));
        }

        /** Largest distance of the observed points from the centre along each patient axis, mm. */
        private static double[] reach(double[][] points, boolean[] used, double[] centre, double scale) {
            double[] reach = new double[3];
            for (int p = 0; p < points.length; p++) {
                for (int r = 0; used[p] && r < 3; r++) {
                    reach[r] = Math.max(reach[r], scale * Math.abs(points[p][r] - centre[r]));
                }
            }
            return reach;
        }

        @Nullable
        EllipsoidFit result(double[][] points, boolean[] used, double[] middle, double scale) {
            double square = 0;
            int n = 0;
            for (int p = 0; p < points.length; p++) {
                if (used[p]) {
                    double d = distance(points[p]);
                    square += d * d;
                    n++;
                }
            }
            RealMatrix inverse = MatrixUtils.inverse(m);
            double[] centre = inverse.operate(w);
            double k = 1;
            for (int r = 0; r < 3; r++) {
                centre[r] = -centre[r];
                k -= w[r] * centre[r];
            }
            double[] values = Quadric.eigenvalues(m.getData());
            double[] axes = new double[3];
            double[] half = new double[3];
            double[] mm = new double[3];
            for (int r = 0; r < 3; r++) {
                axes[r] = scale * Math.sqrt(k / values[2 - r]);
                half[r] = scale * Math.sqrt(k * inverse.getEntry(r, r));
                mm[r] = middle[r] + scale * centre[r];
            }
            double rms = scale * Math.sqrt(square / n);
            boolean smooth = n >= FEWEST && rms < ROUGH * (axes[0] + axes[1] + axes[2]) / 3;
            if (!smooth) {
                return null;
            }
            double[] reach = reach(points, used, centre, scale);
            for (int r = 0; r < 3; r++) {
                half[r] = half[r] < FURTHEST * reach[r] ? half[r] : Double.NaN;
            }
            return new EllipsoidFit(mm, half, axes, rms, n);
        }
    }
}
