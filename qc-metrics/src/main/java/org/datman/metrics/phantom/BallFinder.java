package org.datman.metrics.phantom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.datman.analysis.image.BlockGrid;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.image.Smooth;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Morphology;
import org.datman.analysis.mask.Morphology.Neighbours;
import org.datman.analysis.stats.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Bright balls of the MagPhan (qc specification <a href="{@docRoot}/../docs/qc-specification.md#A.4.3">A.4.3</a>), in millimetres throughout: connected parts above each of many thresholds whose
 * volume and moments are those of a ball of 15 or 30 mm, then centre and radius from moments weighted with each voxel's share of the
 * ball, so that thick slices and oblique fields of view cost no accuracy.
 */
final class BallFinder {

    private static final double[] RADII_MM = {15, 30};
    private static final double COARSE_TOLERANCE = 0.25;
    private static final double TOLERANCE = 0.15;
    private static final double ELONGATED = 1.35;
    private static final double COARSE_MM = 2.5;
    private static final double HIGH_PASS_MM = 60;
    private static final int LEVELS = 32;

    private final Grid grid;
    private final float[] image;

    private BallFinder(Grid grid, float[] image) {
        this.grid = grid;
        this.image = image;
    }

    /** A part of the coarse image that may be a ball: centre in mm (R, A, S), radius, how far it is from round. */
    private record Candidate(double[] centre, double radius, double fault) {}

    /** All balls found, brightest first. */
    static List<Ball> find(Grid grid, float[] image) {
        BlockGrid coarse = BlockGrid.of(grid, COARSE_MM);
        float[] small = coarse.shrink(image);
        // Receivers near the surface lift the fill above balls in the middle: the second search does without what
        // varies slowly.
        float[] slow = Smooth.gaussian(coarse.grid(), small, HIGH_PASS_MM);
        float[] quick = new float[small.length];
        for (int v = 0; v < small.length; v++) {
            quick[v] = small[v] - slow[v];
        }
        List<Candidate> candidates = new ArrayList<>(search(coarse.grid(), small));
        candidates.addAll(search(coarse.grid(), quick));
        candidates.sort(Comparator.comparingDouble(Candidate::fault));
        BallFinder finder = new BallFinder(grid, image);
        List<Ball> found = new ArrayList<>();
        for (Candidate candidate : candidates) {
            if (found.stream().anyMatch(b -> Quadric.distance(b.centre(), candidate.centre) < b.radiusMm())) {
                continue;
            }
            Ball ball = finder.refined(candidate);
            if (ball != null
                    && found.stream()
                            .allMatch(b -> Quadric.distance(b.centre(), ball.centre())
                                    > 0.8 * (b.radiusMm() + ball.radiusMm()))) {
                found.add(ball);
            }
        }
        found.sort(Comparator.comparingDouble(Ball::intensity).reversed());
        return found;
    }

    private static List<Candidate> search(Grid g, float[] x) {
        double low = Statistics.quantile(x, 0.5);
        double high = Statistics.quantile(x, 0.9999);
        List<List<Candidate>> found = new ArrayList<>();
        for (int n = 0; n < LEVELS; n++) {
            found.add(List.of());
        }
        Parallel.forEach(LEVELS, n -> {
            double level = low + (high - low) * (n + 1) / (LEVELS + 1.0);
            found.set(n, parts(g, x, level));
        });
        return found.stream().flatMap(List::stream).toList();
    }

    private static List<Candidate> parts(Grid g, float[] x, double level) {
        int[] label = Morphology.components(Mask.above(g, x, level, "level"), Neighbours.FACES_6);
        int parts = Arrays.stream(label).max().orElse(0);
        double[][] sums = new double[parts + 1][10];
        double[] a = g.affine();
        for (int v = 0; v < label.length; v++) {
            if (label[v] <= 0) {
                continue;
            }
            double i = v % g.nx();
            double j = v / g.nx() % g.ny();
            double k = v / (g.nx() * g.ny());
            double[] s = sums[label[v]];
            double[] p = Quadric.mm(a, i, j, k);
            s[0]++;
            for (int r = 0; r < 3; r++) {
                s[1 + r] += p[r];
                s[4 + r] += p[r] * p[r];
            }
            s[7] += p[0] * p[1];
            s[8] += p[0] * p[2];
            s[9] += p[1] * p[2];
        }
        List<Candidate> found = new ArrayList<>();
        for (double[] s : sums) {
            Candidate candidate = candidate(g, s);
            if (candidate != null) {
                found.add(candidate);
            }
        }
        return found;
    }

    /** A ball of radius r has the variance r^2 / 5 along every direction. */
    private static @Nullable Candidate candidate(Grid g, double[] s) {
        double volume = s[0] * g.voxelVolume();
        double radius = Math.cbrt(3 * volume / (4 * Math.PI));
        double nominal = nearest(radius);
        if (s[0] < 8 || Math.abs(radius - nominal) > COARSE_TOLERANCE * nominal) {
            return null;
        }
        double[] c = {s[1] / s[0], s[2] / s[0], s[3] / s[0]};
        double[][] cov = {
            {s[4] / s[0] - c[0] * c[0], s[7] / s[0] - c[0] * c[1], s[8] / s[0] - c[0] * c[2]},
            {s[7] / s[0] - c[0] * c[1], s[5] / s[0] - c[1] * c[1], s[9] / s[0] - c[1] * c[2]},
            {s[8] / s[0] - c[0] * c[2], s[9] / s[0] - c[1] * c[2], s[6] / s[0] - c[2] * c[2]}
        };
        double[] spread = Quadric.eigenvalues(cov);
        double round = Math.sqrt(5 * (spread[0] + spread[1] + spread[2]) / 3) / radius;
        double long2 = spread[0] / Math.max(spread[2], 1e-9);
        boolean ball = long2 < ELONGATED * ELONGATED && Math.abs(round - 1) < 0.1;
        return ball ? new Candidate(c, radius, long2 - 1 + 4 * Math.abs(round - 1)) : null;
    }

    private static double nearest(double radius) {
        return Math.abs(radius - RADII_MM[0]) < Math.abs(radius - RADII_MM[1]) ? RADII_MM[0] : RADII_MM[1];
    }

    /** Moments on the full grid, three times from centre to centre; null where it turns out to be no ball. */
    private @Nullable Ball refined(Candidate candidate) {
        double[] centre = candidate.centre;
        double radius = candidate.radius;
        Around around = null;
        for (int turn = 0; turn < 4; turn++) {
            around = new Around(centre, 1.45 * radius);
            double inside = around.median(0, 0.6 * radius);
            double outside = around.median(1.25 * radius, 1.45 * radius);
            if (!(inside > outside)) {
                return null;
            }
            double[] m = around.moments(1.22 * radius, inside, outside);
            double next = Math.cbrt(3 * m[0] * grid.voxelVolume() / (4 * Math.PI));
            if (!(next > 5) || next > 40) {
                return null;
            }
            centre = new double[] {m[1], m[2], m[3]};
            radius = next;
        }
        double nominal = nearest(radius);
        if (Math.abs(radius - nominal) > TOLERANCE * nominal
                || Quadric.distance(centre, candidate.centre) > 0.5 * radius) {
            return null;
        }
        double[] mean = new Around(centre, radius).mean(0.7 * radius);
        return new Ball(centre, Quadric.voxel(grid, centre), radius, mean[0], (int) mean[1]);
    }

    /** The voxels about a point. */
    private final class Around {

        private final double[] value;
        private final double[] away;
        private final double[][] place;

        Around(double[] centre, double reach) {
            double[] middle = Quadric.voxel(grid, centre);
            int[] from = new int[3];
            int[] to = new int[3];
            int n = 1;
            for (int axis = 0; axis < 3; axis++) {
                double wide = reach / grid.spacing(axis) + 1;
                from[axis] = (int) Math.max(0, Math.ceil(middle[axis] - wide));
                to[axis] = (int) Math.min(grid.dim(axis) - 1.0, Math.floor(middle[axis] + wide));
                n *= Math.max(0, to[axis] - from[axis] + 1);
            }
            value = new double[n];
            away = new double[n];
            place = new double[n][];
            double[] a = grid.affine();
            int v = 0;
            for (int k = from[2]; k <= to[2]; k++) {
                for (int j = from[1]; j <= to[1]; j++) {
                    for (int i = from[0]; i <= to[0]; i++) {
                        value[v] = image[grid.index(i, j, k)];
                        place[v] = Quadric.mm(a, i, j, k);
                        away[v] = Quadric.distance(place[v], centre);
                        v++;
                    }
                }
            }
        }

        double median(double from, double to) {
            double[] x = new double[value.length];
            int n = 0;
            for (int v = 0; v < value.length; v++) {
                if (away[v] >= from && away[v] <= to) {
                    x[n++] = value[v];
                }
            }
            return n == 0 ? Double.NaN : Statistics.medianInPlace(x, n);
        }

        /** {sum of shares, weighted centre R, A, S}. */
        double[] moments(double reach, double inside, double outside) {
            double[] m = new double[4];
            for (int v = 0; v < value.length; v++) {
                if (away[v] <= reach) {
                    // Not clipped: noise must cancel, in the ball as well as around it.
                    double share = (value[v] - outside) / (inside - outside);
                    m[0] += share;
                    for (int r = 0; r < 3; r++) {
                        m[1 + r] += share * place[v][r];
                    }
                }
            }
            for (int r = 1; r < 4; r++) {
                m[r] /= m[0];
            }
            return m;
        }

        /** {mean, voxels} within a distance. */
        double[] mean(double reach) {
            double sum = 0;
            int n = 0;
            for (int v = 0; v < value.length; v++) {
                if (away[v] <= reach) {
                    sum += value[v];
                    n++;
                }
            }
            return new double[] {sum / n, n};
        }
    }
}
