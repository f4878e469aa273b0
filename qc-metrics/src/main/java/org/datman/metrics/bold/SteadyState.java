package org.datman.metrics.bold;

import org.datman.analysis.image.Parallel;
import org.datman.analysis.image.Series;
import org.datman.analysis.stats.Statistics;

/** Leading volumes that are not in steady state: brighter than the run (nipype's NonSteadyStateDetector). */
public final class SteadyState {

    static final int FEWEST_VOLUMES = 10;
    private static final int TESTED_VOLUMES = 50;
    private static final double LIMIT = 3.5;

    private SteadyState() {}

    /** Number of leading volumes whose mean has a modified z above 3.5; -1 when the run is too short to know. */
    public static int dummies(Series series) {
        int n = Math.min(TESTED_VOLUMES, series.volumes());
        if (series.volumes() < FEWEST_VOLUMES) {
            return -1;
        }
        double[] mean = new double[n];
        Parallel.forEach(n, t -> mean[t] = Statistics.mean(series.volume(t).data()));
        double[] z = Statistics.modifiedZ(mean);
        int count = 0;
        while (count < n && z[count] > LIMIT) {
            count++;
        }
        return count;
    }
}
