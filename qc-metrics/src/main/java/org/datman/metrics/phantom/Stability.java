package org.datman.metrics.phantom;

import java.util.Arrays;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.image.Series;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.timeseries.Polynomials;
import org.datman.analysis.timeseries.TimeSeriesFit;
import org.datman.metrics.common.ImageMetrics;

/** Maps over time of a run, from volume {@code start} on, in one pass over the data: mean, quadratic fit, noise, odd less even. */
final class Stability {

    /** Mean over volumes. */
    final float[] mean;
    /** Sd of the residual of the quadratic; NaN voxels where fewer than five volumes. */
    final float[] sd;
    /** Mean over sd, 0 where sd is 0. */
    final float[] sfnr;
    /** Sum of odd less sum of even volumes, the last one left out when their number is odd. */
    final float[] difference;
    /** Volumes in {@link #difference}. */
    final int pairedVolumes;

    private final Series series;
    private final int start;
    private final int volumes;
    private final double[][] basis;
    private final double[][] coefficients;

    private Stability(Series series, int start) {
        int size = series.grid().size();
        this.series = series;
        this.start = start;
        this.volumes = series.volumes() - start;
        this.mean = new float[size];
        this.sd = new float[size];
        this.sfnr = new float[size];
        this.difference = new float[size];
        this.pairedVolumes = volumes - volumes % 2;
        this.basis = Polynomials.orthonormal(volumes, TimeSeriesFit.PARAMETERS - 1);
        this.coefficients = new double[basis.length][size];
    }

    static Stability of(Series series, int start) {
        Stability result = new Stability(series, start);
        Grid g = series.grid();
        int plane = g.nx() * g.ny();
        Parallel.forEach(g.nz(), k -> result.plane(k * plane, plane));
        return result;
    }

    private void plane(int from, int n) {
        float[] x = new float[n];
        double[] square = new double[n];
        double[] odd = new double[n];
        for (int t = 0; t < volumes; t++) {
            series.read(start + t, from, n, x, 0);
            double sign = t >= pairedVolumes ? 0 : t % 2 == 0 ? -1 : 1;
            for (int v = 0; v < n; v++) {
                square[v] += (double) x[v] * x[v];
                odd[v] += sign * x[v];
            }
            for (int d = 0; d < basis.length; d++) {
                double weight = basis[d][t];
                double[] c = coefficients[d];
                for (int v = 0; v < n; v++) {
                    c[from + v] += weight * x[v];
                }
            }
        }
        for (int v = 0; v < n; v++) {
            double rest = square[v];
            for (double[] c : coefficients) {
                rest -= c[from + v] * c[from + v];
            }
            // The first basis function is constant, 1 / sqrt(volumes).
            mean[from + v] = (float) (coefficients[0][from + v] / Math.sqrt(volumes));
            sd[from + v] = (float) Math.sqrt(Math.max(0, rest) / Math.max(1, volumes - TimeSeriesFit.PARAMETERS));
            sfnr[from + v] = sd[from + v] > 0 ? mean[from + v] / sd[from + v] : 0;
            difference[from + v] = (float) odd[v];
        }
    }

    /** [volume of the series][i, j, k] smoothness in mm of the residual of the quadratic, inside the mask; NaN before the start. */
    double[][] smoothness(Mask mask) {
        double[][] out = nan();
        Parallel.forEach(volumes, t -> {
            float[] x = series.volume(start + t).data().clone();
            for (int v = 0; v < x.length; v++) {
                double fit = 0;
                for (int d = 0; d < basis.length; d++) {
                    fit += coefficients[d][v] * basis[d][t];
                }
                x[v] -= (float) fit;
            }
            out[start + t] = ImageMetrics.fwhm(series.grid(), x, mask);
        });
        return out;
    }

    /** [volume of the series][R, A, S] centre of intensity in the mask, mm in the scanner; NaN before the start. */
    double[][] centreOfMass(Mask mask) {
        Grid g = series.grid();
        int[] indices = mask.indices();
        double[] affine = g.affine();
        double[][] out = nan();
        Parallel.forEach(volumes, t -> {
            float[] x = series.volume(start + t).data();
            double weight = 0;
            double[] sum = new double[3];
            for (int index : indices) {
                weight += x[index];
                for (int axis = 0; axis < 3; axis++) {
                    sum[axis] += (double) x[index] * SpherePlace.along(g, index, axis);
                }
            }
            for (int r = 0; r < 3; r++) {
                out[start + t][r] = affine[4 * r + 3]
                        + (affine[4 * r] * sum[0] + affine[4 * r + 1] * sum[1] + affine[4 * r + 2] * sum[2]) / weight;
            }
        });
        return out;
    }

    private double[][] nan() {
        double[][] out = new double[series.volumes()][3];
        for (double[] row : out) {
            Arrays.fill(row, Double.NaN);
        }
        return out;
    }

    /** [voxel][volume from start on] of the given voxels. */
    float[][] rows(int[] indices) {
        float[][] rows = new float[indices.length][volumes];
        for (int t = 0; t < volumes; t++) {
            float[] one = new float[1];
            for (int n = 0; n < indices.length; n++) {
                series.read(start + t, indices[n], 1, one, 0);
                rows[n][t] = one[0];
            }
        }
        return rows;
    }
}
