package org.datman.metrics.dwi;

import java.util.Arrays;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.stats.Statistics;

/**
 * Neighbouring DWI correlation (Yeh 2019, as DIPY computes it): each weighted volume is correlated, inside the mask, with the one
 * nearest to it in q-space, where a direction and its opposite are the same.
 *
 * @param perVolume correlation with the nearest neighbour; NaN for unweighted volumes
 * @param neighbour index of that neighbour, −1 for unweighted volumes
 * @param mean over weighted volumes: the NDC
 */
record NeighbourCorrelation(double[] perVolume, int[] neighbour, double mean) {

    static NeighbourCorrelation of(MaskedData data, double[] bvals, double[][] bvecs) {
        int n = data.volumes();
        int[] nearest = new int[n];
        for (int v = 0; v < n; v++) {
            nearest[v] = nearest(v, bvals, bvecs);
        }
        double[] r = new double[n];
        Parallel.forEach(
                n,
                v -> r[v] =
                        nearest[v] < 0 ? Double.NaN : Statistics.pearson(data.values()[v], data.values()[nearest[v]]));
        double mean = Arrays.stream(r).filter(Double::isFinite).average().orElse(Double.NaN);
        return new NeighbourCorrelation(r, nearest, mean);
    }

    private static int nearest(int v, double[] bvals, double[][] bvecs) {
        if (!(bvals[v] > Shells.B0_LIMIT)) {
            return -1;
        }
        int best = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int other = 0; other < bvals.length; other++) {
            if (other == v || !(bvals[other] > Shells.B0_LIMIT)) {
                continue;
            }
            double plus = 0;
            double minus = 0;
            for (int c = 0; c < 3; c++) {
                double a = Math.sqrt(bvals[v]) * bvecs[v][c];
                double b = Math.sqrt(bvals[other]) * bvecs[other][c];
                plus += (a - b) * (a - b);
                minus += (a + b) * (a + b);
            }
            double distance = Math.min(plus, minus);
            if (distance < least) {
                least = distance;
                best = other;
            }
        }
        return best;
    }
}
