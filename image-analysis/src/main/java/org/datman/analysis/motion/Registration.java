package org.datman.analysis.motion;

import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.image.Series;
import org.datman.analysis.image.Smooth;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Morphology;
import org.datman.analysis.stats.Statistics;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.jspecify.annotations.Nullable;

/**
 * Rigid registration of volumes to a reference by inverse-compositional Gauss-Newton: the derivatives of the reference are
 * taken once, a receiver gain is solved for together with the six movements, and a few iterations per volume reach
 * hundredths of a millimetre. Immutable after construction and safe for several threads; every volume is estimated on its
 * own, so the result does not depend on the number of cores.
 *
 * <p>Movements are about the centre of the grid, in millimetres along patient R, A, S, from the position of the head in the
 * reference to that in the volume.
 */
public final class Registration {

    /** Smoothing that suits EPI of 2 to 4 mm: the least error in the walk scenario of the tests. */
    public static final double FWHM_MM = 6;

    /** Keeps movements that the image cannot show (turns of a sphere) at zero; the point of convergence stays the same. */
    private static final double RIDGE = 1e-3;

    private static final int MAX_ITERATIONS = 20;
    private static final double STOP_MM = 1e-3;
    private static final double ROTATION_RADIUS_MM = 50;
    private static final int MIN_POINTS = 200;
    private static final int WANTED_POINTS = 20000;
    /** The first iterations use every eighth point: they need the direction, not the last hundredth of a millimetre. */
    private static final int SPARSE = 8;

    private static final double SPARSE_UNTIL_MM = 0.02;

    /**
     * One estimate.
     *
     * @param movement patient movement, mm and RAS axes
     * @param converged false when the iterations ran out
     * @param residual root mean square difference after alignment over the mean reference intensity
     */
    public record Estimate(Rigid movement, boolean converged, double residual) {}

    private final Grid grid;
    private final double fwhmMm;
    private final double[] directions;
    private final double[] centre;
    private final float[] points;
    private final float[] reference;
    private final float[] jacobian;
    private final double[][] normalInverse;
    private final int count;
    private final double scale;
    private final @Nullable Level coarse;

    private record Level(Registration registration) {}

    private Registration(Grid grid, float[] image, double fwhmMm, boolean pyramid) throws RegistrationException {
        this.grid = grid;
        this.fwhmMm = fwhmMm;
        this.directions = grid.directions();
        this.centre = new double[] {(grid.nx() - 1) / 2.0, (grid.ny() - 1) / 2.0, (grid.nz() - 1) / 2.0};
        if (grid.nx() < 4 || grid.ny() < 4 || grid.nz() < 4) {
            throw new RegistrationException("too_few_slices", "registration needs four voxels along every axis");
        }
        float[] smooth = Smooth.gaussian(grid, image, fwhmMm);
        int[] voxels = choose(smooth);
        this.count = voxels.length;
        this.points = new float[3 * count];
        this.reference = new float[count];
        this.jacobian = new float[7 * count];
        this.scale = fill(voxels, smooth);
        this.normalInverse = normalInverse();
        this.coarse = pyramid ? new Level(new Registration(grid, image, 3 * fwhmMm, false)) : null;
    }

    /**
     * Prepares a reference.
     *
     * @param image the volume others are compared with
     * @param fwhmMm smoothing of reference and volumes, usually {@link #FWHM_MM}
     * @throws RegistrationException if the image has too little structure or too few slices
     */
    public static Registration to(Grid grid, float[] image, double fwhmMm) throws RegistrationException {
        return new Registration(grid, image, fwhmMm, true);
    }

    private int[] choose(float[] smooth) throws RegistrationException {
        double bright = Statistics.quantile(smooth, 0.98);
        Mask mask = Mask.above(grid, smooth, 0.25 * bright, "registration");
        mask = Morphology.dilate(mask, Morphology.Neighbours.FACES_6, 2);
        int[] all = mask.indices();
        int kept = 0;
        for (int v : all) {
            int i = v % grid.nx();
            int j = v / grid.nx() % grid.ny();
            int k = v / (grid.nx() * grid.ny());
            if (i > 0 && j > 0 && k > 0 && i < grid.nx() - 1 && j < grid.ny() - 1 && k < grid.nz() - 1) {
                all[kept++] = v;
            }
        }
        if (kept < MIN_POINTS || !(bright > 0)) {
            throw new RegistrationException("no_object", "only " + kept + " voxels of the image are brighter than air");
        }
        int step = (kept + WANTED_POINTS - 1) / WANTED_POINTS;
        int[] chosen = new int[(kept + step - 1) / step];
        for (int n = 0; n < chosen.length; n++) {
            chosen[n] = all[n * step];
        }
        return chosen;
    }

    /** Points in mm about the centre, reference values and derivatives; returns the mean of the reference. */
    private double fill(int[] voxels, float[] smooth) {
        double sum = 0;
        for (int n = 0; n < count; n++) {
            int v = voxels[n];
            double x = (v % grid.nx() - centre[0]) * grid.dx();
            double y = (v / grid.nx() % grid.ny() - centre[1]) * grid.dy();
            double z = (v / (grid.nx() * grid.ny()) - centre[2]) * grid.dz();
            double gx = (smooth[v + 1] - smooth[v - 1]) / (2 * grid.dx());
            double gy = (smooth[v + grid.nx()] - smooth[v - grid.nx()]) / (2 * grid.dy());
            int plane = grid.nx() * grid.ny();
            double gz = (smooth[v + plane] - smooth[v - plane]) / (2 * grid.dz());
            points[3 * n] = (float) x;
            points[3 * n + 1] = (float) y;
            points[3 * n + 2] = (float) z;
            reference[n] = smooth[v];
            float[] row = {
                (float) gx,
                (float) gy,
                (float) gz,
                (float) (y * gz - z * gy),
                (float) (z * gx - x * gz),
                (float) (x * gy - y * gx),
                smooth[v]
            };
            System.arraycopy(row, 0, jacobian, 7 * n, 7);
            sum += smooth[v];
        }
        return sum / count;
    }

    private double[][] normalInverse() throws RegistrationException {
        double[][] normal = new double[7][7];
        for (int n = 0; n < count; n++) {
            for (int a = 0; a < 7; a++) {
                for (int b = 0; b <= a; b++) {
                    normal[a][b] += (double) jacobian[7 * n + a] * jacobian[7 * n + b];
                }
            }
        }
        for (int a = 0; a < 7; a++) {
            for (int b = a + 1; b < 7; b++) {
                normal[a][b] = normal[b][a];
            }
        }
        // Columns differ by orders of magnitude (mm, rad, gain): equilibrate before inverting.
        double[] weight = new double[7];
        RealMatrix balanced = new Array2DRowRealMatrix(7, 7);
        for (int a = 0; a < 7; a++) {
            weight[a] = normal[a][a] > 0 ? 1 / Math.sqrt(normal[a][a]) : 0;
        }
        for (int a = 0; a < 7; a++) {
            for (int b = 0; b < 7; b++) {
                balanced.setEntry(a, b, normal[a][b] * weight[a] * weight[b] + (a == b ? RIDGE : 0));
            }
        }
        try {
            RealMatrix inverse = new LUDecomposition(balanced, 1e-9).getSolver().getInverse();
            double[][] out = new double[7][7];
            for (int a = 0; a < 7; a++) {
                for (int b = 0; b < 7; b++) {
                    out[a][b] = inverse.getEntry(a, b) * weight[a] * weight[b];
                }
            }
            return out;
        } catch (MathRuntimeException e) {
            throw new RegistrationException("no_structure", "the image has too little structure to see movement in", e);
        }
    }

    /** Position of the reference's head in this volume. */
    public Estimate estimate(float[] volume) {
        return estimate(volume, Rigid.identity());
    }

    private Estimate estimate(float[] volume, Rigid startPatient) {
        double[] toVoxelAxes = {
            directions[0], directions[3], directions[6],
            directions[1], directions[4], directions[7],
            directions[2], directions[5], directions[8]
        };
        Spline spline = new Spline(grid, Smooth.gaussian(grid, volume, fwhmMm));
        Rigid start = startPatient.in(toVoxelAxes);
        double[] best = new double[2];
        Rigid found = iterate(spline, start, best);
        boolean converged = best[1] > 0;
        double residual = best[0];
        if (coarse != null && (!converged || found.rmsDisplacement(80) > 4)) {
            Rigid wide = coarse.registration().estimate(volume, startPatient).movement();
            double[] second = new double[2];
            Rigid again = iterate(spline, wide.in(toVoxelAxes), second);
            if (second[0] < residual) {
                found = again;
                residual = second[0];
                converged = second[1] > 0;
            }
        }
        return new Estimate(found.in(directions), converged, residual);
    }

    /** Gauss-Newton from a start; {@code quality} takes relative residual and 1 for converged. */
    private Rigid iterate(Spline spline, Rigid start, double[] quality) {
        Rigid current = start;
        double[] b = new double[7];
        boolean converged = false;
        double residual = Double.POSITIVE_INFINITY;
        int every = count / SPARSE >= MIN_POINTS * 5 ? SPARSE : 1;
        for (int it = 0; it < MAX_ITERATIONS && !converged; it++) {
            residual = gradient(spline, current, every, b);
            if (Double.isNaN(residual)) {
                break;
            }
            double[] step = new double[7];
            for (int a = 0; a < 7; a++) {
                for (int c = 0; c < 7; c++) {
                    step[a] += normalInverse[a][c] * b[c];
                }
            }
            // The gain multiplies the reference: movements come out in units of the unscaled reference's derivatives.
            double gain = 1 + step[6];
            double share = gain > 0.2 ? 1 / gain : 1;
            for (int a = 0; a < 6; a++) {
                step[a] *= share;
            }
            Rigid increment =
                    new Rigid(Rigid.rotation(step[3], step[4], step[5]), new double[] {step[0], step[1], step[2]});
            current = current.after(increment.inverse());
            double moved = Math.max(Math.abs(step[0]), Math.max(Math.abs(step[1]), Math.abs(step[2])));
            double turned = Math.max(Math.abs(step[3]), Math.max(Math.abs(step[4]), Math.abs(step[5])));
            double most = Math.max(moved, ROTATION_RADIUS_MM * turned);
            converged = every == 1 && most < STOP_MM;
            if (most < SPARSE_UNTIL_MM || it >= MAX_ITERATIONS / 2) {
                every = 1;
            }
        }
        quality[0] = residual;
        quality[1] = converged ? 1 : 0;
        return current;
    }

    /**
     * J'(moving - reference) into {@code b}, of every n-th point times n; returns the relative residual, NaN when nothing
     * overlaps.
     */
    private double gradient(Spline spline, Rigid movement, int every, double[] b) {
        java.util.Arrays.fill(b, 0);
        double[] r = movement.r();
        double[] t = movement.t();
        double ix = 1 / grid.dx();
        double iy = 1 / grid.dy();
        double iz = 1 / grid.dz();
        double b0 = 0;
        double b1 = 0;
        double b2 = 0;
        double b3 = 0;
        double b4 = 0;
        double b5 = 0;
        double b6 = 0;
        double square = 0;
        int used = 0;
        for (int n = 0; n < count; n += every) {
            double x = points[3 * n];
            double y = points[3 * n + 1];
            double z = points[3 * n + 2];
            double vx = (r[0] * x + r[1] * y + r[2] * z + t[0]) * ix + centre[0];
            double vy = (r[3] * x + r[4] * y + r[5] * z + t[1]) * iy + centre[1];
            double vz = (r[6] * x + r[7] * y + r[8] * z + t[2]) * iz + centre[2];
            if (!spline.contains(vx, vy, vz)) {
                continue;
            }
            double e = spline.at(vx, vy, vz) - reference[n];
            int row = 7 * n;
            b0 += e * jacobian[row];
            b1 += e * jacobian[row + 1];
            b2 += e * jacobian[row + 2];
            b3 += e * jacobian[row + 3];
            b4 += e * jacobian[row + 4];
            b5 += e * jacobian[row + 5];
            b6 += e * jacobian[row + 6];
            square += e * e;
            used++;
        }
        if (used * every < MIN_POINTS) {
            return Double.NaN;
        }
        b[0] = every * b0;
        b[1] = every * b1;
        b[2] = every * b2;
        b[3] = every * b3;
        b[4] = every * b4;
        b[5] = every * b5;
        b[6] = every * b6;
        return Math.sqrt(square / used) / scale;
    }

    /** Estimates for all volumes of a series, on all cores. */
    public Estimate[] estimateAll(Series series) {
        Estimate[] all = new Estimate[series.volumes()];
        Parallel.forEach(all.length, t -> all[t] = estimate(series.volume(t).data()));
        return all;
    }
}
