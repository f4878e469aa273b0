package org.datman.metrics.common;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.image.Series;
import org.datman.contracts.study.Severity;
import org.datman.metrics.model.Findings;
import org.datman.plots.report.Flag;

/**
 * Volumes that do not belong to their run: without an image, of another scale, or copies of another volume. A converter or a scanner that
 * lost a volume leaves such ones in its place.
 *
 * @param empty volumes all of whose voxels have the same value
 * @param odd volumes whose mean is far from that of their group
 * @param mixed groups so many of whose volumes are of another scale that none of them can be called odd
 * @param copies copy to the volume that it repeats
 * @param mean mean of each volume, intensity units
 * @param oneContrast whether volumes of a group should have one contrast
 */
public record OddVolumes(
        List<Integer> empty,
        List<Odd> odd,
        List<Mixed> mixed,
        Map<Integer, Integer> copies,
        double[] mean,
        boolean oneContrast) {

    /**
     * A volume of another scale.
     *
     * @param ratio its mean over the median of the means of its group
     */
    public record Odd(int volume, double mean, double groupMedian, double ratio) {}

    /**
     * A group of several scales.
     *
     * @param volumes volumes of the group
     * @param first 0-based first volume of another scale than the median's
     * @param others volumes of another scale than the median's
     * @param lowest smallest mean over the median
     * @param highest largest mean over the median
     */
    public record Mixed(int volumes, int first, int others, double lowest, double highest) {}

    /** Beyond this factor no motion, drift or steady state explains a volume of a run of one contrast. */
    public static final double ONE_CONTRAST = 1.5;

    /** Calibration, labelling and echoes differ by less, or do so in many volumes. */
    public static final double ANY_CONTRAST = 4;

    /** Volumes of a group from which one can be odd. */
    private static final int FEWEST = 5;

    /** Where a larger share of a group is of another scale, the odd volumes cannot be determined: it may be a design. */
    private static final double LARGEST_SHARE = 0.2;

    /**
     * Tests all volumes.
     *
     * @param group volumes of the same number are alike; a negative number leaves a volume out of the comparison of scale
     * @param factor ratio from which a volume is odd, either way
     */
    public static OddVolumes of(Series series, int[] group, double factor) {
        int n = series.volumes();
        int size = series.grid().size();
        double[] mean = new double[n];
        boolean[] empty = new boolean[n];
        long[] hash = new long[n];
        Parallel.forEach(n, t -> {
            float[] x = new float[Math.min(size, 1 << 13)];
            double sum = 0;
            float first = Float.NaN;
            boolean same = true;
            long h = 1125899906842597L;
            for (int from = 0; from < size; from += x.length) {
                int length = Math.min(x.length, size - from);
                series.read(t, from, length, x, 0);
                if (from == 0) {
                    first = x[0];
                }
                for (int i = 0; i < length; i++) {
                    sum += x[i];
                    same &= x[i] == first;
                    h = 31 * h + Float.floatToRawIntBits(x[i]);
                }
            }
            mean[t] = sum / size;
            empty[t] = same;
            hash[t] = h;
        });
        List<Integer> none = new ArrayList<>();
        Map<Integer, Integer> copies = new LinkedHashMap<>();
        Map<Long, Integer> seen = new TreeMap<>();
        for (int t = 0; t < n; t++) {
            if (empty[t]) {
                none.add(t);
            } else {
                Integer before = seen.putIfAbsent(hash[t], t);
                if (before != null) {
                    copies.put(t, before);
                }
            }
        }
        List<Odd> odd = new ArrayList<>();
        List<Mixed> mixed = new ArrayList<>();
        odd(mean, empty, group, factor, odd, mixed);
        return new OddVolumes(none, odd, mixed, copies, mean, factor <= ONE_CONTRAST);
    }

    private static void odd(
            double[] mean, boolean[] empty, int[] group, double factor, List<Odd> odd, List<Mixed> mixed) {
        for (int number : Arrays.stream(group).filter(g -> g >= 0).distinct().toArray()) {
            int[] volumes = java.util.stream.IntStream.range(0, mean.length)
                    .filter(t -> group[t] == number && !empty[t])
                    .toArray();
            if (volumes.length < FEWEST) {
                continue;
            }
            // The mean of a volume, not half way between two: no volume is there if half of them are of another scale.
            double[] sorted =
                    Arrays.stream(volumes).mapToDouble(t -> mean[t]).sorted().toArray();
            double median = sorted[(sorted.length - 1) / 2];
            if (!(median > 0)) {
                continue;
            }
            List<Odd> found = new ArrayList<>();
            for (int t : volumes) {
                double ratio = mean[t] / median;
                if (ratio > factor || ratio < 1 / factor) {
                    found.add(new Odd(t, mean[t], median, ratio));
                }
            }
            if (found.size() <= Math.max(1, LARGEST_SHARE * volumes.length)) {
                odd.addAll(found);
            } else {
                mixed.add(new Mixed(
                        volumes.length,
                        found.get(0).volume(),
                        found.size(),
                        found.stream().mapToDouble(Odd::ratio).min().orElseThrow(),
                        found.stream().mapToDouble(Odd::ratio).max().orElseThrow()));
            }
        }
    }

    /** One flag per volume or mixed group, with its numbers; a run of empty volumes only is reported by the measurement, which finds no object. */
    public void flag(Findings findings) {
        if (empty.size() == mean.length) {
            return;
        }
        for (int t : empty) {
            findings.flag(new Flag("empty-volume", null, t, Severity.FLAG, Map.of("value", mean[t])));
        }
        for (Odd o : odd) {
            findings.flag(new Flag(
                    "odd-volume",
                    null,
                    o.volume(),
                    Severity.FLAG,
                    Map.of("mean", o.mean(), "median_of_the_others", o.groupMedian(), "ratio", o.ratio())));
        }
        for (Mixed m : mixed) {
            findings.flag(new Flag(
                    oneContrast ? "mixed-scale" : "several-contrasts",
                    null,
                    null,
                    Severity.WARN,
                    Map.of(
                            "volumes",
                            m.volumes(),
                            "of_another_scale",
                            m.others(),
                            "first_of_them",
                            m.first(),
                            "lowest_ratio",
                            m.lowest(),
                            "highest_ratio",
                            m.highest())));
        }
        copies.forEach((copy, of) ->
                findings.flag(new Flag("repeated-volume", null, copy, Severity.WARN, Map.of("repeats", of))));
    }

    /** One group from a first steady volume on; no volumes are alike when that is behind the last. */
    public static int[] run(int volumes, int start) {
        int[] group = new int[volumes];
        Arrays.fill(group, 0, Math.min(start, volumes), -1);
        return group;
    }

    /** One group except the first and the last volume, which may be calibration. */
    public static int[] inner(int volumes) {
        int[] group = new int[volumes];
        if (volumes > 0) {
            group[0] = -1;
            group[volumes - 1] = -1;
        }
        return group;
    }
}
