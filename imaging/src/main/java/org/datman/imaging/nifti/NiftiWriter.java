package org.datman.imaging.nifti;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a NIfTI file volume by volume; gzipped when the name ends in {@code .gz}. The same input gives the same bytes: the gzip
 * header carries neither time nor name.
 */
public final class NiftiWriter implements Closeable {

    private static final int CHUNK_BYTES = 1 << 16;

    private final OutputStream out;
    private final NiftiHeader header;
    private final ByteBuffer chunk;
    private long volumesWritten;

    private NiftiWriter(OutputStream out, NiftiHeader header) throws IOException {
        this.out = out;
        this.header = header;
        this.chunk = ByteBuffer.allocate(CHUNK_BYTES).order(header.byteOrder());
        out.write(NiftiHeaderCodec.encode(header));
    }

    /** Creates (or replaces) a file and writes the header; as many volumes as the header has must follow. */
    public static NiftiWriter create(Path path, NiftiHeader header) throws IOException {
        if (!header.dataType().measurable()) {
            throw new IllegalArgumentException(header.dataType() + " voxels are not single real numbers");
        }
        boolean gzipped = path.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".gz");
        OutputStream file = new BufferedOutputStream(Files.newOutputStream(path), CHUNK_BYTES);
        try {
            return new NiftiWriter(gzipped ? new GZIPOutputStream(file, CHUNK_BYTES) : file, header);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Writes a whole file. */
    public static void write(Path path, NiftiHeader header, List<float[]> volumes) throws IOException {
        if (volumes.size() != header.volumeCount()) {
            throw new IllegalArgumentException(
                    "the header has " + header.volumeCount() + " volumes, not " + volumes.size());
        }
        try (NiftiWriter writer = create(path, header)) {
            for (float[] volume : volumes) {
                writer.writeVolume(volume);
            }
        }
    }

    /**
     * Writes the next volume: real values, x fastest; the header's scaling is undone before they are stored.
     *
     * @throws IllegalArgumentException if a value does not fit the stored type, or the size is wrong
     */
    public void writeVolume(float[] volume) throws IOException {
        if (volume.length != header.voxelsPerVolume()) {
            throw new IllegalArgumentException(
                    "a volume has " + header.voxelsPerVolume() + " voxels, the array " + volume.length);
        }
        if (volumesWritten == header.volumeCount()) {
            throw new IllegalStateException("all " + volumesWritten + " volumes of the header are written");
        }
        int bytesPerVoxel = header.dataType().bytes();
        int done = 0;
        while (done < volume.length) {
            int count = Math.min(CHUNK_BYTES / bytesPerVoxel, volume.length - done);
            VoxelCodec.encode(header.dataType(), volume, done, count, chunk, header.slope(), header.intercept());
            out.write(chunk.array(), 0, count * bytesPerVoxel);
            done += count;
        }
        volumesWritten++;
    }

    /** Number of volumes still to be written. */
    public long volumesLeft() {
        return header.volumeCount() - volumesWritten;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
