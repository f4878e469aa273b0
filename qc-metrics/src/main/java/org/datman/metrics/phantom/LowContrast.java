package org.datman.metrics.phantom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.datman.analysis.image.Grid;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Morphology;
import org.datman.analysis.mask.Morphology.Neighbours;
import org.datman.analysis.stats.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Low-contrast object detectability: the ten spokes of three holes, from 7 to 1.5 mm, on the discs of the ACR phantom's slices 8 to 11
 * (contrast 1.4, 2.5, 3.6 and 5.1 %). A hole is seen when its mean exceeds that of its surroundings by more than {@link #VISIBLE} times
 * what the same comparison gives at places between the holes; a spoke is complete when its three holes are seen; complete spokes are
 * counted from the largest to the first that is not, as the ACR guide counts them; a missed first spoke counts as seen when the two
 * after it are. Each disc is turned by 9 degrees against the next,
 * and so one angle is sought for all four.
 *
 * @param u centre of the discs, voxels
 * @param v centre of the discs, voxels
 * @param angle of the largest spoke of slice 11, rad, from -v towards +u
 * @param turn 1 or -1: the way in which spokes become smaller
 * @param seen [slice 8, 9, 10, 11][spoke][hole]
 * @param flat slices 8 to 11 without shading, 1 is the disc
 */
record LowContrast(double u, double v, double angle, int turn, boolean[][][] seen, SliceImage[] flat) {

    static final int FIRST_SLICE = 8;
    static final double[] RADII_MM = {12.5, 25, 38};
    static final double[] DIAMETERS_MM = {7.00, 6.39, 5.78, 5.17, 4.55, 3.94, 3.33, 2.72, 2.11, 1.50};
    private static final double VISIBLE = 2.5;
    private static final double STEP = Math.toRadians(36);
    private static final double TURNED = Math.toRadians(9);
    /** Places without holes: distance from the centre in mm, degrees from midway between two spokes. */
    private static final double[][] EMPTY = {{38, -3}, {38, 0}, {38, 3}, {31.5, -6}, {31.5, 0}, {31.5, 6}, {25, 0}};

    private static final double RING_SEARCH_MM = 75;
    private static final double RING_MM = 48;

    /** Complete spokes of slices 8, 9, 10, 11. */
    int[] spokes() {
        return Arrays.stream(seen).mapToInt(LowContrast::spokes).toArray();
    }

    /**
     * Complete spokes from the largest to the first that is not. Spokes become smaller, so a first one that the template missed is
     * there when the two smaller ones after it are complete.
     */
    static int spokes(boolean[][] slice) {
        int n = complete(slice, 0) || (complete(slice, 1) && complete(slice, 2)) ? 1 : 0;
        while (n > 0 && complete(slice, n)) {
            n++;
        }
        return n;
    }

    private static boolean complete(boolean[][] slice, int spoke) {
        return spoke < slice.length && slice[spoke][0] && slice[spoke][1] && slice[spoke][2];
    }

    /** Angle of a spoke of slice 8 + {@code slice}. */
    double spoke(int slice, int spoke) {
        return angleOf(angle, turn, slice, spoke);
    }

    private static double angleOf(double angle, int turn, int slice, int spoke) {
        return angle + turn * (spoke * STEP - (3 - slice) * TURNED);
    }

    /** Measures slices 8 to 11, or null where slice 11 has no disc within a dark ring. */
    static @Nullable LowContrast of(Outline[] slices) {
        double[] centre = ring(slices[3]);
        if (centre == null) {
            return null;
        }
        SliceImage[] planes = Arrays.stream(slices)
                .map(s -> FlatDisc.of(s.plane(), centre[0], centre[1]))
                .toArray(SliceImage[]::new);
        double[][][] kernels =
                Arrays.stream(DIAMETERS_MM).mapToObj(d -> kernel(planes[0], d)).toArray(double[][][]::new);
        double[] best = {Double.NEGATIVE_INFINITY, 0, 1};
        for (int turn = -1; turn <= 1; turn += 2) {
            for (int degree = 0; degree < 360; degree += 2) {
                best = better(best, planes, kernels, centre, Math.toRadians(degree), turn);
            }
        }
        double rough = best[1];
        for (int n = -8; n <= 8; n++) {
            best = better(best, planes, kernels, centre, rough + Math.toRadians(n / 5.0), (int) best[2]);
        }
        double angle = best[1];
        int turn = (int) best[2];
        boolean[][][] seen = IntStream.range(0, 4)
                .parallel()
                .mapToObj(s -> seen(planes[s], kernels, centre, angle, turn, s))
                .toArray(boolean[][][]::new);
        return new LowContrast(centre[0], centre[1], angle, turn, seen, planes);
    }

    /** Contrast summed over the large holes of all slices: higher where the template matches them. */
    private static double[] better(
            double[] best, SliceImage[] planes, double[][][] kernels, double[] centre, double angle, int turn) {
        double sum = 0;
        for (int slice = 0; slice < planes.length; slice++) {
            for (int spoke = 0; spoke < 7; spoke++) {
                for (double radius : RADII_MM) {
                    double at = angleOf(angle, turn, slice, spoke);
                    sum += contrast(planes[slice], centre, at, radius, kernels[spoke]);
                }
            }
        }
        return sum > best[0] ? new double[] {sum, angle, turn} : best;
    }

    /** Centre of the dark ring around the disc. */
    private static double @Nullable [] ring(Outline outline) {
        SliceImage p = outline.plane();
        double limit = 0.5 * Uniformity.signal(outline);
        Grid grid = Grid.ras(p.nu(), p.nv(), 1, p.du(), p.dv(), 1);
        boolean[] dark = new boolean[p.data().length];
        for (int v = 0; v < p.nv(); v++) {
            for (int u = 0; u < p.nu(); u++) {
                double away = Math.hypot((u - outline.u()) * p.du(), (v - outline.v()) * p.dv());
                dark[v * p.nu() + u] = away < RING_SEARCH_MM && p.at(u, v) < limit;
            }
        }
        Mask ring = Morphology.largest(new Mask(grid, dark, "ring"), Neighbours.FACES_6);
        int[] indices = ring.indices();
        if (indices.length < 100) {
            return null;
        }
        double u = Arrays.stream(indices).mapToDouble(i -> i % p.nu()).average().orElse(0);
        double v = Arrays.stream(indices)
                .mapToDouble(i -> (double) (i / p.nu()))
                .average()
                .orElse(0);
        double radius = Arrays.stream(indices)
                .mapToDouble(i -> Math.hypot((i % p.nu() - u) * p.du(), ((double) (i / p.nu()) - v) * p.dv()))
                .average()
                .orElse(0);
        return Math.abs(radius - RING_MM) < 4 ? new double[] {u, v} : null;
    }

    private static boolean[][] seen(
            SliceImage p, double[][][] kernels, double[] centre, double angle, int turn, int slice) {
        boolean[][] seen = new boolean[DIAMETERS_MM.length][RADII_MM.length];
        for (int spoke = 0; spoke < seen.length; spoke++) {
            List<Double> chance = new ArrayList<>();
            for (int other = 0; other < seen.length; other++) {
                double middle = angleOf(angle, turn, slice, other) + STEP / 2;
                for (double[] place : EMPTY) {
                    chance.add(contrast(p, centre, middle + Math.toRadians(place[1]), place[0], kernels[spoke]));
                }
            }
            double noise = Statistics.madn(
                    chance.stream().mapToDouble(Double::doubleValue).toArray());
            double at = angleOf(angle, turn, slice, spoke);
            for (int hole = 0; hole < RADII_MM.length; hole++) {
                seen[spoke][hole] = contrast(p, centre, at, RADII_MM[hole], kernels[spoke]) > VISIBLE * noise;
            }
        }
        return seen;
    }

    /** Sum of the kernel's weights times the values about a place. */
    private static double contrast(SliceImage p, double[] centre, double angle, double radius, double[][] kernel) {
        double u = centre[0] + radius * Math.sin(angle) / p.du();
        double v = centre[1] - radius * Math.cos(angle) / p.dv();
        double sum = 0;
        for (double[] point : kernel) {
            sum += point[2] * p.between(u + point[0], v + point[1]);
        }
        return sum;
    }

    /** {u, v, weight}: the mean inside 0.85 of a hole less the mean of a ring from 1 to 2.5 mm around it, about a sample per voxel. */
    private static double[][] kernel(SliceImage p, double diameter) {
        double pixel = Math.min(p.du(), p.dv());
        List<double[]> inside = new ArrayList<>(List.of(new double[] {0, 0}));
        for (double r = pixel; r < 0.85 * diameter / 2; r += pixel) {
            circle(inside, r, p, pixel);
        }
        if (inside.size() == 1) {
            circle(inside, 0.6 * diameter / 2, p, pixel);
        }
        List<double[]> around = new ArrayList<>();
        for (double r = diameter / 2 + 1; r <= diameter / 2 + 2.5; r += pixel) {
            circle(around, r, p, pixel);
        }
        List<double[]> all = new ArrayList<>();
        inside.forEach(q -> all.add(new double[] {q[0], q[1], 1.0 / inside.size()}));
        around.forEach(q -> all.add(new double[] {q[0], q[1], -1.0 / around.size()}));
        return all.toArray(double[][]::new);
    }

    private static void circle(List<double[]> points, double radius, SliceImage p, double pixel) {
        int n = (int) Math.max(6, Math.round(2 * Math.PI * radius / pixel));
        for (int i = 0; i < n; i++) {
            double angle = 2 * Math.PI * i / n;
            points.add(new double[] {radius * Math.cos(angle) / p.du(), radius * Math.sin(angle) / p.dv()});
        }
    }
}
