package org.datman.metrics.csv;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.datman.analysis.motion.Displacement;
import org.datman.analysis.motion.Rigid;
import org.datman.plots.report.Metric;
import org.datman.plots.report.Report;
import org.datman.plots.report.TimeCourse;
import org.jspecify.annotations.Nullable;

/**
 * The values of the old qascripts and fBIRN programs from time courses that a report still contains. NaN where unknown.
 *
 * @param mean mean of the mask over volumes, intensity
 * @param drift least-squares slope of the mask's mean, intensity per volume
 * @param driftPercent drift in percent of the mean, per volume
 * @param outliers outlying voxels per volume, or null
 * @param meanAbsolute mean displacement from the first volume, mm (root mean square over 80 mm)
 * @param maxAbsolute largest of these
 * @param meanRelative mean displacement between neighbours, mm
 * @param maxRelative largest of these
 */
record RunNumbers(
        double mean,
        double drift,
        double driftPercent,
        double @Nullable [] outliers,
        double meanAbsolute,
        double maxAbsolute,
        double meanRelative,
        double maxRelative) {

    /** Fewest volumes for which the old programs reported signal, and motion. */
    private static final int FEWEST_SIGNAL = 5;

    private static final int FEWEST_MOTION = 3;

    /** Of a functional run: signal, outliers and motion. */
    static RunNumbers ofRun(Report report) {
        double[] global = report.timeseries().containsKey("global_signal")
                ? report.timeseries().get("global_signal").values()
                : new double[0];
        TimeCourse motion = report.timeseries().get("motion");
        double[][] moves = motion == null ? new double[0][] : motion.rows();
        return of(global, outliers(report), moves);
    }

    /** Of a diffusion series: motion of its unweighted volumes alone; signal that mixes shells is not measured. */
    static RunNumbers ofDiffusion(Report report) {
        return of(new double[0], null, unweighted(report));
    }

    private static RunNumbers of(double[] global, double @Nullable [] outliers, double[][] moves) {
        double none = Double.NaN;
        double mean = none;
        double slope = none;
        if (global.length >= FEWEST_SIGNAL && Arrays.stream(global).allMatch(Double::isFinite)) {
            mean = Arrays.stream(global).average().orElseThrow();
            slope = slope(global, mean);
        }
        double percent = mean == 0 ? none : 100 * slope / mean;
        if (moves.length < FEWEST_MOTION) {
            return new RunNumbers(mean, slope, percent, outliers, none, none, none, none);
        }
        Rigid first = rigid(moves[0]).inverse();
        Rigid[] course = Arrays.stream(moves).map(m -> rigid(m).after(first)).toArray(Rigid[]::new);
        double[] away = Displacement.absolute(course);
        double[] steps = Arrays.stream(Displacement.jenkinson(course)).skip(1).toArray();
        return new RunNumbers(
                mean,
                slope,
                percent,
                outliers,
                Arrays.stream(away).average().orElseThrow(),
                Arrays.stream(away).max().orElseThrow(),
                Arrays.stream(steps).average().orElseThrow(),
                Arrays.stream(steps).max().orElseThrow());
    }

    private static Rigid rigid(double[] p) {
        return Rigid.of(p[0], p[1], p[2], p[3], p[4], p[5]);
    }

    private static double slope(double[] y, double mean) {
        double middle = (y.length - 1) / 2.0;
        double product = 0;
        double square = 0;
        for (int t = 0; t < y.length; t++) {
            product += (t - middle) * (y[t] - mean);
            square += (t - middle) * (t - middle);
        }
        return product / square;
    }

    private static double @Nullable [] outliers(Report report) {
        TimeCourse share = report.timeseries().get("aor");
        Metric metric = report.metrics().get("aor");
        Long voxels = metric == null ? null : metric.maskVoxels();
        if (share == null || voxels == null) {
            return null;
        }
        return Arrays.stream(share.values())
                .map(x -> Double.isFinite(x) ? Math.rint(x * voxels) : 0)
                .toArray();
    }

    /** Movements of the unweighted volumes: those without a neighbour correlation, if they are as many as the table has. */
    private static double[][] unweighted(Report report) {
        TimeCourse motion = report.timeseries().get("motion");
        TimeCourse weighted = report.timeseries().get("ndc");
        Double count = report.value("n_b0");
        if (motion == null || weighted == null || count == null) {
            return new double[0][];
        }
        double[] known = weighted.values();
        int[] plain = IntStream.range(0, known.length)
                .filter(v -> !Double.isFinite(known[v]))
                .toArray();
        return plain.length == count
                ? Arrays.stream(plain).mapToObj(v -> motion.rows()[v]).toArray(double[][]::new)
                : new double[0][];
    }

    /** Last less first value of the parabola through a time course, in percent of its mean; NaN for fewer than four values. */
    static double lastLessFirst(@Nullable TimeCourse course) {
        double[] y = course == null
                ? new double[0]
                : Arrays.stream(course.values()).filter(Double::isFinite).toArray();
        if (y.length < 4) {
            return Double.NaN;
        }
        double mean = Arrays.stream(y).average().orElseThrow();
        // On centred, evenly spaced points the line is orthogonal to constant and square: the parabola's ends differ by
        // the line's rise.
        return mean == 0 ? Double.NaN : 100 * slope(y, mean) * (y.length - 1) / mean;
    }
}
