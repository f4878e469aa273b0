package org.datman.metrics.dwi;

import java.util.Arrays;
import org.datman.analysis.stats.Statistics;

/**
 * Movement within a volume: odd and even slices are acquired at different times, so their levels zigzag when the head moved between
 * them.
 *
 * @param z per volume: robust z within its shell of the mean over slices of (−1)^z × log-signal anomaly; NaN where unknown
 */
record Interleave(double[] z) {

    private static final double SD_FLOOR = 0.002;

    /** @param lossPercent [slice][volume] of {@link SliceDropoutDetector} */
    static Interleave of(double[][] lossPercent, Shells shells) {
        int volumes = lossPercent[0].length;
        double[] zigzag = new double[volumes];
        for (int v = 0; v < volumes; v++) {
            double sum = 0;
            int n = 0;
            for (int s = 0; s < lossPercent.length; s++) {
                if (Double.isFinite(lossPercent[s][v])) {
                    double anomaly = Math.log(Math.max(1 - lossPercent[s][v] / 100, 1e-6));
                    sum += s % 2 == 0 ? anomaly : -anomaly;
                    n++;
                }
            }
            zigzag[v] = n >= 4 ? sum / n : Double.NaN;
        }
        double[] z = new double[volumes];
        Arrays.fill(z, Double.NaN);
        for (int shell : shells.values()) {
            int[] members = shells.volumes(shell);
            double[] x = Arrays.stream(members)
                    .mapToDouble(v -> zigzag[v])
                    .filter(Double::isFinite)
                    .toArray();
            if (members.length < 5 || x.length < members.length) {
                continue;
            }
            double centre = Statistics.median(x);
            double scale = Math.max(Statistics.madn(x), SD_FLOOR);
            for (int v : members) {
                z[v] = (zigzag[v] - centre) / scale;
            }
        }
        return new Interleave(z);
    }
}
