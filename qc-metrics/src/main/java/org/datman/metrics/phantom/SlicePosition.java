package org.datman.metrics.phantom;

import java.util.Arrays;
import org.datman.analysis.stats.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * The two crossed wedges at the rim of the ACR phantom: in slices 1 and 11 they show as a dark bar whose halves end at different depths
 * where the slice is displaced. Which side of the field of view the bar is on does not matter.
 *
 * @param left depth in mm below the rim where the left half ends, as seen with the bar on top and the patient's right on the left
 * @param right of the other half
 * @param ends points {u, v} of the two ends, left first
 * @param sides {u, v} of the two halves at the rim, left first
 */
record SlicePosition(double left, double right, double[][] ends, double[][] sides) {

    private static final double FIRST_MM = 11;
    private static final double SECOND_MM = 15;
    private static final double DEEPEST_MM = 62;
    private static final double WIDE_MM = 16;
    private static final double BESIDE_MM = 9;

    SlicePosition {
        ends = ends.clone();
        sides = sides.clone();
    }

    /** Right less left: negative where the left half is longer, as the ACR guide counts. */
    double difference() {
        return right - left;
    }

    /** A direction inwards from the rim, and the one across it, in voxels per mm of u and v. */
    private record Frame(SliceImage plane, double[] rim, double[] inwards, double[] across) {

        double at(double lateral, double depth) {
            double[] p = point(lateral, depth);
            return plane.between(p[0], p[1]);
        }

        double[] point(double lateral, double depth) {
            return new double[] {
                rim[0] + lateral * across[0] + depth * inwards[0], rim[1] + lateral * across[1] + depth * inwards[1]
            };
        }
    }

    /** The side of the outline where a dark bar reaches inwards, 0 to 3, or -1: used on slice 11, where there is no other bar. */
    static int side(Outline outline) {
        int best = -1;
        double darkest = 0.5;
        for (int side = 0; side < 4; side++) {
            Frame frame = frame(outline, side, 1);
            double bar = mean(frame, -3, 3);
            double beside = Math.min(mean(frame, -WIDE_MM, -BESIDE_MM), mean(frame, BESIDE_MM, WIDE_MM));
            if (beside > 0 && bar / beside < darkest) {
                darkest = bar / beside;
                best = side;
            }
        }
        return best;
    }

    /**
     * Measures, or null where no bar is found.
     *
     * @param handed 1 where u to v turns anticlockwise as the picture is seen, -1 where clockwise
     */
    static @Nullable SlicePosition of(Outline outline, int side, int handed) {
        return side < 0 ? null : measured(frame(outline, side, handed));
    }

    /** The four sides of the outline; lateral grows to the right when the side is on top. */
    private static Frame frame(Outline outline, int side, int handed) {
        SliceImage p = outline.plane();
        int column = (int) Math.round(outline.u());
        int row = (int) Math.round(outline.v());
        boolean alongU = side < 2;
        int sign = side % 2 == 0 ? 1 : -1;
        double[] inwards = alongU ? new double[] {sign / p.du(), 0} : new double[] {0, sign / p.dv()};
        // Clockwise by a quarter from "up" (against inwards) is "right".
        double[] across = alongU ? new double[] {0, sign * handed / p.dv()} : new double[] {-sign * handed / p.du(), 0};
        double[] rim;
        if (alongU) {
            int u = sign > 0 ? 0 : p.nu() - 1;
            while (p.inside(u, row) && !outline.holds(u, row)) {
                u += sign;
            }
            rim = new double[] {u - 0.5 * sign, outline.v()};
        } else {
            int v = sign > 0 ? outline.first()[column] : outline.last()[column];
            rim = new double[] {outline.u(), v - 0.5 * sign};
        }
        return new Frame(p, rim, inwards, across);
    }

    private static double mean(Frame frame, double from, double to) {
        double sum = 0;
        int n = 0;
        for (double lateral = from; lateral <= to; lateral += 0.5) {
            for (double depth = FIRST_MM; depth <= SECOND_MM; depth += 0.5) {
                sum += frame.at(lateral, depth);
                n++;
            }
        }
        return sum / n;
    }

    private static @Nullable SlicePosition measured(Frame frame) {
        double[] profile = new double[(int) (4 * WIDE_MM) + 1];
        for (int n = 0; n < profile.length; n++) {
            for (double depth = FIRST_MM; depth <= SECOND_MM; depth += 0.5) {
                profile[n] += frame.at(n / 2.0 - WIDE_MM, depth);
            }
        }
        double low = Arrays.stream(profile).min().orElse(0);
        double level = (low + Statistics.quantile(profile, 0.75)) / 2;
        int middle = profile.length / 2;
        int from = middle;
        int to = middle;
        while (from > 0 && profile[from] < level) {
            from--;
        }
        while (to < profile.length - 1 && profile[to] < level) {
            to++;
        }
        double first = from / 2.0 - WIDE_MM;
        double width = (to - from) / 2.0;
        if (width < 5 || width > 20) {
            return null;
        }
        // The inner part of each half: beside its outer edge and beside the other half there is partial volume.
        double left = end(frame, first + 0.15 * width, first + 0.4 * width);
        double right = end(frame, first + 0.6 * width, first + 0.85 * width);
        if (!Double.isFinite(left) || !Double.isFinite(right)) {
            return null;
        }
        double a = first + 0.275 * width;
        double b = first + 0.725 * width;
        return new SlicePosition(
                left, right, new double[][] {frame.point(a, left), frame.point(b, right)}, new double[][] {
                    frame.point(a, 0), frame.point(b, 0)
                });
    }

    /** Depth at which a half rises half way from the bar to the level below it; NaN where it does not. */
    private static double end(Frame frame, double from, double to) {
        double step = 0.25;
        double[] x = new double[(int) ((DEEPEST_MM - FIRST_MM) / step)];
        for (int n = 0; n < x.length; n++) {
            int samples = 0;
            for (double lateral = from; lateral <= to; lateral += 0.25) {
                x[n] += frame.at(lateral, FIRST_MM + n * step);
                samples++;
            }
            x[n] /= samples;
        }
        double dark = Statistics.median(Arrays.copyOf(x, (int) (4 / step)));
        double all = Statistics.quantile(x, 0.75);
        int rough = 0;
        while (rough < x.length && x[rough] < (dark + all) / 2) {
            rough++;
        }
        int beyond = rough + (int) (5 / step);
        if (rough == 0 || beyond + (int) (6 / step) > x.length) {
            return Double.NaN;
        }
        double level = (dark + Statistics.median(Arrays.copyOfRange(x, beyond, beyond + (int) (6 / step)))) / 2;
        int n = 0;
        while (n < x.length && x[n] < level) {
            n++;
        }
        return n == 0 || n == x.length ? Double.NaN : FIRST_MM + step * (n - (x[n] - level) / (x[n] - x[n - 1]));
    }
}
