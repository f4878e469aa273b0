package org.datman.metrics.dwi;

import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Parallel;

/**
 * Log mean brain signal of every slice of every volume, over the whole slice and over its halves.
 *
 * @param log [region][slice][volume]; NaN where the region has too few voxels
 * @param voxels [region][slice]
 * @param names what each region is called in the patient, e.g. {@code left}
 */
record SliceSignal(double[][][] log, int[][] voxels, String[] names) {

    /** Fewest voxels of a whole slice and of a half. */
    static final int WHOLE_VOXELS = 150;

    static final int HALF_VOXELS = 60;

    /** A slice without any signal counts as having this part of the first volume's mean, so that its logarithm exists. */
    private static final double EMPTY = 1e-6;

    static SliceSignal of(MaskedData data) {
        Grid grid = data.grid();
        int u = data.sliceAxis() == 0 ? 1 : 0;
        int w = data.sliceAxis() == 2 ? 1 : 2;
        double[] centre = centre(data, u, w);
        byte[] half = new byte[data.voxels()];
        int slices = data.slices();
        int[][] count = new int[Region.values().length][slices];
        for (int z = 0; z < slices; z++) {
            for (int n = data.sliceStart()[z]; n < data.sliceStart()[z + 1]; n++) {
                int i = data.voxel()[n];
                int highU = MaskedData.slice(grid, i, u) > centre[0] ? 1 : 0;
                int highW = MaskedData.slice(grid, i, w) > centre[1] ? 1 : 0;
                half[n] = (byte) (highU + 2 * highW);
                count[Region.WHOLE.ordinal()][z]++;
                count[Region.LOW_U.ordinal() + highU][z]++;
                count[Region.LOW_W.ordinal() + highW][z]++;
            }
        }
        double floor = EMPTY * meanOf(data.values()[0]);
        double[][][] log = new double[Region.values().length][slices][data.volumes()];
        Parallel.forEach(data.volumes(), v -> {
            float[] x = data.values()[v];
            double[] quarter = new double[4];
            for (int z = 0; z < slices; z++) {
                java.util.Arrays.fill(quarter, 0);
                for (int n = data.sliceStart()[z]; n < data.sliceStart()[z + 1]; n++) {
                    quarter[half[n]] += x[n];
                }
                double[] sum = {
                    quarter[0] + quarter[1] + quarter[2] + quarter[3],
                    quarter[0] + quarter[2],
                    quarter[1] + quarter[3],
                    quarter[0] + quarter[1],
                    quarter[2] + quarter[3]
                };
                for (int r = 0; r < sum.length; r++) {
                    int least = r == 0 ? WHOLE_VOXELS : HALF_VOXELS;
                    log[r][z][v] = count[r][z] >= least && floor > 0
                            ? Math.log(Math.max(sum[r] / count[r][z], floor))
                            : Double.NaN;
                }
            }
        });
        return new SliceSignal(log, count, names(grid, u, w));
    }

    private static double meanOf(float[] x) {
        double sum = 0;
        for (float value : x) {
            sum += value;
        }
        return x.length == 0 ? 0 : sum / x.length;
    }

    private static double[] centre(MaskedData data, int u, int w) {
        double sumU = 0;
        double sumW = 0;
        for (int i : data.voxel()) {
            sumU += MaskedData.slice(data.grid(), i, u);
            sumW += MaskedData.slice(data.grid(), i, w);
        }
        return new double[] {sumU / data.voxels(), sumW / data.voxels()};
    }

    private static String[] names(Grid grid, int u, int w) {
        String[][] sides = {{"left", "right"}, {"posterior", "anterior"}, {"inferior", "superior"}};
        int[] patient = grid.axes().patientAxis();
        int[] sign = grid.axes().sign();
        String[] onU = sides[patient[u]];
        String[] onW = sides[patient[w]];
        int fromU = sign[u] > 0 ? 0 : 1;
        int fromW = sign[w] > 0 ? 0 : 1;
        return new String[] {"whole", onU[fromU], onU[1 - fromU], onW[fromW], onW[1 - fromW]};
    }

    int slices() {
        return log[0].length;
    }

    int volumes() {
        return log[0][0].length;
    }
}
