package org.datman.analysis.image;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class OrientationTest {

    private static final int[][] PERMUTATIONS = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

    @Property(tries = 48)
    void everyFlipAndPermutationComesOutAsRas(
            @ForAll @IntRange(max = 5) int permutation, @ForAll @IntRange(max = 7) int flips) {
        // Given: a file whose axes run anywhere, every voxel holding its own place in the patient
        int[] p = PERMUTATIONS[permutation];
        double[] spacing = {2, 3, 4};
        double[] affine = new double[12];
        for (int c = 0; c < 3; c++) {
            affine[4 * p[c] + c] = ((flips >> c & 1) == 1 ? -1 : 1) * spacing[c];
            affine[4 * c + 3] = 7 - c;
        }
        Grid grid = new Grid(4, 5, 6, 2, 3, 4, affine);
        float[] data = new float[grid.size()];
        for (int v = 0; v < data.length; v++) {
            data[v] = place(affine, v % 4, v / 4 % 5, v / 20);
        }

        // When
        Volume ras = new Volume(grid, data).toRas();

        // Then
        assertThat(ras.grid().axes().letters()).isEqualTo("RAS");
        for (int k = 0; k < ras.grid().nz(); k++) {
            for (int j = 0; j < ras.grid().ny(); j++) {
                for (int i = 0; i < ras.grid().nx(); i++) {
                    assertThat(ras.at(i, j, k)).isEqualTo(place(ras.grid().affine(), i, j, k));
                }
            }
        }
    }

    private static float place(double[] a, int i, int j, int k) {
        double x = a[0] * i + a[1] * j + a[2] * k + a[3];
        double y = a[4] * i + a[5] * j + a[6] * k + a[7];
        double z = a[8] * i + a[9] * j + a[10] * k + a[11];
        return (float) (x + 100 * y + 10000 * z);
    }
}
