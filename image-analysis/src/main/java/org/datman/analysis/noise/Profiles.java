package org.datman.analysis.noise;

import java.util.Arrays;
import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.Mask;

/**
 * Profile of the background across an image axis: one entry per column, over all slices and all voxels along the column.
 *
 * @param axis file axis across which the profile runs
 * @param mean of the column's background, NaN where there are too few voxels
 * @param sd of the column's background
 * @param count voxels
 */
public record Profiles(int axis, double[] mean, double[] sd, int[] count) {

    private static final int FEWEST = 24;

    /** The profile across {@code axis}; exact zeros do not count. */
    public static Profiles across(Grid grid, float[] image, Mask background, int axis) {
        int n = grid.dim(axis);
        int stride = grid.stride(axis);
        double[] sum = new double[n];
        double[] square = new double[n];
        int[] count = new int[n];
        for (int v = 0; v < image.length; v++) {
            if (background.in()[v] && image[v] > 0) {
                int at = v / stride % n;
                sum[at] += image[v];
                square[at] += (double) image[v] * image[v];
                count[at]++;
            }
        }
        double[] mean = new double[n];
        double[] sd = new double[n];
        Arrays.fill(mean, Double.NaN);
        Arrays.fill(sd, Double.NaN);
        for (int i = 0; i < n; i++) {
            if (count[i] >= FEWEST) {
                mean[i] = sum[i] / count[i];
                sd[i] = Math.sqrt(Math.max(0, square[i] / count[i] - mean[i] * mean[i]));
            }
        }
        return new Profiles(axis, mean, sd, count);
    }

    /** Offset of a column from the middle of the image in Hz; the middle is column n / 2. */
    public static double hertz(int column, int columns, double hertzPerPixel) {
        return (column - columns / 2.0) * hertzPerPixel;
    }
}
