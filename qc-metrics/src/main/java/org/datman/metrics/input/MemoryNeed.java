package org.datman.metrics.input;

import java.io.IOException;
import java.nio.file.Path;
import org.datman.analysis.image.SeriesBuilder;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiReader;

/**
 * Estimates the peak heap of a measurement from the image's header alone, to decide what runs in parallel. The numbers are a fit to
 * measurements ({@code docs/qc-speed.md}), accurate to about a third. One that needs more and runs out of memory is retried alone.
 */
public final class MemoryNeed {

    /** Pictures, tables, and the buffers of the passes over slices. */
    static final long ALWAYS = 32L << 20;

    /** Of one volume: means, masks, distances, gradients. */
    static final int BYTES_PER_VOXEL = 16;

    private static final int BYTES_PER_STORED_VOXEL = 4;

    private MemoryNeed() {}

    /** Bytes. For a file whose header cannot be read, the minimum of any measurement: the measurement soon fails. */
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
