package org.datman.metrics.bold;

import org.datman.analysis.image.Parallel;
import org.datman.analysis.image.Series;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.stats.Statistics;

/** 1 - Spearman correlation of each volume with the median volume (AFNI 3dTqual). */
final class SimilarityToMedian {

    private SimilarityToMedian() {}

    /** Index per volume; NaN for a volume that does not vary. */
    static double[] index(Series series, Mask mask, float[] medianVolume) {
        float[] reference = Statistics.ranks(mask.values(medianVolume));
        double[] out = new double[series.volumes()];
        Parallel.forEach(out.length, t -> {
            float[] values = mask.values(series.volume(t).data());
            out[t] = 1 - Statistics.pearson(Statistics.ranks(values), reference);
        });
        return out;
    }
}
