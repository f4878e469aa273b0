package org.datman.analysis.mask;

import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.Morphology.Neighbours;
import org.datman.analysis.stats.Statistics;

/**
 * Removes from a brain's surface the tissue inside of it that is not brain, by intensity and connection: marrow, fat and skin are
 * brighter than white matter or hang on the brain by thin bridges only; skull and air are dark. Needs an image whose field is even.
 */
final class BrainRefinement {

    /** Grey and white matter, as shares of white matter's level. */
    private static final double DARKEST = 0.5;

    private static final double BRIGHTEST = 1.3;
    /** Noise that makes holes in grey matter. */
    private static final double NOISY = 0.055;
    /** Lower limit of a single noisy block. */
    private static final double DARKEST_ALONE = 0.35;
    /** Half the width of the widest bridge that is cut: meninges, veins, roots of nerves. */
    private static final double BRIDGE_MM = 2.6;
    /** Distance of a gyrus' crown, removed with the bridges, from the rest of it. */
    private static final double CROWN_MM = 5;
    /** Half the width of sulci, which belong to a brain though they are dark. */
    private static final double SULCUS_MM = 12;
    /** Fluid and mixed blocks around grey matter; one block where they are larger. */
    private static final double RIM_MM = 2.1;
    /** Range of the search for dark voxels beyond the mask. */
    private static final double SEAL_MM = 5;

    private BrainRefinement() {}

    /**
     * The brain inside a surface.
     *
     * @param even the image with the receive field removed
     * @param white level of white matter in it
     * @return empty when no voxels of brain's brightness are connected
     */
    static Mask of(Mask surface, float[] even, double white) {
        Grid grid = surface.grid();
        boolean noisy = noise(surface, even) > NOISY * white;
        boolean[] bright = new boolean[even.length];
        for (int v = 0; v < bright.length; v++) {
            if (surface.in()[v] && even[v] < BRIGHTEST * white) {
                bright[v] = noisy
                        ? even[v] > DARKEST_ALONE * white && withNeighbours(grid, even, v) > DARKEST * white
                        : even[v] > DARKEST * white;
            }
        }
        Mask tissue = new Mask(grid, bright, surface.id());
        // Thick slices: half a bridge is at least one of them.
        double bridge = Math.max(BRIDGE_MM, 1.01 * Math.max(grid.dx(), Math.max(grid.dy(), grid.dz())));
        Mask core = Morphology.largest(Morphology.erodeMm(tissue, bridge), Neighbours.FACES_6);
        Mask crowned = Morphology.dilateMm(core, bridge + CROWN_MM - BRIDGE_MM).and(tissue, surface.id());
        Mask whole = Morphology.largest(crowned, Neighbours.FACES_6);
        Mask closed = Morphology.fillHoles(Morphology.closeMm(whole, SULCUS_MM));
        double rim = Math.max(RIM_MM, 1.01 * Math.min(grid.dx(), Math.min(grid.dy(), grid.dz())));
        Mask rimmed = Morphology.dilateMm(closed, rim);
        boolean[] in = new boolean[even.length];
        for (int v = 0; v < in.length; v++) {
            in[v] = rimmed.in()[v] && surface.in()[v] && (closed.in()[v] || even[v] < BRIGHTEST * white);
        }
        return new Mask(grid, in, surface.id());
    }

    /** Median difference of blocks from their neighbours' mean: that of a brain's own structure is about a twentieth of white. */
    private static double noise(Mask surface, float[] even) {
        double[] differences = new double[even.length];
        int n = 0;
        for (int v = 0; v < even.length; v++) {
            if (surface.in()[v]) {
                // Half of the difference is left in a mean of which half is the block.
                differences[n++] = 2 * Math.abs(even[v] - withNeighbours(surface.grid(), even, v));
            }
        }
        return Statistics.medianInPlace(differences, n);
    }

    /** Half the block, half its neighbours, so that noise makes no holes. */
    private static double withNeighbours(Grid g, float[] image, int v) {
        double sum = 0;
        int n = 0;
        for (int axis = 0; axis < 3; axis++) {
            int at = v / g.stride(axis) % g.dim(axis);
            if (at > 0) {
                sum += image[v - g.stride(axis)];
                n++;
            }
            if (at < g.dim(axis) - 1) {
                sum += image[v + g.stride(axis)];
                n++;
            }
        }
        return n == 0 ? image[v] : (image[v] + sum / n) / 2;
    }

    /** Share of a mask's outermost voxels that have nothing dark outside of it within 5 mm; NaN for an empty mask. */
    static double open(Mask mask, float[] even, double white) {
        Grid grid = mask.grid();
        boolean[] dark = new boolean[even.length];
        for (int v = 0; v < dark.length; v++) {
            dark[v] = !mask.in()[v] && even[v] < DARKEST * white;
        }
        boolean[] sealed = Distance.within(new Mask(grid, dark, "dark"), SEAL_MM);
        Mask inner = Morphology.erode(mask, Neighbours.FACES_6, 1);
        int rim = 0;
        int open = 0;
        for (int v = 0; v < dark.length; v++) {
            if (mask.in()[v] && !inner.in()[v]) {
                rim++;
                open += sealed[v] ? 0 : 1;
            }
        }
        return rim == 0 ? Double.NaN : (double) open / rim;
    }
}
