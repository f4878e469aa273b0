package org.datman.analysis.image;

import java.util.Arrays;

/**
 * Block means: an image on a grid of voxels {@code fi x fj x fk} times as large, and the way back by nearest neighbour. Masks of
 * fine anatomical images are made on it: they need millimetres, not voxels.
 */
public final class BlockGrid {

    private final Grid fine;
    private final Grid grid;
    private final int fi;
    private final int fj;
    private final int fk;

    private BlockGrid(Grid fine, int fi, int fj, int fk) {
        this.fine = fine;
        this.fi = fi;
        this.fj = fj;
        this.fk = fk;
        double[] a = fine.affine();
        int[] f = {fi, fj, fk};
        for (int r = 0; r < 3; r++) {
            for (int c = 0; c < 3; c++) {
                a[4 * r + 3] += a[4 * r + c] * (f[c] - 1) / 2.0;
                a[4 * r + c] *= f[c];
            }
        }
        this.grid = new Grid(
                up(fine.nx(), fi),
                up(fine.ny(), fj),
                up(fine.nz(), fk),
                fine.dx() * fi,
                fine.dy() * fj,
                fine.dz() * fk,
                a);
    }

    /** Blocks as close to {@code mm} as whole voxels allow, never larger than it unless the voxels are. */
    public static BlockGrid of(Grid fine, double mm) {
        return new BlockGrid(fine, factor(fine, 0, mm), factor(fine, 1, mm), factor(fine, 2, mm));
    }

    private static int factor(Grid fine, int axis, double mm) {
        return Math.max(1, Math.min(fine.dim(axis), (int) Math.floor(mm / fine.spacing(axis) + 1e-6)));
    }

    private static int up(int n, int f) {
        return (n + f - 1) / f;
    }

    public Grid grid() {
        return grid;
    }

    /** Voxels that a block has along a file axis; fewer at the far edge. */
    public int factor(int axis) {
        return axis == 0 ? fi : axis == 1 ? fj : fk;
    }

    /** Mean of each block. */
    public float[] shrink(float[] image) {
        float[] out = new float[grid.size()];
        Parallel.forEach(grid.nz(), k -> {
            double[] sum = new double[grid.nx()];
            for (int j = 0; j < grid.ny(); j++) {
                Arrays.fill(sum, 0);
                for (int c = k * fk; c < Math.min(fine.nz(), (k + 1) * fk); c++) {
                    for (int b = j * fj; b < Math.min(fine.ny(), (j + 1) * fj); b++) {
                        add(image, fine.index(0, b, c), sum);
                    }
                }
                int at = grid.index(0, j, k);
                for (int i = 0; i < grid.nx(); i++) {
                    out[at + i] = (float) (sum[i] / voxels(i, j, k));
                }
            }
        });
        return out;
    }

    /** Share of each block that is in the set. */
    public float[] shrink(boolean[] set) {
        float[] out = new float[grid.size()];
        Parallel.forEach(grid.nz(), k -> {
            int[] count = new int[grid.nx()];
            for (int j = 0; j < grid.ny(); j++) {
                Arrays.fill(count, 0);
                for (int c = k * fk; c < Math.min(fine.nz(), (k + 1) * fk); c++) {
                    for (int b = j * fj; b < Math.min(fine.ny(), (j + 1) * fj); b++) {
                        add(set, fine.index(0, b, c), count);
                    }
                }
                int at = grid.index(0, j, k);
                for (int i = 0; i < grid.nx(); i++) {
                    out[at + i] = (float) ((double) count[i] / voxels(i, j, k));
                }
            }
        });
        return out;
    }

    private void add(float[] image, int row, double[] sum) {
        int a = row;
        int end = row + fine.nx();
        for (int i = 0; i < sum.length; i++) {
            double s = sum[i];
            for (int to = Math.min(end, a + fi); a < to; a++) {
                s += image[a];
            }
            sum[i] = s;
        }
    }

    private void add(boolean[] set, int row, int[] count) {
        int a = row;
        int end = row + fine.nx();
        for (int i = 0; i < count.length; i++) {
            int n = count[i];
            for (int to = Math.min(end, a + fi); a < to; a++) {
                n += set[a] ? 1 : 0;
            }
            count[i] = n;
        }
    }

    /** Voxels of a block; fewer at the far edges. */
    private int voxels(int i, int j, int k) {
        return (Math.min(fine.nx(), (i + 1) * fi) - i * fi)
                * (Math.min(fine.ny(), (j + 1) * fj) - j * fj)
                * (Math.min(fine.nz(), (k + 1) * fk) - k * fk);
    }

    /** The block of each voxel. */
    public int[] blocks() {
        int[] out = new int[fine.size()];
        for (int k = 0; k < fine.nz(); k++) {
            for (int j = 0; j < fine.ny(); j++) {
                int row = grid.index(0, j / fj, k / fk);
                int to = fine.index(0, j, k);
                for (int i = 0; i < fine.nx(); i++) {
                    out[to + i] = row + i / fi;
                }
            }
        }
        return out;
    }

    /** The coarse set on the fine grid. */
    public boolean[] grow(boolean[] coarse) {
        boolean[] out = new boolean[fine.size()];
        for (int k = 0; k < fine.nz(); k++) {
            for (int j = 0; j < fine.ny(); j++) {
                int row = grid.index(0, j / fj, k / fk);
                int to = fine.index(0, j, k);
                for (int i = 0; i < fine.nx(); i++) {
                    out[to + i] = coarse[row + i / fi];
                }
            }
        }
        return out;
    }
}
