package org.datman.metrics.dwi;

/** Slow change of the unweighted signal: gradients that warm up, gain that drifts. */
final class BzeroDrift {

    private static final int LEAST_SPAN = 10;

    private BzeroDrift() {}

    /**
     * Log-linear fit of the brain medians of unweighted volumes over volume index, in per cent per 100 volumes. NaN with fewer than two
     * of them or when they are within 10 volumes, too few to extrapolate to 100.
     */
    static double percentPer100(double[] median, int[] b0) {
        int n = b0.length;
        if (n < 2 || b0[n - 1] - b0[0] < LEAST_SPAN) {
            return Double.NaN;
        }
        double t = 0;
        double y = 0;
        for (int v : b0) {
            if (!(median[v] > 0)) {
                return Double.NaN;
            }
            t += v;
            y += Math.log(median[v]);
        }
        double ty = 0;
        double tt = 0;
        for (int v : b0) {
            ty += (v - t / n) * (Math.log(median[v]) - y / n);
            tt += (v - t / n) * (v - t / n);
        }
        return 100 * Math.expm1(100 * ty / tt);
    }
}
