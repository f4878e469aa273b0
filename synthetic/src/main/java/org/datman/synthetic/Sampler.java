package org.datman.synthetic;

import java.util.stream.IntStream;

/** Walks the voxels of a grid over a body that has moved: scanner point to body point, slice by slice on all cores. */
final class Sampler {

    /** The action at one voxel. */
    @FunctionalInterface
    interface Voxel {
        void at(int index, double x, double y, double z, double[] fractions);
    }

    private Sampler() {}

    /** Calls {@code voxel} for every voxel of {@code grid} that is not air, with the body-frame point and its tissue weights. */
    static void sample(Grid grid, Body body, Rigid movement, Voxel voxel) {
        double[] m = grid.affine();
        double[] r = movement.rotation();
        double edge = grid.edgeMm();
        IntStream.range(0, grid.nz()).parallel().forEach(k -> {
            double[] fractions = new double[Tissue.values().length];
            for (int j = 0; j < grid.ny(); j++) {
                for (int i = 0; i < grid.nx(); i++) {
                    double wx = m[0] * i + m[1] * j + m[2] * k + m[3] - movement.tx();
                    double wy = m[4] * i + m[5] * j + m[6] * k + m[7] - movement.ty();
                    double wz = m[8] * i + m[9] * j + m[10] * k + m[11] - movement.tz();
                    double x = r[0] * wx + r[3] * wy + r[6] * wz;
                    double y = r[1] * wx + r[4] * wy + r[7] * wz;
                    double z = r[2] * wx + r[5] * wy + r[8] * wz;
                    if (body.at(x, y, z, edge, fractions)) {
                        voxel.at(grid.index(i, j, k), x, y, z, fractions);
                    }
                }
            }
        });
    }

    /** Noise-free signal of {@code body} under {@code contrast}. */
    static float[] signal(Grid grid, Body body, Rigid movement, Contrast contrast) {
        float[] out = new float[grid.voxels()];
        sample(grid, body, movement, (index, x, y, z, f) -> out[index] = (float) contrast.signal(f));
        return out;
    }

    /** {@code signal} plus {@code fraction} of itself half a field of view away along {@code axis} (0 = i, 1 = j). */
    static float[] withGhost(Grid grid, float[] signal, double fraction, int axis) {
        if (fraction == 0) {
            return signal;
        }
        float[] out = new float[signal.length];
        for (int k = 0; k < grid.nz(); k++) {
            for (int j = 0; j < grid.ny(); j++) {
                for (int i = 0; i < grid.nx(); i++) {
                    int gi = axis == 0 ? (i + grid.nx() / 2) % grid.nx() : i;
                    int gj = axis == 1 ? (j + grid.ny() / 2) % grid.ny() : j;
                    int at = grid.index(i, j, k);
                    out[at] = (float) (signal[at] + fraction * signal[grid.index(gi, gj, k)]);
                }
            }
        }
        return out;
    }
}
