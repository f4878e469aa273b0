package org.datman.imaging.nifti;

import java.util.List;

/**
 * The matrix form of a NIfTI orientation.
 *
 * @param code {@code sform_code}; 0 means absent, 1 scanner, 2 aligned, 3 Talairach, 4 MNI
 * @param rows the first three rows of the voxel to RAS matrix, row by row: 12 numbers
 */
public record SForm(int code, List<Double> rows) {

    /** No matrix form. */
    public static final SForm ABSENT = new SForm(0, java.util.Collections.nCopies(12, 0.0));

    public SForm {
        rows = List.copyOf(rows);
        if (rows.size() != 12) {
            throw new IllegalArgumentException("an sform has 12 numbers, not " + rows.size());
        }
    }

    static SForm of(double[][] affine, int code) {
        Double[] rows = new Double[12];
        for (int i = 0; i < 12; i++) {
            rows[i] = affine[i / 4][i % 4];
        }
        return new SForm(code, List.of(rows));
    }

    double[][] affine() {
        double[][] affine = new double[4][4];
        for (int i = 0; i < 12; i++) {
            affine[i / 4][i % 4] = rows.get(i);
        }
        affine[3][3] = 1;
        return affine;
    }
}
