package org.datman.analysis.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmoothTest {

    @ParameterizedTest
    @CsvSource({"9,7,5,6", "70,3,66,6", "1,8,6,6", "6,1,4,6", "5,6,1,6", "8,7,9,60"})
    void everyAxisIsSmoothedByItsOwnSpacingAndEdgesRepeat(int nx, int ny, int nz, double fwhm) {
        // Given
        Grid grid = Grid.ras(nx, ny, nz, 1.5, 2, 4);
        float[] image = new float[grid.size()];
        Random random = new Random(3);
        for (int v = 0; v < image.length; v++) {
            image[v] = random.nextFloat();
        }

        // When
        float[] smooth = Smooth.gaussian(grid, image, fwhm);

        // Then: the definition, axis by axis, in double precision
        double[] right = new double[image.length];
        for (int v = 0; v < right.length; v++) {
            right[v] = image[v];
        }
        for (int axis = 0; axis < 3; axis++) {
            right = grid.dim(axis) > 1 ? along(grid, right, axis, fwhm / 2.3548200450309493) : right;
        }
        for (int v = 0; v < right.length; v++) {
            assertThat((double) smooth[v]).isCloseTo(right[v], within(1e-5));
        }
    }

    private static double[] along(Grid grid, double[] in, int axis, double sigmaMm) {
        double sigma = sigmaMm / grid.spacing(axis);
        int reach = (int) Math.ceil(4 * sigma);
        int n = grid.dim(axis);
        int stride = grid.stride(axis);
        double[] out = new double[in.length];
        for (int v = 0; v < in.length; v++) {
            int at = v / stride % n;
            double total = 0;
            for (int r = -reach; r <= reach; r++) {
                double weight = Math.exp(-0.5 * r * r / (sigma * sigma));
                int other = Math.max(0, Math.min(n - 1, at + r));
                out[v] += weight * in[v + (other - at) * stride];
                total += weight;
            }
            out[v] /= total;
        }
        return out;
    }
}
