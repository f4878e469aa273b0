package org.datman.simulator.scanner;

import org.datman.synthetic.Grid;

/**
 * How a synthetic grid looks to DICOM. A grid's axes i, j, k point (before it is turned) to R, A, S; a DICOM image runs along columns to L and
 * along rows to P, and its slices along the normal to S. So pixel (column c, row r, slice s) is voxel (nx-1-c, ny-1-r, s), and the slice normal is k.
 * Vectors are in the patient's L, P, S.
 */
record SliceGeometry(Grid grid) {

    /** Direction along which the column index grows. */
    double[] rowDirection() {
        return axis(0, -1);
    }

    /** Direction along which the row index grows. */
    double[] columnDirection() {
        return axis(1, -1);
    }

    /** Direction along which the slice index grows. */
    double[] normal() {
        return axis(2, 1);
    }

    /** ImageOrientationPatient. */
    double[] orientation() {
        double[] r = rowDirection();
        double[] c = columnDirection();
        return new double[] {r[0], r[1], r[2], c[0], c[1], c[2]};
    }

    /** Centre of the first pixel of a slice: ImagePositionPatient. */
    double[] position(int slice) {
        double[] m = grid.affine();
        int i = grid.nx() - 1;
        int j = grid.ny() - 1;
        double[] p = new double[3];
        for (int a = 0; a < 3; a++) {
            double ras = m[4 * a] * i + m[4 * a + 1] * j + m[4 * a + 2] * slice + m[4 * a + 3];
            p[a] = a < 2 ? -ras : ras;
        }
        return p;
    }

    /** Position of the first pixel of a mosaic of {@code tiles}² slices, if the whole mosaic were one image around the slice's centre. */
    double[] mosaicPosition(int tiles) {
        double[] p = position(0);
        double[] r = rowDirection();
        double[] c = columnDirection();
        double alongRow = (tiles - 1) * grid.nx() * grid.dx() / 2;
        double alongColumn = (tiles - 1) * grid.ny() * grid.dy() / 2;
        return new double[] {
            p[0] - r[0] * alongRow - c[0] * alongColumn,
            p[1] - r[1] * alongRow - c[1] * alongColumn,
            p[2] - r[2] * alongRow - c[2] * alongColumn
        };
    }

    /** SliceLocation: distance of the slice from the isocentre along the normal. */
    double location(int slice) {
        return dot(position(slice), normal());
    }

    /** A direction in R, A, S in the patient's L, P, S. */
    static double[] lps(double[] ras) {
        return new double[] {flip(ras[0]), flip(ras[1]), ras[2]};
    }

    static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }

    /** Pixels of one slice, in the order of DICOM rows; whole numbers from 0 to {@code max}. */
    void slice(float[] volume, int slice, int max, short[] out, int at, int stride) {
        int nx = grid.nx();
        int ny = grid.ny();
        for (int r = 0; r < ny; r++) {
            int from = nx * (ny - 1 - r + ny * slice) + nx - 1;
            int to = at + r * stride;
            for (int c = 0; c < nx; c++) {
                out[to + c] = (short) Math.max(0, Math.min(max, Math.round(volume[from - c])));
            }
        }
    }

    private double[] axis(int column, int sign) {
        double[] rotation = grid.pose().rotation();
        return new double[] {
            clean(-sign * rotation[column]), clean(-sign * rotation[3 + column]), clean(sign * rotation[6 + column])
        };
    }

    private static double flip(double v) {
        return v == 0 ? 0 : -v;
    }

    private static double clean(double v) {
        return Math.abs(v) < 1e-12 ? 0 : v;
    }
}
