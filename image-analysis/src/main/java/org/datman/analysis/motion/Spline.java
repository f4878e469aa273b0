package org.datman.analysis.motion;

import org.datman.analysis.image.Grid;

/**
 * Cubic B-spline interpolation of one volume: coefficients by the recursive prefilter (Unser 1999, mirror boundary), then 64
 * taps per sample.
 */
final class Spline {

    private static final double POLE = Math.sqrt(3) - 2;
    private static final int HORIZON = 14;

    private final Grid grid;
    private final float[] c;

    /** Turns {@code image} into coefficients in place. */
    Spline(Grid grid, float[] image) {
        this.grid = grid;
        this.c = image;
        for (int axis = 0; axis < 3; axis++) {
            if (grid.dim(axis) > 1) {
                if (axis == 0) {
                    rows();
                } else {
                    planes(axis);
                }
            }
        }
    }

    private void rows() {
        int n = grid.nx();
        int rows = grid.ny() * grid.nz();
        double gain = (1 - POLE) * (1 - 1 / POLE);
        for (int row = 0; row < rows; row++) {
            int base = row * n;
            double first = 0;
            double power = 1;
            for (int i = 0; i < Math.min(n, HORIZON); i++) {
                first += power * c[base + i];
                power *= POLE;
            }
            double previous = gain * first;
            c[base] = (float) previous;
            for (int i = 1; i < n; i++) {
                previous = gain * c[base + i] + POLE * previous;
                c[base + i] = (float) previous;
            }
            double last = POLE / (POLE * POLE - 1) * (c[base + n - 1] + POLE * c[base + n - 2]);
            c[base + n - 1] = (float) last;
            for (int i = n - 2; i >= 0; i--) {
                last = POLE * (last - c[base + i]);
                c[base + i] = (float) last;
            }
        }
    }

    /** The same recursion for j or k, on whole runs of voxels at a time so that it vectorises. */
    private void planes(int axis) {
        int n = grid.dim(axis);
        int stride = grid.stride(axis);
        int outer = axis == 1 ? grid.nz() : 1;
        float gain = (float) ((1 - POLE) * (1 - 1 / POLE));
        float pole = (float) POLE;
        float end = (float) (POLE / (POLE * POLE - 1));
        float[] first = new float[stride];
        for (int o = 0; o < outer; o++) {
            int base = o * n * stride;
            java.util.Arrays.fill(first, 0);
            float power = 1;
            for (int p = 0; p < Math.min(n, HORIZON); p++) {
                for (int v = 0; v < stride; v++) {
                    first[v] += power * c[base + p * stride + v];
                }
                power *= pole;
            }
            for (int v = 0; v < stride; v++) {
                c[base + v] = gain * first[v];
            }
            for (int p = 1; p < n; p++) {
                int at = base + p * stride;
                for (int v = 0; v < stride; v++) {
                    c[at + v] = gain * c[at + v] + pole * c[at - stride + v];
                }
            }
            int tail = base + (n - 1) * stride;
            for (int v = 0; v < stride; v++) {
                c[tail + v] = end * (c[tail + v] + pole * c[tail - stride + v]);
            }
            for (int p = n - 2; p >= 0; p--) {
                int at = base + p * stride;
                for (int v = 0; v < stride; v++) {
                    c[at + v] = pole * (c[at + stride + v] - c[at + v]);
                }
            }
        }
    }

    /** Whether a point, in voxel indices, is on the grid. */
    boolean contains(double x, double y, double z) {
        return x >= 0 && y >= 0 && z >= 0 && x <= grid.nx() - 1 && y <= grid.ny() - 1 && z <= grid.nz() - 1;
    }

    /** The value at a point of the grid, in voxel indices. */
    double at(double x, double y, double z) {
        int nx = grid.nx();
        int i = (int) Math.floor(x);
        int j = (int) Math.floor(y);
        int k = (int) Math.floor(z);
        double fx = x - i;
        double fy = y - j;
        double fz = z - k;
        double x0 = (1 - fx) * (1 - fx) * (1 - fx) / 6;
        double x1 = 2.0 / 3 - fx * fx * (2 - fx) / 2;
        double x3 = fx * fx * fx / 6;
        double x2 = 1 - x0 - x1 - x3;
        boolean inner = i >= 1 && i < nx - 2 && j >= 1 && j < grid.ny() - 2 && k >= 1 && k < grid.nz() - 2;
        int i0 = inner ? i - 1 : mirror(i - 1, nx);
        int i1 = inner ? i : mirror(i, nx);
        int i2 = inner ? i + 1 : mirror(i + 1, nx);
        int i3 = inner ? i + 2 : mirror(i + 2, nx);
        double y0 = (1 - fy) * (1 - fy) * (1 - fy) / 6;
        double y1 = 2.0 / 3 - fy * fy * (2 - fy) / 2;
        double y3 = fy * fy * fy / 6;
        double y2 = 1 - y0 - y1 - y3;
        int j0 = (inner ? j - 1 : mirror(j - 1, grid.ny())) * nx;
        int j1 = (inner ? j : mirror(j, grid.ny())) * nx;
        int j2 = (inner ? j + 1 : mirror(j + 1, grid.ny())) * nx;
        int j3 = (inner ? j + 2 : mirror(j + 2, grid.ny())) * nx;
        double sum = 0;
        for (int b = -1; b <= 2; b++) {
            int plane = (inner ? k + b : mirror(k + b, grid.nz())) * grid.ny() * nx;
            double slab = y0 * row(plane + j0, i0, i1, i2, i3, x0, x1, x2, x3)
                    + y1 * row(plane + j1, i0, i1, i2, i3, x0, x1, x2, x3)
                    + y2 * row(plane + j2, i0, i1, i2, i3, x0, x1, x2, x3)
                    + y3 * row(plane + j3, i0, i1, i2, i3, x0, x1, x2, x3);
            sum += weight(b, fz) * slab;
        }
        return sum;
    }

    private double row(int row, int i0, int i1, int i2, int i3, double x0, double x1, double x2, double x3) {
        return x0 * c[row + i0] + x1 * c[row + i1] + x2 * c[row + i2] + x3 * c[row + i3];
    }

    private static double weight(int tap, double f) {
        return switch (tap) {
            case -1 -> (1 - f) * (1 - f) * (1 - f) / 6;
            case 0 -> 2.0 / 3 - f * f * (2 - f) / 2;
            case 1 -> 2.0 / 3 - (1 - f) * (1 - f) * (1 + f) / 2;
            default -> f * f * f / 6;
        };
    }

    private static int mirror(int i, int n) {
        if (n == 1) {
            return 0;
        }
        int at = Math.floorMod(i, 2 * n - 2);
        return at < n ? at : 2 * n - 2 - at;
    }
}
