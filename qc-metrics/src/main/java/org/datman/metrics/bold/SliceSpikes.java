package org.datman.metrics.bold;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.datman.analysis.stats.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Slices of single volumes whose brightness jumps against their neighbours in z: a change of the whole volume, or a slow one,
 * cancels. The machinery of the DWI dropout test (qc specification <a href="{@docRoot}/../docs/qc-specification.md#A.3.1">A.3.1</a>) on log slice means, both directions.
 */
final class SliceSpikes {

    private static final double FLOOR = 0.004;
    private static final double Z = 6;
    private static final double WARN_PCT = 4;
    private static final double FLAG_PCT = 7;
    private static final double MOVING_FD_MM = 0.5;
    /** Beyond this the slice contains other anatomy and a comparison is meaningless; the volume is flagged as motion already. */
    private static final double LOST_FD_MM = 2;

    private static final int MOST_PER_VOLUME = 6;

    /**
     * One spike.
     *
     * @param slice 0-based
     * @param volume 0-based
     * @param changePct brightness against the neighbours, per cent
     * @param z robust z of that change among the slice's volumes
     * @param flag large and not explained by motion
     */
    record Spike(int slice, int volume, double changePct, double z, boolean flag) {}

    private SliceSpikes() {}

    /**
     * Finds spikes.
     *
     * @param sliceMean [slice][volume], NaN rows for slices that are too small
     * @param start first steady volume
     * @param fd framewise displacement per volume in mm, or null when motion is unknown
     */
    static List<Spike> find(double[][] sliceMean, int start, double @Nullable [] fd) {
        int slices = sliceMean.length;
        int volumes = slices == 0 ? 0 : sliceMean[0].length;
        double[][] log = new double[slices][volumes];
        for (int s = 0; s < slices; s++) {
            for (int t = 0; t < volumes; t++) {
                log[s][t] = Math.log(sliceMean[s][t]);
            }
        }
        double[][] anomaly = new double[slices][volumes];
        double[] centre = new double[slices];
        double[] scale = new double[slices];
        for (int s = 0; s < slices; s++) {
            for (int t = 0; t < volumes; t++) {
                anomaly[s][t] = difference(log, s, t);
            }
            double[] steady = Arrays.stream(anomaly[s], Math.min(start, volumes), volumes)
                    .filter(Double::isFinite)
                    .toArray();
            centre[s] = steady.length < 5 ? Double.NaN : Statistics.median(steady);
            scale[s] = steady.length < 5 ? Double.NaN : Statistics.madn(steady);
        }
        double typical =
                Statistics.median(Arrays.stream(scale).filter(Double::isFinite).toArray());
        List<Spike> spikes = new ArrayList<>();
        for (int t = start; t < volumes; t++) {
            double worst = fd == null ? 0 : Math.max(known(fd[t]), t + 1 < volumes ? known(fd[t + 1]) : 0);
            boolean moving = worst > MOVING_FD_MM;
            if (worst > LOST_FD_MM) {
                continue;
            }
            inVolume(t, log, centre, scale, typical, moving, spikes);
        }
        return spikes;
    }

    private static double known(double fd) {
        return Double.isNaN(fd) ? 0 : fd;
    }

    /** The worst slice first; then its neighbours again with the bad one bridged, so that they are not flagged for it. */
    private static void inVolume(
            int t, double[][] log, double[] centre, double[] scale, double typical, boolean moving, List<Spike> out) {
        int slices = log.length;
        double[][] column = new double[slices][1];
        for (int s = 0; s < slices; s++) {
            column[s][0] = log[s][t];
        }
        for (int round = 0; round < MOST_PER_VOLUME; round++) {
            int worst = -1;
            double worstZ = Z;
            double worstChange = 0;
            for (int s = 0; s < slices; s++) {
                double change = difference(column, s, 0) - centre[s];
                double z = change / Math.max(Math.max(scale[s], typical / 2), FLOOR);
                if (Math.abs(z) > worstZ && Math.abs(100 * Math.expm1(change)) >= WARN_PCT) {
                    worst = s;
                    worstZ = Math.abs(z);
                    worstChange = change;
                }
            }
            if (worst < 0) {
                return;
            }
            double percent = 100 * Math.expm1(worstChange);
            double z = worstChange / Math.max(Math.max(scale[worst], typical / 2), FLOOR);
            if (!moving || Math.abs(percent) >= 2 * FLAG_PCT) {
                out.add(new Spike(worst, t, percent, z, !moving && Math.abs(percent) >= FLAG_PCT));
            }
            column[worst][0] -= worstChange;
        }
    }

    private static double difference(double[][] log, int s, int t) {
        boolean inner = s > 0 && s < log.length - 1;
        return inner ? log[s][t] - (log[s - 1][t] + log[s + 1][t]) / 2 : Double.NaN;
    }
}
