package org.datman.metrics.reference;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.datman.analysis.stats.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Regions whose signal to noise has fallen against earlier sessions, as when one element of the coil fails (specification <a href="{@docRoot}/../docs/qc-specification.md#A.5.3">A.5.3</a>).
 * A change by the same factor everywhere is no local loss: the history of single numbers shows that.
 *
 * @param ratio per tile: now over the median of before, over the median of all tiles, smoothed; NaN where unknown
 * @param lost tiles of the largest connected region below {@link #LOST}, empty when it is too small
 * @param known tiles that are known now and before
 */
public record LocalLoss(double[] ratio, int[] lost, int known) {

    /** Below this share of the earlier signal to noise a tile counts as lost. */
    public static final double LOST = 0.7;

    /** Fewest sessions for a median. */
    public static final int FEWEST_BEFORE = 3;

    private static final int FEWEST_TILES = 4;
    private static final double FEWEST_SHARE = 0.04;

    /** Compares with earlier sessions whose box has as many tiles; null with fewer than three of those. */
    public static @Nullable LocalLoss of(Tiles now, List<Tiles> before) {
        List<Tiles> alike = before.stream()
                .filter(b -> Arrays.equals(b.tiles(), now.tiles()))
                .toList();
        if (alike.size() < FEWEST_BEFORE) {
            return null;
        }
        int n = now.snr().length;
        double[] raw = new double[n];
        for (int t = 0; t < n; t++) {
            int tile = t;
            double[] earlier = alike.stream()
                    .mapToDouble(b -> b.snr()[tile])
                    .filter(s -> s > 0)
                    .toArray();
            raw[t] = earlier.length < FEWEST_BEFORE || !(now.snr()[t] > 0)
                    ? Double.NaN
                    : now.snr()[t] / Statistics.median(earlier);
        }
        double[] known = Arrays.stream(raw).filter(Double::isFinite).toArray();
        if (known.length < FEWEST_TILES) {
            return null;
        }
        double whole = Statistics.median(known);
        double[] ratio = new double[n];
        for (int t = 0; t < n; t++) {
            ratio[t] = Double.isNaN(raw[t]) ? Double.NaN : around(raw, now.tiles(), t) / whole;
        }
        int[] lost = largest(ratio, now.tiles());
        boolean enough = lost.length >= Math.max(FEWEST_TILES, FEWEST_SHARE * known.length);
        return new LocalLoss(ratio, enough ? lost : new int[0], known.length);
    }

    /** Smallest ratio of all tiles. */
    public double smallest() {
        return Arrays.stream(ratio).filter(Double::isFinite).min().orElse(Double.NaN);
    }

    /** Median ratio of the lost region; NaN when there is none. */
    public double ofLost() {
        return lost.length == 0
                ? Double.NaN
                : Statistics.median(
                        Arrays.stream(lost).mapToDouble(t -> ratio[t]).toArray());
    }

    /** Median over a tile and those that share a face with it: the noise of single tiles goes, a region of several stays. */
    private static double around(double[] raw, int[] tiles, int t) {
        double[] values = new double[7];
        int n = 0;
        values[n++] = raw[t];
        for (int other : neighbours(tiles, t)) {
            if (other >= 0 && Double.isFinite(raw[other])) {
                values[n++] = raw[other];
            }
        }
        return Statistics.median(Arrays.copyOf(values, n));
    }

    private static int[] largest(double[] ratio, int[] tiles) {
        boolean[] seen = new boolean[ratio.length];
        int[] best = new int[0];
        for (int first = 0; first < ratio.length; first++) {
            if (seen[first] || !(ratio[first] < LOST)) {
                continue;
            }
            int[] region = new int[ratio.length];
            int n = 0;
            ArrayDeque<Integer> open = new ArrayDeque<>(List.of(first));
            seen[first] = true;
            while (!open.isEmpty()) {
                int t = open.remove();
                region[n++] = t;
                for (int other : neighbours(tiles, t)) {
                    if (other >= 0 && !seen[other] && ratio[other] < LOST) {
                        seen[other] = true;
                        open.add(other);
                    }
                }
            }
            if (n > best.length) {
                best = Arrays.copyOf(region, n);
            }
        }
        Arrays.sort(best);
        return best;
    }

    private static int[] neighbours(int[] tiles, int t) {
        int[] step = {1, tiles[0], tiles[0] * tiles[1]};
        int[] out = new int[6];
        for (int axis = 0; axis < 3; axis++) {
            int at = t / step[axis] % tiles[axis];
            out[2 * axis] = at > 0 ? t - step[axis] : -1;
            out[2 * axis + 1] = at < tiles[axis] - 1 ? t + step[axis] : -1;
        }
        return out;
    }
}
