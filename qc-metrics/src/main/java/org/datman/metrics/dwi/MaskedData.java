package org.datman.metrics.dwi;

import java.util.Arrays;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.image.Series;

/**
 * The voxels of the brain of every volume, slice by slice: what most diffusion metrics need, at a quarter of the memory of the
 * whole series.
 *
 * @param voxel linear index of each voxel of the mask, ordered by slice
 * @param sliceStart first voxel of slice z; element {@code slices} is the end
 * @param values [volume][voxel]
 */
record MaskedData(Grid grid, int sliceAxis, int[] voxel, int[] sliceStart, float[][] values) {

    /** Reads all volumes of {@code series} once, on all cores. */
    static MaskedData of(Series series, boolean[] mask, int sliceAxis) {
        Grid grid = series.grid();
        int slices = grid.dim(sliceAxis);
        int[] count = new int[slices + 1];
        for (int i = 0; i < mask.length; i++) {
            if (mask[i]) {
                count[slice(grid, i, sliceAxis) + 1]++;
            }
        }
        Arrays.parallelPrefix(count, Integer::sum);
        int[] next = count.clone();
        int[] voxel = new int[count[slices]];
        for (int i = 0; i < mask.length; i++) {
            if (mask[i]) {
                voxel[next[slice(grid, i, sliceAxis)]++] = i;
            }
        }
        float[][] values = new float[series.volumes()][voxel.length];
        Parallel.forEach(series.volumes(), v -> {
            float[] volume = series.volume(v).data();
            float[] into = values[v];
            for (int n = 0; n < voxel.length; n++) {
                into[n] = volume[voxel[n]];
            }
        });
        return new MaskedData(grid, sliceAxis, voxel, count, values);
    }

    int slices() {
        return sliceStart.length - 1;
    }

    int voxels() {
        return voxel.length;
    }

    int volumes() {
        return values.length;
    }

    /** Coordinate of linear index {@code i} along file axis {@code axis}. */
    static int slice(Grid grid, int i, int axis) {
        return switch (axis) {
            case 0 -> i % grid.nx();
            case 1 -> i / grid.nx() % grid.ny();
            default -> i / (grid.nx() * grid.ny());
        };
    }

    /** Mean over some volumes, per voxel. */
    float[] mean(int[] volumes) {
        float[] mean = new float[voxel.length];
        Parallel.blocks(voxel.length, 8192, (from, to) -> {
            for (int n = from; n < to; n++) {
                double sum = 0;
                for (int v : volumes) {
                    sum += values[v][n];
                }
                mean[n] = (float) (sum / volumes.length);
            }
        });
        return mean;
    }
}
