package org.datman.analysis.mask;

import org.datman.analysis.image.AxisMap;
import org.datman.analysis.image.BlockGrid;
import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.Morphology.Neighbours;
import org.datman.analysis.stats.Statistics;

/** The masks that metrics are taken over. Definitions: qc specification <a href="{@docRoot}/../docs/qc-specification.md#A.0.3">A.0.3</a>. */
public final class Masks {

    private static final double COARSE_MM = 2.5;

    private Masks() {}

    /**
     * Object of an EPI, DWI or phantom image, as AFNI's 3dAutomask finds it: above the clip level, largest component, peeled
     * where fewer than 17 of 18 neighbours are in and grown back, holes filled. Id {@code automask}.
     */
    public static Mask automask(Grid grid, float[] image, double clipFraction, int peels) {
        double clip = Threshold.clipLevel(image, clipFraction);
        Mask mask = Morphology.largest(Mask.above(grid, image, Math.max(clip, 0), "automask"), Neighbours.FACES_6);
        // Peeling needs neighbours in all three directions; a slab of one slice would vanish.
        boolean thin = grid.nx() < 3 || grid.ny() < 3 || grid.nz() < 3;
        Mask core = mask;
        for (int p = 0; p < peels && !thin; p++) {
            core = Morphology.atLeast(core, Neighbours.EDGES_18, 17, false, true);
        }
        if (!thin && peels > 0) {
            core = Morphology.largest(core, Neighbours.FACES_6);
            for (int p = 0; p < peels; p++) {
                core = Morphology.dilate(core, Neighbours.EDGES_18, 1).and(mask, "automask");
            }
            mask = Morphology.largest(core, Neighbours.FACES_6);
        }
        return Morphology.fillHoles(mask).named("automask");
    }

    /**
     * The whole object of an EPI or phantom image: the automask and what is dimmer than the clip level but attached to it within
     * 20 mm, as scalp is (fat-suppressed, it is far below the brain and would count as ghost or noise). Id {@code object}.
     */
    public static Mask object(Mask automask, float[] image) {
        Grid g = automask.grid();
        Mask reach = Morphology.dilateMm(automask, 20);
        float[] far = reach.not("far").values(image);
        double floor = far.length < 100 ? 0 : 6 * Statistics.quantile(far, 0.1);
        double clip = Threshold.clipLevel(image, 0.5);
        Mask dim = Mask.above(g, image, Math.max(0.2 * clip, floor), "object").and(reach, "object");
        boolean[] in = automask.in().clone();
        for (int v = 0; v < in.length; v++) {
            in[v] |= dim.in()[v];
        }
        Mask whole = Morphology.largest(new Mask(g, in, "object"), Neighbours.FACES_6);
        for (int axis = 0; axis < 3; axis++) {
            if (g.dim(axis) > 1 || axis == 2) {
                whole = Morphology.fillHolesPerSlice(whole, axis);
            }
        }
        return whole.named("object");
    }

    /** The automask without its outermost voxels, id {@code automask_e1}; the automask itself where nothing would be left. */
    public static Mask inner(Mask automask) {
        Grid g = automask.grid();
        Mask eroded = g.nz() < 3 ? erodeInPlane(automask) : Morphology.erode(automask, Neighbours.FACES_6, 1);
        return eroded.count() >= 50 ? eroded.named(automask.id() + "_e1") : automask;
    }

    private static Mask erodeInPlane(Mask mask) {
        Grid g = mask.grid();
        boolean[] out = new boolean[g.size()];
        for (int k = 0; k < g.nz(); k++) {
            for (int j = 1; j < g.ny() - 1; j++) {
                for (int i = 1; i < g.nx() - 1; i++) {
                    int v = g.index(i, j, k);
                    out[v] = mask.in()[v]
                            && mask.in()[v - 1]
                            && mask.in()[v + 1]
                            && mask.in()[v - g.nx()]
                            && mask.in()[v + g.nx()];
                }
            }
        }
        return new Mask(g, out, mask.id());
    }

    /**
     * Head of an anatomical image: 0.3 x Otsu, largest component, closed by 10 mm, holes filled per slice in all three
     * orientations, one voxel added. Id {@code head}.
     */
    public static Mask head(Grid grid, float[] image) {
        BlockGrid coarse = BlockGrid.of(grid, COARSE_MM);
        Grid g = coarse.grid();
        float[] small = coarse.shrink(image);
        Mask mask = Morphology.largest(Mask.above(g, small, 0.3 * Threshold.otsu(small), "head"), Neighbours.FACES_6);
        mask = Morphology.closeMm(mask, 10);
        for (int axis = 0; axis < 3; axis++) {
            mask = Morphology.fillHolesPerSlice(mask, axis);
        }
        mask = Morphology.dilate(mask, Neighbours.FACES_6, 1);
        return new Mask(grid, coarse.grow(mask.in()), "head");
    }

    /**
     * Air around a head: further than 6 mm from it, above the lowest third of its height, not in the lower front quadrant where
     * face and neck move, four voxels off the edge of the field of view. Zeros are still in it. Id {@code air}.
     */
    public static Mask air(Mask head) {
        Grid grid = head.grid();
        BlockGrid coarse = BlockGrid.of(grid, COARSE_MM);
        Mask near = Morphology.dilateMm(shrink(coarse, head), 6);
        boolean[] nearFine = coarse.grow(near.in());
        AxisMap axes = grid.axes();
        int s = axes.fileAxis(2);
        int a = axes.fileAxis(1);
        double[] height = along(head, s, axes.sign()[s]);
        double[] forward = along(head, a, axes.sign()[a]);
        boolean[] out = new boolean[grid.size()];
        int[] at = new int[3];
        for (at[2] = 0; at[2] < grid.nz(); at[2]++) {
            for (at[1] = 0; at[1] < grid.ny(); at[1]++) {
                if (edge(grid, at, 1, 4) || edge(grid, at, 2, 4)) {
                    continue;
                }
                int row = grid.index(0, at[1], at[2]);
                for (at[0] = 0; at[0] < grid.nx(); at[0]++) {
                    int v = row + at[0];
                    out[v] = !nearFine[v]
                            && height[at[s]] > 1.0 / 3
                            && !(height[at[s]] < 0.5 && forward[at[a]] > 0.5)
                            && !edge(grid, at, 0, 4);
                }
            }
        }
        return new Mask(grid, out, "air");
    }

    /**
     * What should be air around the object of an EPI, DWI or phantom image: two voxels and 6 mm away from it, off the edges, and not
     * in the place of an N/2 ghost along {@code phaseAxis} (-1 when unknown). Zeros are still in it.
     */
    public static Mask airAround(Mask object, int phaseAxis) {
        Grid grid = object.grid();
        double reach = Math.max(6, 2 * Math.max(grid.dx(), Math.max(grid.dy(), grid.dz() / 2)));
        Mask near = Morphology.dilateMm(object, reach);
        Mask ghost = phaseAxis < 0 ? near : near.rolled(phaseAxis, grid.dim(phaseAxis) / 2, "air");
        boolean[] strict = new boolean[grid.size()];
        boolean[] loose = new boolean[grid.size()];
        int count = 0;
        for (int v = 0; v < strict.length; v++) {
            int i = v % grid.nx();
            int j = v / grid.nx() % grid.ny();
            int w = Math.min(4, Math.min(grid.nx(), grid.ny()) / 16);
            boolean inside = i >= w && j >= w && i < grid.nx() - w && j < grid.ny() - w;
            loose[v] = inside && !near.in()[v];
            strict[v] = loose[v] && !ghost.in()[v];
            count += strict[v] ? 1 : 0;
        }
        // Where the object nearly fills the field of view, air in the ghost's place is better than no air.
        return new Mask(grid, count >= 500 ? strict : loose, "air");
    }

    /** The blocks half of which is in the set; the set itself where a block is a voxel. */
    static Mask shrink(BlockGrid coarse, Mask fine) {
        if (coarse.grid().size() == fine.grid().size()) {
            return fine;
        }
        float[] share = coarse.shrink(fine.in());
        boolean[] out = new boolean[share.length];
        for (int v = 0; v < out.length; v++) {
            out[v] = share[v] >= 0.5;
        }
        return new Mask(coarse.grid(), out, fine.id());
    }

    private static boolean edge(Grid g, int[] at, int axis, int width) {
        int n = g.dim(axis);
        int w = Math.min(width, (n - 1) / 8);
        return at[axis] < w || at[axis] >= n - w;
    }

    /** First and last index of the set along an axis; {0, n - 1} for an empty set. */
    static int[] extent(Mask mask, int axis) {
        Grid g = mask.grid();
        int first = g.dim(axis);
        int last = -1;
        for (int v = 0; v < mask.in().length; v++) {
            if (mask.in()[v]) {
                int at = v / g.stride(axis) % g.dim(axis);
                first = Math.min(first, at);
                last = Math.max(last, at);
            }
        }
        return last < 0 ? new int[] {0, g.dim(axis) - 1} : new int[] {first, last};
    }

    /** For each index along an axis the share of the set's extent behind it. */
    private static double[] along(Mask mask, int axis, int sign) {
        int[] extent = extent(mask, axis);
        double[] out = new double[mask.grid().dim(axis)];
        for (int at = 0; at < out.length; at++) {
            double share = extent[1] == extent[0] ? 0.5 : (double) (at - extent[0]) / (extent[1] - extent[0]);
            out[at] = sign > 0 ? share : 1 - share;
        }
        return out;
    }
}
