package org.datman.metrics.input;

import java.io.IOException;
import java.nio.file.Path;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiReader;
import org.datman.metrics.image.SeriesBuilder;

/**
 * How much heap a measurement holds at its peak, told from the image's header alone: what runs side by side is decided by it. The numbers are a fit to
 * what was measured ({@code docs/qc-speed.md}), good to about a third. One that needs more and finds no memory is done once more, alone.
 */
public final class MemoryNeed {

    /** Pictures, tables, and what the walks over slices hold. */
    static final long ALWAYS = 32L << 20;

    /** Of one volume: means, masks, distances, gradients. */
    static final int BYTES_PER_VOXEL = 16;

    private static final int BYTES_PER_STORED_VOXEL = 4;

    private MemoryNeed() {}

    /** Bytes. Of a file whose header cannot be read the least that any measurement needs: that it is broken is soon found out. */
    public static long bytes(Path nifti) {
        try (NiftiReader reader = NiftiReader.open(nifti)) {
            NiftiHeader header = reader.header();
            double voxels = header.voxelsPerVolume();
            double series = BYTES_PER_STORED_VOXEL * voxels * header.volumeCount();
            double onHeap = SeriesBuilder.fitsHeap(series) ? series : BYTES_PER_STORED_VOXEL * voxels;
            return (long) (ALWAYS + BYTES_PER_VOXEL * voxels + onHeap);
        } catch (IOException | ArithmeticException unreadable) {
            return ALWAYS;
        }
    }
}
