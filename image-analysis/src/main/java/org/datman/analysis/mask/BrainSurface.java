package org.datman.analysis.mask;

import java.util.Arrays;
import org.datman.analysis.image.AxisMap;
import org.datman.analysis.image.BlockGrid;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.LogField;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.stats.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Brain of an anatomical image by a deformable surface, after the idea of Smith 2002 (BET): a sphere inside the head grows until
 * the intensity just inside of it is below half of the bright level there, while it is kept as smooth as brains are. Unlike there,
 * bright is counted from the depth beneath each corner; the receive field, estimated from a rough surface, is removed before the surface
 * grows; voxels directly under the skin or too far below the top to be brain are dark from the start; and non-brain inside the surface
 * is removed afterwards ({@link BrainRefinement}).
 *
 * @param mask the brain, id {@code brain_surface}; empty when the image has no head to start in
 * @param open share of the mask's rim that has nothing dark outside of it within 5 mm: no skull, so the mask leaked there (below a fifth
 *     in a good mask, at the brain stem, the optic nerves and where fat is on thin bone); NaN when there is no brain
 */
public record BrainSurface(Mask mask, double open) {

    private static final String ID = "brain_surface";
    private static final double COARSE_MM = 2.5;
    private static final int FEWEST = 1000;
    /** 642 corners find the place and the shape, 2562 the surface. */
    private static final int ROUGH_HALVINGS = 3;

    private static final int ROUGH_ROUNDS = 250;
    private static final int SHAPE_ROUNDS = 100;
    private static final int FINE_ROUNDS = 200;
    /** Shrinkage of the rough shape, so that the surface converges from within: it hardly ever moves back. */
    private static final double TAKEN_IN_MM = 2;
    /** Mean step along an axis below which a surface has converged. */
    private static final double STILL_MM = 0.005;

    private static final double SECOND_RADIUS_MM = 50;
    /** Skin and bone; no brain is closer to the air. */
    private static final double SKIN_MM = 8;
    /** Below the top of the head there is neck, which would shift the start down. */
    private static final double BRAIN_BELOW_TOP_MM = 150;
    /** Half of the widest brain: along left-right, front-back, and from its middle down. */
    private static final double[] WIDEST_MM = {90, 110, 85};

    private static final double MIDDLE_BELOW_TOP_MM = 60;
    /** Radii of curvature between which smoothing goes from full to none. */
    private static final double SHARPEST_MM = 3.33;

    private static final double FLATTEST_MM = 10;
    private static final double DARKEST_WITHIN_MM = 20;
    private static final double BRIGHTEST_WITHIN_MM = 10;
    private static final double STEP_MM = 2;
    private static final int DEPTHS = 6;
    private static final double BENEATH_FROM_MM = 10;
    /** The skin under a leaking mask must not enter the fit of the field. */
    private static final double FIELD_INSIDE_MM = 6;
    /** Every n-th block is enough for the fit of the field. */
    private static final int FIELD_EVERY = 3;
    /** Extrapolation of the log field beyond its range in the brain. */
    private static final double FIELD_BEYOND = 0.3;

    private static final double STOP = 0.5;

    /**
     * Finds the brain; half a second on two cores.
     *
     * @param head as {@link Masks#head} finds it
     */
    public static BrainSurface of(Mask head, float[] image) {
        Grid fine = head.grid();
        BlockGrid coarse = BlockGrid.of(fine, COARSE_MM);
        Grid grid = coarse.grid();
        float[] small = coarse.shrink(image);
        Search search = Search.of(grid, small);
        Surface rough = search == null ? null : search.start(Masks.shrink(coarse, head));
        if (search == null || rough == null) {
            return new BrainSurface(new Mask(fine, new boolean[fine.size()], ID), Double.NaN);
        }
        search.grow(rough, ROUGH_ROUNDS);
        float[] even = small.clone();
        search = search.even(rough, even);
        Surface again = search.startAgain(rough);
        search.grow(again, SHAPE_ROUNDS);
        // A step is a share of the distance between corners, so the many steps outwards are taken by few corners.
        Surface surface = again.halved();
        surface.takeIn(TAKEN_IN_MM);
        search.grow(surface, FINE_ROUNDS);
        Mask blocks = new Mask(grid, surface.inside(grid), ID);
        double open = Double.NaN;
        if (search.white > 0) {
            blocks = BrainRefinement.of(blocks, even, search.white);
            open = BrainRefinement.open(blocks, even, search.white);
        }
        // From the centre of the first block to that of the first voxel.
        double[] p = surface.position();
        double[] shift = {(grid.dx() - fine.dx()) / 2, (grid.dy() - fine.dy()) / 2, (grid.dz() - fine.dz()) / 2};
        for (int v = 0; v < p.length; v++) {
            p[v] += shift[v % 3];
        }
        boolean[] in = coarse.grow(blocks.in());
        boolean[] inside = surface.inside(fine);
        for (int v = 0; v < in.length; v++) {
            in[v] &= inside[v];
        }
        return new BrainSurface(new Mask(fine, in, ID), open);
    }

    /** An image in which surfaces grow: its levels, with known non-brain made dark. */
    private static final class Search {

        private final Grid grid;
        private final float[] image;
        private final double floor;
        private final double ceiling;
        private final double edge;
        private final double[] perMm;
        private final int[] last;
        private final int row;
        private final int plane;
        private double typical;
        private double white = Double.NaN;

        Search(Grid grid, float[] image, double floor, double ceiling, double edge) {
            this.grid = grid;
            this.image = image;
            this.floor = floor;
            this.ceiling = ceiling;
            this.edge = edge;
            perMm = new double[] {1 / grid.dx(), 1 / grid.dy(), 1 / grid.dz()};
            last = new int[] {grid.nx() - 1, grid.ny() - 1, grid.nz() - 1};
            row = grid.nx();
            plane = grid.nx() * grid.ny();
        }

        /** Null when the image is flat. */
        static @Nullable Search of(Grid grid, float[] image) {
            float[] work = image.clone();
            double floor = Statistics.lowerQuantileInPlace(work, work.length, 0.02);
            double ceiling = Statistics.lowerQuantileInPlace(work, work.length, 0.98);
            return ceiling > floor
                    ? new Search(grid, image.clone(), floor, ceiling, floor + 0.1 * (ceiling - floor))
                    : null;
        }

        /**
         * This search with the receive field removed, as estimated from the inside of a rough surface: close to a coil the skin is
         * several times as bright as the middle of the brain, and half as bright as beneath is no skull there.
         *
         * @param whole the same image with nothing made dark; the field is removed from it too
         */
        Search even(Surface rough, float[] whole) {
            boolean[] in = Morphology.erodeMm(new Mask(grid, rough.inside(grid), ID), FIELD_INSIDE_MM)
                    .in();
            int[] voxels = new int[in.length];
            int n = 0;
            for (int v = 0; v < in.length; v++) {
                boolean sampled = (v % row + v / row % grid.ny() + v / plane) % FIELD_EVERY == 0;
                if (in[v] && sampled && image[v] > edge) {
                    voxels[n++] = v;
                }
            }
            voxels = Arrays.copyOf(voxels, n);
            LogField field = LogField.fit(grid, image, voxels, LogField.Degree.QUADRATIC);
            if (field == null) {
                return this;
            }
            double[] log = new double[n];
            for (int i = 0; i < n; i++) {
                log[i] = field.at(voxels[i]);
            }
            double low = Statistics.quantileInPlace(log, n, 0.005) - FIELD_BEYOND;
            double high = Statistics.quantileInPlace(log, n, 0.995) + FIELD_BEYOND;
            double middle = Statistics.medianInPlace(log, n);
            for (int v = 0; v < image.length; v++) {
                double gain = Math.exp(middle - Math.max(low, Math.min(high, field.at(v))));
                image[v] = (float) (floor + Math.max(0, image[v] - floor) * gain);
                whole[v] = (float) (floor + Math.max(0, whole[v] - floor) * gain);
            }
            double bright = Statistics.lowerQuantileInPlace(whole.clone(), whole.length, 0.98);
            Search even = new Search(grid, image, floor, bright, floor + 0.1 * (bright - floor));
            double[] values = new double[n];
            for (int i = 0; i < n; i++) {
                values[i] = image[voxels[i]];
            }
            even.typical = Statistics.median(values);
            even.white = Math.exp(middle);
            return even;
        }

        /** A sphere half as large as the head about its centre of brightness. Null without a head. */
        @Nullable
        Surface start(Mask whole) {
            boolean[] head = head();
            takeSkin(whole);
            double[] centre = new double[3];
            double weight = 0;
            int count = 0;
            for (int v = 0; v < image.length; v++) {
                if (head[v]) {
                    double w = Math.max(0, Math.min(image[v], ceiling) - floor);
                    for (int a = 0; a < 3; a++) {
                        centre[a] += w * place(v, a);
                    }
                    weight += w;
                    count++;
                }
            }
            if (!(weight > 0) || count < FEWEST) {
                return null;
            }
            for (int a = 0; a < 3; a++) {
                centre[a] /= weight;
            }
            double radius = Math.cbrt(count * grid.voxelVolume() * 3 / (4 * Math.PI));
            typical = typical(centre, radius);
            return sphere(centre, radius / 2);
        }

        private double place(int v, int axis) {
            return v / grid.stride(axis) % grid.dim(axis) * grid.spacing(axis);
        }

        /** Above the edge and not further below the top of the head than a brain reaches. */
        private boolean[] head() {
            Mask mask = Morphology.largest(Mask.above(grid, image, edge, "head"), Morphology.Neighbours.FACES_6);
            AxisMap axes = grid.axes();
            int s = axes.fileAxis(2);
            boolean upwards = axes.sign()[s] > 0;
            int[] extent = Masks.extent(mask, s);
            boolean[] in = mask.in().clone();
            for (int v = 0; v < in.length; v++) {
                int at = v / grid.stride(s) % grid.dim(s);
                int below = upwards ? extent[1] - at : at - extent[0];
                in[v] &= below * grid.spacing(s) <= BRAIN_BELOW_TOP_MM;
            }
            return in;
        }

        /** Unless the background is exactly zero: then the skin may have been removed already. */
        private void takeSkin(Mask whole) {
            int zeros = 0;
            for (float v : image) {
                zeros += v == 0 ? 1 : 0;
            }
            if (zeros > image.length / 4) {
                return;
            }
            boolean[] deep = Morphology.erodeMm(whole, SKIN_MM).in();
            for (int v = 0; v < image.length; v++) {
                if (!deep[v]) {
                    image[v] = (float) floor;
                }
            }
        }

        private double typical(double[] centre, double radius) {
            double[] values = new double[image.length];
            int n = 0;
            for (int v = 0; v < image.length; v++) {
                double square = 0;
                for (int a = 0; a < 3; a++) {
                    double d = place(v, a) - centre[a];
                    square += d * d;
                }
                if (square < radius * radius && image[v] > floor && image[v] < ceiling) {
                    values[n++] = image[v];
                }
            }
            return n == 0 ? ceiling : Statistics.quantileInPlace(values, n, 0.5);
        }

        /** A new sphere in the middle of the result; what is too far from it for a brain, neck and jaw, becomes dark. */
        Surface startAgain(Surface found) {
            AxisMap axes = grid.axes();
            int s = axes.fileAxis(2);
            int[] file = {axes.fileAxis(0), axes.fileAxis(1), s};
            double up = axes.sign()[s];
            double[] p = found.position();
            double top = Double.NEGATIVE_INFINITY;
            for (int v = 0; v < p.length; v += 3) {
                top = Math.max(top, up * p[v + s]);
            }
            double[] middle = new double[3];
            int n = 0;
            for (int v = 0; v < p.length; v += 3) {
                if (top - up * p[v + s] < 80) {
                    for (int c = 0; c < 3; c++) {
                        middle[c] += p[v + c];
                    }
                    n++;
                }
            }
            for (int c = 0; c < 3; c++) {
                middle[c] /= n;
            }
            for (int v = 0; v < image.length; v++) {
                double x = (place(v, file[0]) - middle[file[0]]) / WIDEST_MM[0];
                double y = (place(v, file[1]) - middle[file[1]]) / WIDEST_MM[1];
                double z = (top - MIDDLE_BELOW_TOP_MM - up * place(v, s)) / WIDEST_MM[2];
                if (z > 0 && x * x + y * y + z * z > 1) {
                    image[v] = (float) floor;
                }
            }
            return sphere(middle, SECOND_RADIUS_MM);
        }

        private static Surface sphere(double[] centre, double radius) {
            Surface surface = Surface.sphere(ROUGH_HALVINGS);
            double[] p = surface.position();
            for (int v = 0; v < p.length; v++) {
                p[v] = centre[v % 3] + radius * p[v];
            }
            return surface;
        }

        /** At most so many rounds; fewer when the surface has converged. */
        void grow(Surface surface, int rounds) {
            double[] p = surface.position();
            double[] normal = new double[p.length];
            double[] next = new double[p.length];
            for (int round = 0; round < rounds; round++) {
                surface.normals(normal);
                double spacing = surface.spacing();
                Parallel.blocks(surface.corners(), 320, (from, to) -> {
                    double[] deep = new double[DEPTHS];
                    for (int c = from; c < to; c++) {
                        move(surface, c, normal, spacing, next, deep);
                    }
                });
                double moved = 0;
                for (int v = 0; v < p.length; v++) {
                    moved += Math.abs(next[v] - p[v]);
                }
                System.arraycopy(next, 0, p, 0, p.length);
                if (moved < STILL_MM * p.length) {
                    return;
                }
            }
        }

        /** One step of one corner: evenly between its neighbours, smooth, outwards while there is brain inside. */
        private void move(Surface surface, int corner, double[] normal, double spacing, double[] next, double[] deep) {
            double[] p = surface.position();
            int at = 3 * corner;
            double sx = 0;
            double sy = 0;
            double sz = 0;
            int[] ring = surface.neighbours(corner);
            for (int o : ring) {
                sx += p[3 * o];
                sy += p[3 * o + 1];
                sz += p[3 * o + 2];
            }
            sx = sx / ring.length - p[at];
            sy = sy / ring.length - p[at + 1];
            sz = sz / ring.length - p[at + 2];
            double nx = normal[at];
            double ny = normal[at + 1];
            double nz = normal[at + 2];
            double along = sx * nx + sy * ny + sz * nz;
            double curvature = 2 * Math.abs(along) / (spacing * spacing);
            double middle = (1 / SHARPEST_MM + 1 / FLATTEST_MM) / 2;
            double steep = 6 / (1 / SHARPEST_MM - 1 / FLATTEST_MM);
            double smooth = (1 + Math.tanh(steep * (curvature - middle))) / 2;
            double out = smooth * along + 0.05 * spacing * pull(p[at], p[at + 1], p[at + 2], nx, ny, nz, deep);
            next[at] = p[at] + 0.5 * (sx - along * nx) + out * nx;
            next[at + 1] = p[at + 1] + 0.5 * (sy - along * ny) + out * ny;
            next[at + 2] = p[at + 2] + 0.5 * (sz - along * nz) + out * nz;
        }

        /**
         * Difference of the darkest intensity inside a corner from the level at which to stop, from about -2 to 2.
         *
         * @param deep buffer for the intensities beneath
         */
        private double pull(double x, double y, double z, double nx, double ny, double nz, double[] deep) {
            double dark = ceiling;
            double bright = edge;
            int found = 0;
            for (int n = 0; found < DEPTHS; n++) {
                double d = n * STEP_MM;
                boolean beneath = isBeneath(n);
                if (d > DARKEST_WITHIN_MM && !beneath) {
                    continue;
                }
                double value = at(x - d * nx, y - d * ny, z - d * nz);
                if (d <= DARKEST_WITHIN_MM && value < dark) {
                    dark = value;
                }
                if (d <= BRIGHTEST_WITHIN_MM && value > bright) {
                    bright = value;
                }
                if (beneath) {
                    found = place(deep, found, value);
                }
            }
            dark = Math.max(floor, dark);
            // A little less than the median beneath the surface, within a factor of two of the whole brain's.
            double middle = 0.9 * (deep[2] + deep[3]) / 2;
            bright = Math.min(Math.max(0.5 * typical, Math.min(2 * typical, middle)), bright);
            return 2 * (dark - floor - STOP * (bright - floor)) / (bright - floor);
        }

        /** Whether the n-th step is one of the six, 4 mm apart, whose median is the brightness beneath. */
        private static boolean isBeneath(int n) {
            int steps = n - (int) (BENEATH_FROM_MM / STEP_MM);
            return steps >= 0 && steps % 2 == 0;
        }

        /** Insertion sort: a library's sort of six numbers costs more than all the rest of a step. */
        private static int place(double[] sorted, int n, double value) {
            int place = n;
            while (place > 0 && sorted[place - 1] > value) {
                sorted[place] = sorted[place - 1];
                place--;
            }
            sorted[place] = value;
            return n + 1;
        }

        /** Trilinear; dark outside the image. */
        private double at(double x, double y, double z) {
            double u = x * perMm[0];
            double v = y * perMm[1];
            double w = z * perMm[2];
            if (!(u >= 0 && v >= 0 && w >= 0 && u < last[0] && v < last[1] && w < last[2])) {
                return floor;
            }
            int i = (int) u;
            int j = (int) v;
            int k = (int) w;
            double a = u - i;
            double b = v - j;
            int n = i + row * j + plane * k;
            double low = plane(n, a, b);
            return low + (w - k) * (plane(n + plane, a, b) - low);
        }

        private double plane(int n, double a, double b) {
            int m = n + row;
            double near = image[n] + a * (image[n + 1] - image[n]);
            return near + b * (image[m] + a * (image[m + 1] - image[m]) - near);
        }
    }
}
