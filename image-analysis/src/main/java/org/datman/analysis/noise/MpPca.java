package org.datman.analysis.noise;

import java.util.Arrays;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.stats.Statistics;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;

/**
 * Noise from redundancy (Veraart 2016): in a patch of 5×5×5 voxels over many volumes the signal fills a few principal components; the
 * others follow the Marchenko-Pastur law, whose width is sigma.
 *
 * @param sigma median over patches, intensity units; NaN when there are too few volumes or patches
 * @param patches number of patches used
 */
public record MpPca(double sigma, int patches) {

    private static final int REACH = 2;
    private static final int PATCH = (2 * REACH + 1) * (2 * REACH + 1) * (2 * REACH + 1);
    private static final int MAX_PATCHES = 400;
    private static final int MIN_PATCHES = 20;
    /** Fewer volumes leave no components that are noise only. */
    public static final int MIN_VOLUMES = 12;

    private static final int MAX_VOLUMES = 96;

    /**
     * Estimates sigma in at most 400 evenly spread patches that are wholly inside the mask.
     *
     * @param kept linear voxel index of each kept voxel
     * @param values [volume][kept voxel]
     */
    public static MpPca of(Grid grid, int[] kept, float[][] values) {
        if (values.length < MIN_VOLUMES) {
            return new MpPca(Double.NaN, 0);
        }
        int[] position = new int[grid.size()];
        Arrays.fill(position, -1);
        for (int n = 0; n < kept.length; n++) {
            position[kept[n]] = n;
        }
        int[] centres =
                Arrays.stream(kept).filter(i -> whole(grid, position, i)).toArray();
        if (centres.length < MIN_PATCHES) {
            return new MpPca(Double.NaN, centres.length);
        }
        int count = Math.min(MAX_PATCHES, centres.length);
        int volumes = Math.min(MAX_VOLUMES, values.length);
        double[] sigma = new double[count];
        Parallel.forEach(count, p -> {
            int centre = centres[(int) ((p + 0.5) * centres.length / count)];
            sigma[p] = patch(grid, position, values, volumes, centre);
        });
        double[] known = Arrays.stream(sigma).filter(Double::isFinite).toArray();
        return new MpPca(known.length >= MIN_PATCHES ? Statistics.median(known) : Double.NaN, known.length);
    }

    private static boolean whole(Grid g, int[] position, int i) {
        int x = i % g.nx();
        int y = i / g.nx() % g.ny();
        int z = i / (g.nx() * g.ny());
        if (x < REACH || y < REACH || z < REACH || x >= g.nx() - REACH || y >= g.ny() - REACH || z >= g.nz() - REACH) {
            return false;
        }
        for (int c = -REACH; c <= REACH; c++) {
            for (int b = -REACH; b <= REACH; b++) {
                for (int a = -REACH; a <= REACH; a++) {
                    if (position[g.index(x + a, y + b, z + c)] < 0) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private static double patch(Grid g, int[] position, float[][] values, int volumes, int centre) {
        int x = centre % g.nx();
        int y = centre / g.nx() % g.ny();
        int z = centre / (g.nx() * g.ny());
        double[][] m = new double[volumes][PATCH];
        int n = 0;
        for (int c = -REACH; c <= REACH; c++) {
            for (int b = -REACH; b <= REACH; b++) {
                for (int a = -REACH; a <= REACH; a++) {
                    int at = position[g.index(x + a, y + b, z + c)];
                    for (int v = 0; v < volumes; v++) {
                        m[v][n] = values[(int) ((long) v * values.length / volumes)][at];
                    }
                    n++;
                }
            }
        }
        double[][] gram = new double[volumes][volumes];
        for (int r = 0; r < volumes; r++) {
            for (int c = 0; c <= r; c++) {
                double sum = 0;
                for (int i = 0; i < PATCH; i++) {
                    sum += m[r][i] * m[c][i];
                }
                gram[r][c] = sum;
                gram[c][r] = sum;
            }
        }
        double[] eigen = new EigenDecompositionSymmetric(new Array2DRowRealMatrix(gram, false)).getEigenvalues();
        Arrays.sort(eigen);
        return edge(eigen, PATCH);
    }

    /** Sigma of the largest set of small eigenvalues that a Marchenko-Pastur law explains; {@code eigen} rising. */
    static double edge(double[] eigen, int samples) {
        int r = Math.min(eigen.length, samples);
        int q = Math.max(eigen.length, samples);
        int skip = eigen.length - r;
        double least = Math.max(eigen[skip], 0) / q;
        double sum = 0;
        double sigma2 = Double.NaN;
        for (int p = 0; p < r; p++) {
            double lambda = Math.max(eigen[skip + p], 0) / q;
            sum += lambda;
            double gamma = (p + 1.0) / (q - (r - p - 1.0));
            double byMean = sum / (p + 1);
            double byWidth = (lambda - least) / (4 * Math.sqrt(gamma));
            if (byWidth < byMean) {
                sigma2 = byMean;
            }
        }
        // The kept components' share of the noise is missing from the mean of the others when they are few: q counts it
        // above.
        return Math.sqrt(sigma2);
    }
}
