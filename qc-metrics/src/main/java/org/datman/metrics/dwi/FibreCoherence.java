package org.datman.metrics.dwi;

import java.util.Arrays;
import java.util.Locale;
import org.datman.analysis.image.Grid;
import org.jspecify.annotations.Nullable;

/**
 * Whether the gradient table agrees with the image's axes. Fibres continue from voxel to voxel: of all 24 ways to permute and flip the
 * axes, the right one makes principal directions agree best with those of the voxels they point to (Schilling 2019).
 *
 * @param best the transformation that fits best, {@code identity} when the table is right, else e.g. {@code flip-j} or
 *     {@code swap-ij+flip-k}
 * @param ratio coherence of the best over that of the table as it is, 1 when it is the best
 * @param voxels white voxels that were used
 */
record FibreCoherence(String best, double ratio, int voxels) {

    private static final double WHITE_FA = 0.35;
    private static final int FEWEST = 300;
    private static final int[][] ORDERS = {{0, 1, 2}, {1, 0, 2}, {0, 2, 1}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}};

    /** Null when there is too little white matter for a decision. */
    static @Nullable FibreCoherence of(MaskedData data, TensorFit tensor) {
        Grid g = data.grid();
        int[] position = new int[g.size()];
        Arrays.fill(position, -1);
        int white = 0;
        for (int n = 0; n < data.voxels(); n++) {
            if (tensor.fa()[n] > WHITE_FA && tensor.fa()[n] < 0.95) {
                position[data.voxel()[n]] = n;
                white++;
            }
        }
        if (white < FEWEST) {
            return null;
        }
        double[][] score = new double[ORDERS.length][4];
        double best = -1;
        int[] at = {0, 0};
        for (int order = 0; order < ORDERS.length; order++) {
            // The sign of a direction is irrelevant, so of the eight flips four differ: none, i, j, k.
            for (int flip = 0; flip < 4; flip++) {
                score[order][flip] = coherence(g, position, tensor.direction(), ORDERS[order], flip);
                if (score[order][flip] > best) {
                    best = score[order][flip];
                    at = new int[] {order, flip};
                }
            }
        }
        return new FibreCoherence(name(at[0], at[1]), score[0][0] > 0 ? best / score[0][0] : Double.NaN, white);
    }

    private static String name(int order, int flip) {
        String[] orders = {"", "swap-ij", "swap-jk", "swap-ik", "cycle-jki", "cycle-kij"};
        String[] flips = {"", "flip-i", "flip-j", "flip-k"};
        if (order == 0 && flip == 0) {
            return "identity";
        }
        String join = order > 0 && flip > 0 ? "+" : "";
        return (orders[order] + join + flips[flip]).toLowerCase(Locale.ROOT);
    }

    private static double coherence(Grid g, int[] position, float[] direction, int[] order, int flip) {
        // FSL's convention turns the first component of right-handed voxel axes; undo it to get steps along i, j, k.
        double[] d = g.directions();
        double det = d[0] * (d[4] * d[8] - d[5] * d[7])
                - d[1] * (d[3] * d[8] - d[5] * d[6])
                + d[2] * (d[3] * d[7] - d[4] * d[6]);
        double[] sign = {flip == 1 ? -1 : 1, flip == 2 ? -1 : 1, flip == 3 ? -1 : 1};
        sign[0] *= det > 0 ? -1 : 1;
        double[] spacing = {g.dx(), g.dy(), g.dz()};
        double step = 1.5 * Math.max(g.dx(), Math.max(g.dy(), g.dz()));
        double sum = 0;
        double[] u = new double[3];
        for (int k = 0; k < g.nz(); k++) {
            for (int j = 0; j < g.ny(); j++) {
                for (int i = 0; i < g.nx(); i++) {
                    int n = position[g.index(i, j, k)];
                    if (n < 0) {
                        continue;
                    }
                    for (int c = 0; c < 3; c++) {
                        u[c] = sign[c] * direction[3 * n + order[c]];
                    }
                    for (int way = -1; way <= 1; way += 2) {
                        int x = i + (int) Math.round(way * step * u[0] / spacing[0]);
                        int y = j + (int) Math.round(way * step * u[1] / spacing[1]);
                        int z = k + (int) Math.round(way * step * u[2] / spacing[2]);
                        if (x < 0 || y < 0 || z < 0 || x >= g.nx() || y >= g.ny() || z >= g.nz()) {
                            continue;
                        }
                        int m = position[g.index(x, y, z)];
                        if (m >= 0) {
                            double dot = direction[3 * n] * direction[3 * m]
                                    + direction[3 * n + 1] * direction[3 * m + 1]
                                    + direction[3 * n + 2] * direction[3 * m + 2];
                            sum += dot * dot * dot * dot;
                        }
                    }
                }
            }
        }
        return sum;
    }
}
