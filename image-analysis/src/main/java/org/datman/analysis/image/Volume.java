package org.datman.analysis.image;

/**
 * One 3-D image, float32.
 *
 * @param grid where the voxels are
 * @param data values, i fastest; shared, not copied: only their owner may change them
 */
public record Volume(Grid grid, float[] data) {

    public Volume {
        if (data.length != grid.size()) {
            throw new IllegalArgumentException(
                    "a volume of " + grid.size() + " voxels cannot hold " + data.length + " values");
        }
    }

    public float at(int i, int j, int k) {
        return data[grid.index(i, j, k)];
    }

    /** The same image with axes along patient R, A, S, by flips and permutation only. */
    public Volume toRas() {
        AxisMap map = grid.axes();
        int[] from = {map.fileAxis(0), map.fileAxis(1), map.fileAxis(2)};
        int[] sign = map.sign();
        int[] n = new int[3];
        double[] d = new double[3];
        int[] step = new int[3];
        int base = 0;
        double[] old = grid.affine();
        double[] affine = new double[12];
        for (int r = 0; r < 3; r++) {
            affine[4 * r + 3] = old[4 * r + 3];
        }
        for (int p = 0; p < 3; p++) {
            int c = from[p];
            n[p] = grid.dim(c);
            d[p] = grid.spacing(c);
            step[p] = sign[c] * grid.stride(c);
            for (int r = 0; r < 3; r++) {
                affine[4 * r + p] = sign[c] * old[4 * r + c];
                if (sign[c] < 0) {
                    affine[4 * r + 3] += old[4 * r + c] * (n[p] - 1);
                }
            }
            if (sign[c] < 0) {
                base += grid.stride(c) * (n[p] - 1);
            }
        }
        float[] out = new float[data.length];
        int at = 0;
        for (int k = 0; k < n[2]; k++) {
            for (int j = 0; j < n[1]; j++) {
                int row = base + k * step[2] + j * step[1];
                for (int i = 0; i < n[0]; i++) {
                    out[at++] = data[row + i * step[0]];
                }
            }
        }
        return new Volume(new Grid(n[0], n[1], n[2], d[0], d[1], d[2], affine, grid.oriented()), out);
    }
}
