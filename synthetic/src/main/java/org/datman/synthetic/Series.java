package org.datman.synthetic;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A 4-D acquisition, made one volume at a time; any volume may be requested at any time and is always the same. */
public interface Series {

    Grid grid();

    /** Number of volumes. */
    int volumes();

    /** Repetition time, seconds. */
    double trSeconds();

    /** Magnitude image of volume {@code t}. */
    float[] volume(int t);

    /** Ground truth: where the body is in volume {@code t}. */
    Rigid position(int t);

    /** All volumes in order, lazily. */
    default Stream<float[]> stream() {
        return IntStream.range(0, volumes()).mapToObj(this::volume);
    }

    /** All volumes as one array, for small series in tests. */
    default float[] all() {
        int n = grid().voxels();
        float[] all = new float[Math.multiplyExact(n, volumes())];
        for (int t = 0; t < volumes(); t++) {
            System.arraycopy(volume(t), 0, all, t * n, n);
        }
        return all;
    }
}
