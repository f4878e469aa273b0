package org.datman.analysis.image;

import java.util.List;

/**
 * A 3-D or 4-D image whose volumes share one grid. Implementations may hold the voxels in memory or in a mapped scratch
 * file; readers ask for the part they need. Safe for reading from several threads.
 */
public interface Series extends AutoCloseable {

    Grid grid();

    /** Number of volumes, at least one. */
    int volumes();

    /** Copies {@code length} voxels of volume {@code t}, from linear index {@code from}, into {@code into} at {@code at}. */
    void read(int t, int from, int length, float[] into, int at);

    /** NaN and infinite voxels that were replaced by 0 when the series was opened. */
    long nonFinite();

    /** A copy of volume {@code t}. */
    default Volume volume(int t) {
        float[] data = new float[grid().size()];
        read(t, 0, data.length, data, 0);
        return new Volume(grid(), data);
    }

    @Override
    default void close() {}

    /** A series over volumes that are in memory already; the arrays are shared, and non-finite voxels in them become 0. */
    static Series of(Grid grid, List<float[]> volumes) {
        return new HeapSeries(grid, volumes.toArray(float[][]::new));
    }
}
