package org.datman.synthetic;

import java.util.ArrayList;
import java.util.List;

/**
 * Signal loss in one slice of one diffusion volume because the head moved while it was encoded.
 *
 * @param volume 0-based volume
 * @param slice 0-based slice
 * @param region part of the slice
 * @param lossPercent 100 = all signal gone
 */
public record Dropout(int volume, int slice, Region region, double lossPercent) {

    /** Which part of a slice: the whole of it or the half on one side of the isocentre (patient's sides). */
    public enum Region {
        WHOLE,
        LEFT,
        RIGHT,
        ANTERIOR,
        POSTERIOR;

        boolean contains(double right, double anterior) {
            return switch (this) {
                case WHOLE -> true;
                case LEFT -> right < 0;
                case RIGHT -> right >= 0;
                case ANTERIOR -> anterior >= 0;
                case POSTERIOR -> anterior < 0;
            };
        }
    }

    /** A whole slice. */
    public static Dropout whole(int volume, int slice, double lossPercent) {
        return new Dropout(volume, slice, Region.WHOLE, lossPercent);
    }

    /** All odd slices: the head moved during the second half of an interleaved acquisition. */
    public static List<Dropout> oddSlices(int volume, int slices, double lossPercent) {
        return every(volume, 1, 2, slices, lossPercent);
    }

    /** The slices that are excited together with {@code slice}: z, z + N/MB, … */
    public static List<Dropout> multiband(int volume, int slice, int slices, int factor, double lossPercent) {
        int gap = slices / factor;
        return every(volume, slice % gap, gap, slices, lossPercent);
    }

    /** A whole volume. */
    public static List<Dropout> volume(int volume, int slices, double lossPercent) {
        return every(volume, 0, 1, slices, lossPercent);
    }

    private static List<Dropout> every(int volume, int first, int step, int slices, double lossPercent) {
        List<Dropout> all = new ArrayList<>();
        for (int k = first; k < slices; k += step) {
            all.add(whole(volume, k, lossPercent));
        }
        return all;
    }
}
