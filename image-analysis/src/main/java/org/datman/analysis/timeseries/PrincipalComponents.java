package org.datman.analysis.timeseries;

import java.util.Arrays;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.image.Series;
import org.datman.analysis.mask.Mask;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;

/**
 * Principal components over time of the residuals of a quadratic inside an object: coils, ghosts and heating that single voxels do not show.
 *
 * @param course [component][volume from start on], unit vectors
 * @param percent share of the variance of each
 * @param maps [component][voxel] weight of each voxel
 */
public record PrincipalComponents(double[][] course, double[] percent, float[][] maps) {

    /** Components that are kept. */
    public static final int KEPT = 4;
    /** Eigenvectors cost the cube of the volumes. */
    public static final int MOST_VOLUMES = 600;

    private static final int MOST_VOXELS = 4000;

    /** Enough voxels of a mask for the components, evenly spread. */
    public static int[] voxels(Mask inside) {
        int[] all = inside.indices();
        int step = Math.max(1, all.length / MOST_VOXELS);
        int[] some = new int[(all.length + step - 1) / step];
        Arrays.setAll(some, n -> all[n * step]);
        return some;
    }

    /**
     * Finds them.
     *
     * @param start first volume in steady state
     * @param rows [voxel][volume from start on] of {@link #voxels}
     */
    public static PrincipalComponents of(Series series, int start, float[][] rows) {
        int volumes = rows[0].length;
        double[][] residual = new double[rows.length][];
        Parallel.forEach(rows.length, n -> {
            double[] x = new double[volumes];
            for (int t = 0; t < volumes; t++) {
                x[t] = rows[n][t];
            }
            residual[n] = TimeSeriesFit.of(x).residual();
        });
        double[][] gram = new double[volumes][volumes];
        Parallel.forEach(volumes, a -> {
            for (double[] r : residual) {
                for (int b = 0; b <= a; b++) {
                    gram[a][b] += r[a] * r[b];
                }
            }
        });
        double total = 0;
        for (int a = 0; a < volumes; a++) {
            total += gram[a][a];
            for (int b = a + 1; b < volumes; b++) {
                gram[a][b] = gram[b][a];
            }
        }
        EigenDecompositionSymmetric eigen = new EigenDecompositionSymmetric(new Array2DRowRealMatrix(gram, false));
        int kept = Math.min(KEPT, volumes - TimeSeriesFit.PARAMETERS);
        double[][] course = new double[kept][];
        double[] percent = new double[kept];
        for (int c = 0; c < kept; c++) {
            // Largest first; the sign of an eigenvector is arbitrary, and so it is fixed: the largest excursion is up.
            course[c] = upwards(eigen.getEigenvector(c).toArray());
            percent[c] = 100 * eigen.getEigenvalue(c) / total;
        }
        return new PrincipalComponents(course, percent, project(series, start, course));
    }

    private static double[] upwards(double[] x) {
        double largest = 0;
        for (double v : x) {
            largest = Math.abs(v) > Math.abs(largest) ? v : largest;
        }
        double sign = largest < 0 ? -1 : 1;
        return Arrays.stream(x).map(v -> sign * v).toArray();
    }

    /** The components are orthogonal to the quadratic, so it need not be removed from the images. */
    private static float[][] project(Series series, int start, double[][] course) {
        int plane = series.grid().nx() * series.grid().ny();
        float[][] maps = new float[course.length][series.grid().size()];
        Parallel.forEach(series.grid().nz(), k -> {
            float[] x = new float[plane];
            double[][] sum = new double[course.length][plane];
            for (int t = 0; t < course[0].length; t++) {
                series.read(start + t, k * plane, plane, x, 0);
                for (int c = 0; c < course.length; c++) {
                    for (int v = 0; v < plane; v++) {
                        sum[c][v] += course[c][t] * x[v];
                    }
                }
            }
            for (int c = 0; c < course.length; c++) {
                for (int v = 0; v < plane; v++) {
                    maps[c][k * plane + v] = (float) sum[c][v];
                }
            }
        });
        return maps;
    }
}
