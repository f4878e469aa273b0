package org.datman.metrics.dwi;

import java.util.Arrays;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.stats.Statistics;
import org.datman.contracts.study.Severity;
import org.jspecify.annotations.Nullable;

/**
 * Volumes whose whole brain is too dark or too bright for their shell, which a slice test cannot detect.
 *
 * @param z robust z of the log median brain signal within its shell and direction; NaN for shells of fewer than 5 volumes
 * @param changePercent difference from what the shell expects
 * @param median brain median per volume, intensity units
 * @param byDirection whether the effect of the volume's direction was removed; shells of few directions are not modelled
 */
record VolumeOutliers(double[] z, double[] changePercent, double[] median, boolean[] byDirection) {

    private static final double DARK_Z = -4.2;
    /** Where the change with direction still is in the numbers it has long tails: along the main fibres a brain is darkest. */
    private static final double DARK_Z_WITHOUT_DIRECTIONS = -6;
    /** Signal is lost, hardly ever gained: along a main fibre bundle a brain is brighter than a smooth model predicts. */
    private static final double BRIGHT_Z = 8;

    private static final double FLAG_PERCENT = 14;
    private static final double WARN_PERCENT = 10;

    private static final double SD_FLOOR = 0.01;
    private static final int SHELL_MINIMUM = 5;

    static VolumeOutliers of(MaskedData data, Shells shells, double @Nullable [][] bvecs) {
        double[] median = new double[data.volumes()];
        Parallel.forEach(median.length, v -> median[v] = Statistics.median(data.values()[v]));
        double[] z = new double[median.length];
        double[] change = new double[median.length];
        Arrays.fill(z, Double.NaN);
        Arrays.fill(change, Double.NaN);
        boolean[] byDirection = new boolean[median.length];
        double ceiling = Math.max(Arrays.stream(median).max().orElse(0), Double.MIN_NORMAL);
        for (int shell : shells.values()) {
            int[] members = shells.volumes(shell);
            if (members.length < SHELL_MINIMUM) {
                continue;
            }
            double[] log = new double[members.length];
            for (int n = 0; n < log.length; n++) {
                log[n] = Math.log(Math.max(median[members[n]], 1e-6 * ceiling));
            }
            DirectionModel model = shell == 0 || bvecs == null
                    ? DirectionModel.constant()
                    : DirectionModel.of(
                            Arrays.stream(members).mapToObj(v -> bvecs[v]).toArray(double[][]::new));
            double[] residual = model.residuals(log);
            double scale = Math.max(Statistics.madn(residual), SD_FLOOR);
            for (int n = 0; n < members.length; n++) {
                z[members[n]] = residual[n] / scale;
                change[members[n]] = 100 * Math.expm1(residual[n]);
                byDirection[members[n]] = shell == 0 || model.fits();
            }
        }
        return new VolumeOutliers(z, change, median, byDirection);
    }

    /** How bad volume {@code v} is, or null when it is not an outlier. */
    @Nullable
    Severity severity(int v) {
        double loss = -changePercent[v];
        if (z[v] < (byDirection[v] ? DARK_Z : DARK_Z_WITHOUT_DIRECTIONS) && loss >= WARN_PERCENT) {
            return loss >= FLAG_PERCENT ? Severity.FLAG : Severity.WARN;
        }
        return z[v] > BRIGHT_Z && -loss >= FLAG_PERCENT ? Severity.WARN : null;
    }
}
