package org.datman.metrics.common;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.datman.analysis.mask.Mask;

/** Evenly spread voxels or slices, for pictures. */
public final class EvenSample {

    private EvenSample() {}

    /** At most so many of some numbers, in their order; all when there are fewer. */
    public static int[] of(int[] all, int most) {
        int shown = Math.min(most, all.length);
        return IntStream.range(0, shown)
                .map(n -> all[(int) ((2L * n + 1) * all.length / (2L * shown))])
                .toArray();
    }

    /** At most so many of the slices that hold voxels of a mask. */
    public static int[] slices(Mask mask, int sliceAxis, int most) {
        int stride = mask.grid().stride(sliceAxis);
        int n = mask.grid().dim(sliceAxis);
        int[] filled = Arrays.stream(mask.indices())
                .map(v -> v / stride % n)
                .distinct()
                .sorted()
                .toArray();
        return of(filled, most);
    }
}
