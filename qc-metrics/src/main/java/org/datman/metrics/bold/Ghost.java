package org.datman.metrics.bold;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.datman.analysis.image.Grid;
import org.datman.analysis.image.Parallel;
import org.datman.analysis.image.Series;
import org.datman.analysis.image.Volume;
import org.datman.analysis.mask.Mask;
import org.datman.analysis.mask.Morphology;
import org.datman.analysis.mask.Morphology.Neighbours;
import org.datman.analysis.stats.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Ghost along the phase-encoding axis, as a fraction of the object's signal. The object rolled by N/2 (and, with acceleration R,
 * by N/R and N/2R) without the object is the ghost's place; squares there, less the squares of the air beside it, are the ghost's
 * own energy whatever the noise distribution.
 */
final class Ghost {

    private static final int FEWEST = 100;
    private static final int BRIGHT_VOLUMES = 40;
    private static final double BYSTANDER_MADN = 5;

    /**
     * A measured ghost.
     *
     * @param ratio ghost over signal, mean over the run; NaN when it cannot be seen
     * @param shift voxels along the phase axis at which it is largest
     * @param perVolume ratio per volume at that shift; empty without a ghost's place
     * @param region voxels of the ghost's place
     * @param reason why the ratio is NaN, or null
     */
    record Result(
            double ratio,
            int shift,
            double[] perVolume,
            int region,
            @Nullable String reason) {

        static Result unknown(String why) {
            return new Result(Double.NaN, 0, new double[0], 0, why);
        }
    }

    private Ghost() {}

    /**
     * Measures.
     *
     * @param bright the bright part of the object: in its shadow a ghost is as strong as the ratio states
     * @param object all of it, dim scalp included: it is excluded with its surroundings
     */
    static Result measure(
            Series series, Mask bright, Mask object, int phaseAxis, double acceleration, boolean zeroedAir) {
        if (phaseAxis < 0) {
            return Result.unknown("phase_encoding_axis_unknown");
        }
        if (zeroedAir) {
            return Result.unknown("background_zeroed");
        }
        Grid grid = series.grid();
        int n = grid.dim(phaseAxis);
        Mask wide = Morphology.dilate(object, Neighbours.FACES_6, 2);
        Mask core = Morphology.erode(bright, Neighbours.FACES_6, 1);
        Result best = null;
        for (int shift : shifts(n, acceleration)) {
            Mask there = core.rolled(phaseAxis, shift, "ghost");
            Mask back = core.rolled(phaseAxis, -shift, "ghost");
            Mask region = union(there, back).andNot(wide, "ghost");
            Mask touched = union(wide.rolled(phaseAxis, shift, "ghost"), wide.rolled(phaseAxis, -shift, "ghost"));
            Mask air = wide.not("air").andNot(touched, "air");
            if (region.count() < FEWEST || air.count() < FEWEST) {
                continue;
            }
            Result found = at(series, core, region.indices(), air.indices(), shift);
            if (best == null || found.ratio() > best.ratio()) {
                best = found;
            }
        }
        return best == null ? Result.unknown("object_fills_field_of_view") : best;
    }

    private static Set<Integer> shifts(int n, double acceleration) {
        Set<Integer> shifts = new TreeSet<>();
        shifts.add(n / 2);
        if (acceleration >= 2) {
            shifts.add((int) Math.round(n / acceleration));
            shifts.add((int) Math.round(n / (2 * acceleration)));
        }
        return shifts;
    }

    private static Mask union(Mask a, Mask b) {
        boolean[] out = new boolean[a.in().length];
        for (int v = 0; v < out.length; v++) {
            out[v] = a.in()[v] || b.in()[v];
        }
        return new Mask(a.grid(), out, a.id());
    }

    private static Result at(Series series, Mask core, int[] place, int[] beside, int shift) {
        int volumes = series.volumes();
        int[] region = withoutBystanders(series, place);
        int[] air = withoutBystanders(series, beside);
        double[] excess = new double[volumes];
        double[] level = new double[volumes];
        int[] object = core.indices();
        Parallel.forEach(volumes, t -> {
            Volume volume = series.volume(t);
            excess[t] = meanSquare(volume.data(), region) - meanSquare(volume.data(), air);
            // The signal hardly changes: its median of some volumes is as accurate as of all, and much cheaper.
            boolean needed = volumes <= BRIGHT_VOLUMES || t % (volumes / BRIGHT_VOLUMES + 1) == 0;
            level[t] = needed ? median(volume.data(), object) : Double.NaN;
        });
        double signal =
                Statistics.median(Arrays.stream(level).filter(Double::isFinite).toArray());
        double[] perVolume = new double[volumes];
        double sum = 0;
        for (int t = 0; t < volumes; t++) {
            sum += excess[t];
            perVolume[t] = signal > 0 ? Math.sqrt(Math.max(excess[t], 0)) / signal : Double.NaN;
        }
        double ratio = signal > 0 ? Math.sqrt(Math.max(sum / volumes, 0)) / signal : Double.NaN;
        return new Result(ratio, shift, perVolume, region.length, signal > 0 ? null : "no_signal");
    }

    /**
     * A place (of the ghost, or of the air it is compared with) without the few voxels that are far brighter than the rest of
     * it: a nose or a neck that is in the way. A ghost fills its place evenly, as the object fills its own.
     */
    private static int[] withoutBystanders(Series series, int[] place) {
        int sampled = Math.min(series.volumes(), BRIGHT_VOLUMES);
        double[] square = new double[place.length];
        for (int n = 0; n < sampled; n++) {
            float[] image =
                    series.volume((int) ((long) n * series.volumes() / sampled)).data();
            for (int i = 0; i < place.length; i++) {
                square[i] += (double) image[place[i]] * image[place[i]] / sampled;
            }
        }
        double limit = Statistics.median(square) + BYSTANDER_MADN * Statistics.madn(square);
        int count = 0;
        int[] out = new int[place.length];
        for (int i = 0; i < place.length; i++) {
            if (square[i] <= limit) {
                out[count++] = place[i];
            }
        }
        return Arrays.copyOf(out, count);
    }

    private static double meanSquare(float[] image, int[] voxels) {
        double sum = 0;
        for (int v : voxels) {
            sum += (double) image[v] * image[v];
        }
        return sum / voxels.length;
    }

    private static double median(float[] image, int[] voxels) {
        float[] values = new float[voxels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = image[voxels[i]];
        }
        return Statistics.medianInPlace(values, values.length);
    }
}
