package org.datman.analysis.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Collects volumes as they are read: on the heap as long as they take less than a third of it, else in a mapped scratch file
 * that is deleted as soon as it is open, so that no file remains in any case.
 */
public final class SeriesBuilder implements AutoCloseable {

    private final Grid grid;
    /** Without a place where the volumes are in the scratch file. */
    private final float[][] heap;

    private final @Nullable Scratch scratch;
    private int added;
    private long nonFinite;

    private SeriesBuilder(Grid grid, int volumes, boolean onHeap) throws IOException {
        this.grid = grid;
        this.heap = new float[onHeap ? volumes : 0][];
        this.scratch = onHeap ? null : Scratch.open(volumes);
    }

    private record Scratch(FileChannel channel, MappedByteBuffer[] pages) {

        private static Scratch open(int volumes) throws IOException {
            FileChannel channel = FileChannel.open(
                    Files.createTempFile("datman-qc-", ".raw"),
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE);
            return new Scratch(channel, new MappedByteBuffer[volumes]);
        }
    }

    /** For {@code volumes} volumes on a grid. */
    public static SeriesBuilder of(Grid grid, int volumes) throws IOException {
        return new SeriesBuilder(grid, volumes, fitsHeap(4L * grid.size() * volumes));
    }

    /** Whether a series of so many bytes will be on the heap. */
    public static boolean fitsHeap(double bytes) {
        return bytes <= Runtime.getRuntime().maxMemory() / 3.0;
    }

    static SeriesBuilder onDisk(Grid grid, int volumes) throws IOException {
        return new SeriesBuilder(grid, volumes, false);
    }

    /** Adds the next volume; the array is taken over. */
    public void add(float[] volume) throws IOException {
        nonFinite += HeapSeries.clean(volume, 0, volume.length);
        if (scratch == null) {
            heap[added++] = volume;
            return;
        }
        long bytes = 4L * volume.length;
        MappedByteBuffer buffer = scratch.channel.map(FileChannel.MapMode.READ_WRITE, added * bytes, bytes);
        buffer.order(ByteOrder.nativeOrder());
        buffer.asFloatBuffer().put(volume);
        scratch.pages[added++] = buffer;
    }

    /** The finished series. */
    public Series build() {
        return scratch == null
                ? new HeapSeries(grid, heap, nonFinite)
                : new MappedSeries(grid, scratch.pages, nonFinite);
    }

    /** Gives the scratch file back to the system; mapped pages live on until the series is collected. */
    @Override
    public void close() throws IOException {
        if (scratch != null) {
            scratch.channel.close();
        }
    }

    /** Volumes in mapped pages of a file without a name. */
    private record MappedSeries(Grid grid, MappedByteBuffer[] pages, long nonFinite) implements Series {

        @Override
        public int volumes() {
            return pages.length;
        }

        @Override
        public void read(int t, int from, int length, float[] into, int at) {
            ByteBuffer page = pages[t].duplicate().order(ByteOrder.nativeOrder());
            page.asFloatBuffer().get(from, into, at, length);
        }
    }
}
