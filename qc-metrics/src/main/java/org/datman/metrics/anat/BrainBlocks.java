package org.datman.metrics.anat;

import org.datman.analysis.image.BlockGrid;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.mask.Mask;

/**
 * A brain's intensities on blocks of at most 1.5 mm (or single voxels that are larger) in the box that holds the brain, with a rim of
 * one empty block.
 *
 * @param grid of the box; its place in the patient is that of the whole image's first block
 * @param from block of the whole image at which the box begins, along i, j, k; -1 when that is its rim
 * @param size voxels that a whole block has along i, j, k
 * @param value mean intensity of each block; 0 where the block is not all brain
 * @param count blocks of brain
 */
record BrainBlocks(Grid grid, int[] from, int[] size, float[] value, int count) {

    /** Larger blocks mix grey and white; the cortex is 2.5 mm thick. */
    private static final double BLOCK_MM = 1.5;
    /** Least share of a block that is brain. */
    private static final double INSIDE = 0.95;

    /** Empty, with a box of one block, when the mask is. */
    static BrainBlocks of(Grid fine, float[] image, Mask brain) {
        BlockGrid coarse = BlockGrid.of(fine, BLOCK_MM);
        int[] size = {coarse.factor(0), coarse.factor(1), coarse.factor(2)};
        int[][] extent = extent(fine, brain.in());
        int[] from = new int[3];
        int[] n = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            from[axis] = extent[0][axis] / size[axis] - 1;
            n[axis] = Math.max(1, extent[1][axis] / size[axis] - from[axis] + 2);
        }
        Grid all = coarse.grid();
        Grid box = new Grid(n[0], n[1], n[2], all.dx(), all.dy(), all.dz(), all.affine());
        float[] value = new float[box.size()];
        int[] counts = new int[n[2]];
        Parallel.forEach(n[2], k -> {
            for (int j = 0; j < n[1]; j++) {
                for (int i = 0; i < n[0]; i++) {
                    float mean = mean(fine, image, brain.in(), size, i + from[0], j + from[1], k + from[2]);
                    value[box.index(i, j, k)] = mean;
                    counts[k] += mean > 0 ? 1 : 0;
                }
            }
        });
        int count = 0;
        for (int c : counts) {
            count += c;
        }
        return new BrainBlocks(box, from, size, value, count);
    }

    /** Mean of a block; 0 where too much of it is no brain, or where it is not positive. */
    private static float mean(Grid g, float[] image, boolean[] in, int[] size, int bi, int bj, int bk) {
        double sum = 0;
        int inside = 0;
        int voxels = 0;
        for (int k = Math.max(0, bk * size[2]); k < Math.min(g.nz(), (bk + 1) * size[2]); k++) {
            for (int j = Math.max(0, bj * size[1]); j < Math.min(g.ny(), (bj + 1) * size[1]); j++) {
                for (int i = Math.max(0, bi * size[0]); i < Math.min(g.nx(), (bi + 1) * size[0]); i++) {
                    int v = g.index(i, j, k);
                    sum += image[v];
                    inside += in[v] ? 1 : 0;
                    voxels++;
                }
            }
        }
        return inside > INSIDE * voxels ? (float) Math.max(0, sum / voxels) : 0;
    }

    /** First and last voxel along i, j, k. */
    private static int[][] extent(Grid g, boolean[] in) {
        int[][] extent = {{g.nx(), g.ny(), g.nz()}, {0, 0, 0}};
        boolean any = false;
        for (int k = 0; k < g.nz(); k++) {
            for (int j = 0; j < g.ny(); j++) {
                int row = g.index(0, j, k);
                for (int i = 0; i < g.nx(); i++) {
                    if (in[row + i]) {
                        any = true;
                        extent[0][0] = Math.min(extent[0][0], i);
                        extent[0][1] = Math.min(extent[0][1], j);
                        extent[0][2] = Math.min(extent[0][2], k);
                        extent[1][0] = Math.max(extent[1][0], i);
                        extent[1][1] = Math.max(extent[1][1], j);
                        extent[1][2] = Math.max(extent[1][2], k);
                    }
                }
            }
        }
        return any ? extent : new int[][] {{0, 0, 0}, {0, 0, 0}};
    }
}
