package org.datman.metrics.anat;

import java.util.Arrays;
import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Morphology;
import org.datman.analysis.mask.Morphology.Neighbours;
import org.datman.analysis.stats.Statistics;

/**
 * QI1 (Mortamet 2009): the share of the air that structured artefact covers. As in MRIQC a voxel carries artefact when it is brighter than
 * ten times the spread of the air and connected to its neighbours. Their spread is that of all air, which ghosts of a moving head
 * raise themselves until nothing exceeds it; here it is that of the quiet air: of all blocks of 16 mm the sd that a quarter of them
 * stays below. Pure noise has the same sd everywhere, so there both are the same.
 *
 * @param bright voxels of structured artefact
 * @param air voxels of air that are not zero
 */
record AirArtefacts(int bright, int air) {

    private static final double SPREADS = 10;
    private static final double ABOVE_FLOOR = 5;
    private static final double QUIET = 0.25;
    private static final double BLOCK_MM = 16;
    private static final int BLOCK_VOXELS = 4;
    private static final int FEWEST = 32;

    /** Of all candidates for air, zeros left out. */
    static AirArtefacts of(Mask candidates, float[] image) {
        int air = 0;
        for (int v = 0; v < image.length; v++) {
            air += candidates.in()[v] && image[v] > 0 ? 1 : 0;
        }
        double limit = limit(candidates, image);
        if (!(limit > 0)) {
            return new AirArtefacts(0, air);
        }
        Mask bright = Mask.above(candidates.grid(), image, limit, "artefacts").and(candidates, "artefacts");
        int count = bright.count() == 0
                ? 0
                : Morphology.open(bright, Neighbours.FACES_6, 1).count();
        return new AirArtefacts(count, air);
    }

    double share() {
        return (double) bright / air;
    }

    /** With many coils the noise floor itself is above ten sd: there the limit is counted from the floor. 0 without blocks. */
    private static double limit(Mask candidates, float[] image) {
        Grid g = candidates.grid();
        int[][] block = new int[3][];
        int[] blocks = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            int side = Math.max(BLOCK_VOXELS, (int) Math.round(BLOCK_MM / g.spacing(axis)));
            block[axis] = new int[g.dim(axis)];
            Arrays.setAll(block[axis], i -> i / side);
            blocks[axis] = (g.dim(axis) - 1) / side + 1;
        }
        int all = blocks[0] * blocks[1] * blocks[2];
        int[] count = new int[all];
        double[] sum = new double[all];
        double[] square = new double[all];
        int v = 0;
        for (int k = 0; k < g.nz(); k++) {
            for (int j = 0; j < g.ny(); j++) {
                int row = (block[2][k] * blocks[1] + block[1][j]) * blocks[0];
                for (int i = 0; i < g.nx(); i++, v++) {
                    double x = image[v];
                    if (x > 0 && candidates.in()[v]) {
                        int b = row + block[0][i];
                        count[b]++;
                        sum[b] += x;
                        square[b] += x * x;
                    }
                }
            }
        }
        double[] mean = new double[all];
        double[] sd = new double[all];
        int n = 0;
        for (int b = 0; b < all; b++) {
            if (count[b] >= FEWEST) {
                mean[n] = sum[b] / count[b];
                sd[n] = Math.sqrt(Math.max(0, square[b] / count[b] - mean[n] * mean[n]));
                n++;
            }
        }
        if (n == 0) {
            return 0;
        }
        double spread = Statistics.quantileInPlace(sd, n, QUIET);
        return Math.max(SPREADS * spread, Statistics.quantileInPlace(mean, n, QUIET) + ABOVE_FLOOR * spread);
    }
}
