package org.datman.metrics.reference;

import java.util.Arrays;
import org.datman.analysis.image.AxisMap;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.stats.Statistics;
import org.datman.metrics.common.ImageMetrics;
import org.jspecify.annotations.Nullable;

/**
 * Signal to noise by place (specification <a href="{@docRoot}/../docs/qc-specification.md#A.5.3">A.5.3</a>): the box around the object is cut into tiles along patient R, A, S, so that sessions
 * agree at any position of the object, without registration. Noise is the difference of volumes; in a single image that of the in-plane
 * difference kernel [1 -2 1; -2 4 -2; 1 -2 1].
 *
 * @param tiles along R, A, S
 * @param snr median signal over noise per tile, R fastest; NaN where the object has too few voxels
 */
public record Tiles(int[] tiles, double[] snr) {

    private static final int FEWEST = 24;
    private static final double FULL = 0.5;

    public Tiles {
        tiles = tiles.clone();
        snr = snr.clone();
    }

    /**
     * Which tile each voxel of a mask is in.
     *
     * @param counts tiles along R, A, S
     * @param of per voxel in file order, -1 outside
     * @param centre middle of each tile, mm along R, A, S
     * @param voxels of a whole tile
     */
    public record Place(int[] counts, int[] of, double[][] centre, double voxels) {

        /** Tiles of the box around the mask: 8 along an axis with 24 voxels or more, fewer along shorter ones. */
        public static Place of(Mask mask) {
            Grid g = mask.grid();
            AxisMap axes = g.axes();
            int[] counts = new int[3];
            int[][] tile = new int[3][];
            double[][] middle = new double[3][];
            double voxels = 1;
            for (int patient = 0; patient < 3; patient++) {
                int axis = axes.fileAxis(patient);
                int n = g.dim(axis);
                counts[patient] = n >= 24 ? 8 : n >= 12 ? 4 : n >= 6 ? 2 : 1;
                int[] range = mask.range(axis);
                double step = (range[1] - range[0] + 1.0) / counts[patient];
                voxels *= step;
                tile[axis] = new int[n];
                for (int i = range[0]; i <= range[1]; i++) {
                    int at = (int) Math.min(counts[patient] - 1.0, (i - range[0]) / step);
                    tile[axis][i] = axes.sign()[axis] > 0 ? at : counts[patient] - 1 - at;
                }
                middle[axis] = new double[counts[patient]];
                for (int t = 0; t < counts[patient]; t++) {
                    int at = axes.sign()[axis] > 0 ? t : counts[patient] - 1 - t;
                    middle[axis][t] = range[0] + (at + 0.5) * step - 0.5;
                }
            }
            return new Place(counts, places(mask, axes, counts, tile), centres(g, axes, counts, middle), voxels);
        }

        private static int[] places(Mask mask, AxisMap axes, int[] counts, int[][] tile) {
            Grid g = mask.grid();
            int[] step = {1, counts[0], counts[0] * counts[1]};
            int[] patient = axes.patientAxis();
            int[] of = new int[g.size()];
            Arrays.fill(of, -1);
            for (int v : mask.indices()) {
                int at = 0;
                for (int axis = 0; axis < 3; axis++) {
                    at += step[patient[axis]] * tile[axis][v / g.stride(axis) % g.dim(axis)];
                }
                of[v] = at;
            }
            return of;
        }

        private static double[][] centres(Grid g, AxisMap axes, int[] counts, double[][] middle) {
            double[] a = g.affine();
            double[][] centre = new double[counts[0] * counts[1] * counts[2]][3];
            for (int t = 0; t < centre.length; t++) {
                int[] at = {t % counts[0], t / counts[0] % counts[1], t / counts[0] / counts[1]};
                for (int r = 0; r < 3; r++) {
                    centre[t][r] = a[4 * r + 3];
                    for (int axis = 0; axis < 3; axis++) {
                        centre[t][r] += a[4 * r + axis] * middle[axis][at[axes.patientAxis()[axis]]];
                    }
                }
            }
            return centre;
        }
    }

    /**
     * Measures.
     *
     * @param signal image of the signal, perhaps a mean over volumes
     * @param acquired one acquired volume, whose noise is measured
     * @param difference of volumes, with the sd of the noise of one; null for a single image
     */
    public static Tiles of(
            Place place, Mask mask, float[] signal, float[] acquired, float @Nullable [] difference, int sliceAxis) {
        Grid g = mask.grid();
        int n = place.centre().length;
        int[] inside = mask.indices();
        // Some thousand voxels are enough for a tile.
        int step = Math.max(1, inside.length / 400_000);
        int[] count = new int[n];
        for (int i = 0; i < inside.length; i += step) {
            count[place.of()[inside[i]]]++;
        }
        float[][] level = new float[n][];
        float[][] noise = new float[n][];
        for (int t = 0; t < n; t++) {
            level[t] = new float[count[t]];
            noise[t] = new float[count[t]];
        }
        int[] levels = new int[n];
        int[] noises = new int[n];
        for (int i = 0; i < inside.length; i += step) {
            int v = inside[i];
            int t = place.of()[v];
            level[t][levels[t]++] = signal[v];
            float response = difference == null ? response(g, acquired, v, sliceAxis) / 6 : Math.abs(difference[v]);
            if (!Float.isNaN(response)) {
                noise[t][noises[t]++] = response;
            }
        }
        // A tile that the object only touches changes with the object's position.
        double fewest = Math.max(FEWEST, FULL * place.voxels() / step);
        double[] snr = new double[n];
        Parallel.forEach(n, t -> {
            double sigma = noises[t] < fewest ? 0 : Statistics.medianInPlace(noise[t], noises[t]) / 0.6745;
            snr[t] = sigma > 0 ? Statistics.medianInPlace(level[t], levels[t]) / sigma : Double.NaN;
        });
        return new Tiles(place.counts(), snr);
    }

    private static float response(Grid g, float[] x, int v, int sliceAxis) {
        int u = sliceAxis == 0 ? 1 : 0;
        int w = sliceAxis == 2 ? 1 : 2;
        int a = g.stride(u);
        int b = g.stride(w);
        int pa = v / a % g.dim(u);
        int pb = v / b % g.dim(w);
        if (pa == 0 || pb == 0 || pa == g.dim(u) - 1 || pb == g.dim(w) - 1) {
            return Float.NaN;
        }
        return ImageMetrics.differenceKernel(x, v, a, b);
    }
}
