package org.datman.analysis.noise;

import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.image.Series;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.stats.Statistics;

/**
 * Temporal statistics of every voxel of a run, air included, from one pass over the run: mean, sd about a straight line, difference
 * of even and odd volumes, and the whole time series of some voxels.
 */
public final class TimeMaps {

    /** Mean over the steady volumes. */
    public final float[] mean;

    /** Sd about a straight line, n - 2 degrees of freedom; 0 with fewer than 3 steady volumes. */
    public final float[] sd;

    /**
     * Sum of even less sum of odd volumes (equally many of both, without their straight line) over the root of their number: as large
     * as the noise of one volume where there is only noise.
     */
    public final float[] difference;

    /** [chosen voxel][volume], volumes before the steady state included. */
    public final float[][] courses;

    /** Steady volumes. */
    public final int volumes;

    private TimeMaps(int voxels, int chosen, int allVolumes, int volumes) {
        this.mean = new float[voxels];
        this.sd = new float[voxels];
        this.difference = new float[voxels];
        this.courses = new float[chosen][allVolumes];
        this.volumes = volumes;
    }

    /**
     * Computes them.
     *
     * @param start first volume in steady state
     * @param chosen linear indices of voxels whose time series are kept, in any order
     */
    public static TimeMaps of(Series series, int start, int[] chosen) {
        Grid grid = series.grid();
        TimeMaps maps = new TimeMaps(grid.size(), chosen.length, series.volumes(), series.volumes() - start);
        Parallel.forEach(grid.nz(), k -> maps.plane(series, start, chosen, k));
        return maps;
    }

    private void plane(Series series, int start, int[] chosen, int k) {
        int size = series.grid().nx() * series.grid().ny();
        int from = k * size;
        int even = volumes - volumes % 2;
        double centre = (volumes - 1) / 2.0;
        double spread = volumes * ((double) volumes * volumes - 1) / 12;
        // Values are relative to the first steady volume: sums of squares then keep their digits.
        float[] base = new float[size];
        float[] x = new float[size];
        double[] sum = new double[size];
        double[] square = new double[size];
        double[] slope = new double[size];
        double[] alternate = new double[size];
        int[] mine = java.util.stream.IntStream.range(0, chosen.length)
                .filter(n -> chosen[n] >= from && chosen[n] < from + size)
                .toArray();
        series.read(start, from, size, base, 0);
        for (int t = 0; t < series.volumes(); t++) {
            series.read(t, from, size, x, 0);
            for (int n : mine) {
                courses[n][t] = x[chosen[n] - from];
            }
            if (t >= start) {
                int at = t - start;
                double weight = at - centre;
                double sign = at >= even ? 0 : at % 2 == 0 ? 1 : -1;
                for (int v = 0; v < size; v++) {
                    double d = x[v] - base[v];
                    sum[v] += d;
                    square[v] += d * d;
                    slope[v] += weight * d;
                    alternate[v] += sign * d;
                }
            }
        }
        for (int v = 0; v < size; v++) {
            double m = sum[v] / volumes;
            mean[from + v] = (float) (base[v] + m);
            // Along a straight line each pair of volumes differs by one step.
            double steps = volumes > 1 ? slope[v] / spread * even / 2 : 0;
            difference[from + v] = (float) ((alternate[v] + steps) / Math.sqrt(Math.max(1, even)));
            if (volumes > 2) {
                double rest = square[v] - volumes * m * m - slope[v] * slope[v] / spread;
                sd[from + v] = (float) Math.sqrt(Math.max(0, rest) / (volumes - 2));
            }
        }
    }

    /** Mean over sd; NaN where nothing varies. */
    public float[] tsnr() {
        float[] out = new float[mean.length];
        for (int v = 0; v < out.length; v++) {
            out[v] = sd[v] > 1e-6f * Math.abs(mean[v]) && sd[v] > 0 ? mean[v] / sd[v] : Float.NaN;
        }
        return out;
    }

    /** Root mean square over time: in air the power of any received signal. */
    public float[] rms() {
        float[] out = new float[mean.length];
        for (int v = 0; v < out.length; v++) {
            out[v] = (float) Math.sqrt((double) mean[v] * mean[v] + (double) sd[v] * sd[v]);
        }
        return out;
    }

    /** Median temporal sd of each slice inside a mask; NaN where fewer than 50 voxels are. */
    public double[] sliceNoise(Mask mask, int axis) {
        Grid grid = mask.grid();
        int n = grid.dim(axis);
        int[] count = new int[n];
        int[] inside = mask.indices();
        for (int v : inside) {
            count[v / grid.stride(axis) % n]++;
        }
        float[][] values = new float[n][];
        for (int z = 0; z < n; z++) {
            values[z] = new float[count[z]];
        }
        int[] at = new int[n];
        for (int v : inside) {
            int z = v / grid.stride(axis) % n;
            values[z][at[z]++] = sd[v];
        }
        double[] out = new double[n];
        for (int z = 0; z < n; z++) {
            out[z] = count[z] < 50 ? Double.NaN : Statistics.medianInPlace(values[z], count[z]);
        }
        return out;
    }
}
