package org.datman.metrics.dwi;

import java.util.Arrays;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.stats.Statistics;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;

/**
 * Diffusion tensor per voxel by weighted least squares on the logarithm (Basser 1994; weights are squared signals).
 *
 * @param fa fractional anisotropy; NaN where the fit failed
 * @param md mean diffusivity, mm²/s
 * @param direction unit vector of the largest eigenvalue, three numbers per voxel, in the frame of the gradient table
 * @param failed voxels whose fit failed or holds no signal
 * @param negative voxels with a negative eigenvalue
 * @param degenerate voxels whose fractional anisotropy is above 1 before it is cut to 1
 */
record TensorFit(float[] fa, float[] md, float[] direction, int failed, int negative, int degenerate) {

    private static final double HIGHEST_B = 1500;

    /** Volumes a tensor is fitted to: up to 1500 s/mm², or the lowest shell when all are above. */
    static int[] volumes(Shells shells) {
        double limit = Math.max(
                HIGHEST_B,
                Arrays.stream(shells.values()).filter(b -> b > 0).min().orElse(0));
        return java.util.stream.IntStream.range(0, shells.b().length)
                .filter(v -> shells.b()[v] <= limit)
                .toArray();
    }

    /** Ratio of the largest to the smallest singular value of the six-column design of the weighted directions. */
    static double conditionNumber(double[][] bvecs, int[] weighted) {
        if (weighted.length < 6) {
            return Double.POSITIVE_INFINITY;
        }
        double[][] rows = new double[weighted.length][];
        for (int n = 0; n < rows.length; n++) {
            rows[n] = terms(1, bvecs[weighted[n]]);
        }
        double[] s = new SingularValueDecomposition(new Array2DRowRealMatrix(rows, false)).getSingularValues();
        return s[s.length - 1] > 1e-9 * s[0] ? s[0] / s[s.length - 1] : Double.POSITIVE_INFINITY;
    }

    private static double[] terms(double b, double[] g) {
        return new double[] {
            b * g[0] * g[0],
            b * g[1] * g[1],
            b * g[2] * g[2],
            2 * b * g[0] * g[1],
            2 * b * g[0] * g[2],
            2 * b * g[1] * g[2]
        };
    }

    /** Fits some volumes. Those that count as unweighted enter without direction, which may be missing or NaN there. */
    static TensorFit of(MaskedData data, GradientTable table, Shells shells, int[] volumes) {
        double[] b = new double[table.bvals().length];
        double[][] g = new double[b.length][];
        for (int v = 0; v < b.length; v++) {
            b[v] = shells.b()[v] == 0 ? 0 : table.bvals()[v];
            g[v] = shells.b()[v] == 0 ? new double[3] : table.bvecs()[v];
        }
        return of(data, b, g, volumes);
    }

    static TensorFit of(MaskedData data, double[] bvals, double[][] bvecs, int[] volumes) {
        int voxels = data.voxels();
        double[][] design = new double[volumes.length][7];
        for (int n = 0; n < volumes.length; n++) {
            // In ms/µm² the columns are of the size of the constant one.
            double[] t = terms(-bvals[volumes[n]] / 1000, bvecs[volumes[n]]);
            design[n][0] = 1;
            System.arraycopy(t, 0, design[n], 1, 6);
        }
        float[] fa = new float[voxels];
        float[] md = new float[voxels];
        float[] direction = new float[3 * voxels];
        int block = 4096;
        int[][] bad = new int[(voxels + block - 1) / block][3];
        Parallel.blocks(voxels, block, (from, to) -> {
            Worker worker = new Worker(data, volumes, design);
            for (int n = from; n < to; n++) {
                boolean fitted = worker.fit(n);
                double[] e = worker.eigen;
                double anisotropy = fitted ? anisotropy(e) : Double.NaN;
                fa[n] = (float) Math.min(1, anisotropy);
                md[n] = fitted ? (float) ((e[0] + e[1] + e[2]) / 3000) : Float.NaN;
                for (int c = 0; c < 3; c++) {
                    direction[3 * n + c] = fitted ? (float) worker.principal[c] : 0;
                }
                bad[from / block][0] += fitted ? 0 : 1;
                bad[from / block][1] += fitted && Math.min(e[0], Math.min(e[1], e[2])) < 0 ? 1 : 0;
                bad[from / block][2] += anisotropy > 1 ? 1 : 0;
            }
        });
        int failed = Arrays.stream(bad).mapToInt(b -> b[0]).sum();
        int negative = Arrays.stream(bad).mapToInt(b -> b[1]).sum();
        int degenerate = Arrays.stream(bad).mapToInt(b -> b[2]).sum();
        return new TensorFit(fa, md, direction, failed, negative, degenerate);
    }

    private static double anisotropy(double[] e) {
        double m = (e[0] + e[1] + e[2]) / 3;
        double spread = 0;
        double size = 0;
        for (double x : e) {
            spread += (x - m) * (x - m);
            size += x * x;
        }
        return size > 0 ? Math.sqrt(1.5 * spread / size) : Double.NaN;
    }

    /** Median mean diffusivity over voxels that could be fitted, mm²/s. */
    double mdMedian() {
        return mdQuantile(0.5);
    }

    /** A quantile of the mean diffusivity over voxels that could be fitted, mm²/s; NaN without any. */
    double mdQuantile(double q) {
        float[] known = new float[md.length];
        int n = 0;
        for (float x : md) {
            if (Float.isFinite(x)) {
                known[n++] = x;
            }
        }
        return n == 0 ? Double.NaN : Statistics.quantileInPlace(known, n, q);
    }

    /** Scratch space of one thread. */
    private static final class Worker {
        private final MaskedData data;
        private final int[] volumes;
        private final double[][] design;
        private final double[][] a = new double[7][7];
        private final double[] b = new double[7];
        private final double[] eigen = new double[3];
        private final double[] principal = new double[3];

        Worker(MaskedData data, int[] volumes, double[][] design) {
            this.data = data;
            this.volumes = volumes;
            this.design = design;
        }

        boolean fit(int voxel) {
            for (double[] row : a) {
                Arrays.fill(row, 0);
            }
            Arrays.fill(b, 0);
            double largest = 0;
            for (int v : volumes) {
                largest = Math.max(largest, data.values()[v][voxel]);
            }
            if (!(largest > 0)) {
                return false;
            }
            for (int n = 0; n < volumes.length; n++) {
                double s = Math.max(data.values()[volumes[n]][voxel] / largest, 1e-3);
                double w = s * s;
                double log = Math.log(s);
                double[] x = design[n];
                for (int r = 0; r < 7; r++) {
                    double wx = w * x[r];
                    b[r] += wx * log;
                    for (int c = 0; c <= r; c++) {
                        a[r][c] += wx * x[c];
                    }
                }
            }
            double[] d = SmallCholesky.solve(a, b);
            if (d == null) {
                return false;
            }
            SymmetricEigen.solve(d[1], d[2], d[3], d[4], d[5], d[6], eigen, principal);
            return Double.isFinite(eigen[0]);
        }
    }
}
