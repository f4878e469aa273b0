package org.datman.imaging.nifti;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.imaging.ImageFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a NIfTI file volume by volume, so that a long series never has to be in memory as a whole. Whether a file is gzipped is
 * decided by its first bytes, not by its name.
 *
 * <p>Everything that is wrong with a file is an {@link ImageFormatException}; memory stays within one volume and never grows much
 * beyond what the file really holds.
 */
public final class NiftiReader implements Closeable {

    /** Largest volume that is read, voxels: about 645 in each direction, 1 GiB as floats. */
    public static final int MAX_VOXELS_PER_VOLUME = 1 << 28;

    /** Deflate's best ratio, so that a header that needs more is known to be wrong before anything is read. */
    private static final long MAX_DEFLATE_RATIO = 1032;

    /** Volumes up to this many voxels are allocated at once, larger ones as their data arrives. */
    private static final int TRUSTED_VOXELS = 1 << 24;

    private static final int CHUNK_BYTES = 1 << 16;

    private final Path path;
    private final InputStream in;
    private final NiftiHeader header;
    private final ByteBuffer chunk;
    private long volumesRead;
    private long offset;

    private NiftiReader(Path path, InputStream in) throws IOException {
        this.path = path;
        this.in = in;
        byte[] start = readFully(new byte[4], 0, 4, "sizeof_hdr");
        int size = Math.abs(NiftiHeaderCodec.signedVersion(start)) == 1
                ? NiftiHeaderCodec.SIZE_1
                : NiftiHeaderCodec.SIZE_2;
        this.header = NiftiHeaderCodec.decode(readFully(Arrays.copyOf(start, size), 4, size - 4, "header"));
        this.chunk = ByteBuffer.allocate(CHUNK_BYTES).order(header.byteOrder());
    }

    /** Opens a file and reads its header. */
    public static NiftiReader open(Path path) throws IOException {
        long size = Files.size(path);
        boolean gzipped;
        InputStream file = Files.newInputStream(path);
        try {
            BufferedInputStream buffered = new BufferedInputStream(file, CHUNK_BYTES);
            buffered.mark(2);
            gzipped = buffered.read() == 0x1f && buffered.read() == 0x8b;
            buffered.reset();
            NiftiReader reader = new NiftiReader(path, gzipped ? gunzip(buffered) : buffered);
            reader.checkEnoughBytes(gzipped, size);
            return reader;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static InputStream gunzip(InputStream in) throws IOException {
        try {
            return new GZIPInputStream(in, CHUNK_BYTES);
        } catch (EOFException | ZipException e) {
            throw new ImageFormatException("gzip header", 0, "is broken", "the file is truncated or corrupt", e);
        }
    }

    private void checkEnoughBytes(boolean gzipped, long size) throws ImageFormatException {
        long needed = header.voxOffset() + header.voxelBytes();
        long possible = gzipped ? (size + 64) * MAX_DEFLATE_RATIO : size;
        if (needed > possible) {
            throw new ImageFormatException(
                    "voxels",
                    header.voxOffset(),
                    "the header promises " + needed + " bytes, the file "
                            + (gzipped ? "of " + size + " bytes cannot hold them even compressed" : "has " + size),
                    "the file is truncated, or its dims are corrupt");
        }
    }

    /** The header. */
    public NiftiHeader header() {
        return header;
    }

    /** The next volume, x fastest, scaled by slope and intercept; null after the last one. Each call gives a new array. */
    public float @Nullable [] readVolume() throws IOException {
        int voxels = checkVolume();
        if (volumesRead == header.volumeCount()) {
            return null;
        }
        float[] volume = new float[Math.min(voxels, TRUSTED_VOXELS)];
        seekFirstVoxel();
        int done = 0;
        while (true) {
            done = readVoxels(volume, done);
            if (done == voxels) {
                volumesRead++;
                return volume;
            }
            volume = Arrays.copyOf(volume, (int) Math.min(voxels, 2L * volume.length));
        }
    }

    /**
     * Reads the next volume into an array of the caller's, which must have {@link NiftiHeader#voxelsPerVolume()} elements.
     *
     * @return false after the last volume
     */
    public boolean readVolume(float[] volume) throws IOException {
        int voxels = checkVolume();
        if (volume.length != voxels) {
            throw new IllegalArgumentException("a volume has " + voxels + " voxels, the array " + volume.length);
        }
        if (volumesRead == header.volumeCount()) {
            return false;
        }
        seekFirstVoxel();
        readVoxels(volume, 0);
        volumesRead++;
        return true;
    }

    /**
     * The luminance (ITU-R BT.601: 0.299 red, 0.587 green, 0.114 blue; 0 to 255) of the next volume of a colour image, x fastest; null
     * after the last one. For pictures: it is no measurement.
     */
    public float @Nullable [] readLuminance() throws IOException {
        if (!header.dataType().colour()) {
            throw new IllegalStateException(header.dataType() + " voxels are no colours");
        }
        int voxels = checkSize();
        if (volumesRead == header.volumeCount()) {
            return null;
        }
        seekFirstVoxel();
        int bytesPerVoxel = header.dataType().bytes();
        float[] volume = new float[Math.min(voxels, TRUSTED_VOXELS)];
        int done = 0;
        while (done < voxels) {
            if (done == volume.length) {
                volume = Arrays.copyOf(volume, (int) Math.min(voxels, 2L * volume.length));
            }
            int count = Math.min(CHUNK_BYTES / bytesPerVoxel, volume.length - done);
            readFully(chunk.array(), 0, count * bytesPerVoxel, "volume " + volumesRead);
            for (int i = 0; i < count; i++) {
                int at = i * bytesPerVoxel;
                volume[done + i] = 0.299f * (chunk.get(at) & 0xff)
                        + 0.587f * (chunk.get(at + 1) & 0xff)
                        + 0.114f * (chunk.get(at + 2) & 0xff);
            }
            done += count;
        }
        volumesRead++;
        return volume;
    }

    private int checkVolume() throws ImageFormatException {
        if (!header.dataType().measurable()) {
            throw new ImageFormatException(
                    "datatype",
                    header.version() == 1 ? 70 : 12,
                    header.dataType() + " voxels are not single real numbers",
                    "colour maps and complex images can be shown but not measured");
        }
        return checkSize();
    }

    private int checkSize() throws ImageFormatException {
        if (header.voxelsPerVolume() > MAX_VOXELS_PER_VOLUME) {
            throw new ImageFormatException(
                    "dim",
                    header.version() == 1 ? 40 : 16,
                    "a volume has " + header.voxelsPerVolume() + " voxels, more than " + MAX_VOXELS_PER_VOLUME,
                    "no scanner makes such volumes; the header is probably corrupt");
        }
        return (int) header.voxelsPerVolume();
    }

    private void seekFirstVoxel() throws IOException {
        while (offset < header.voxOffset()) {
            int step = (int) Math.min(CHUNK_BYTES, header.voxOffset() - offset);
            readFully(chunk.array(), 0, step, "header extension");
        }
    }

    /** Fills {@code volume} from {@code from} on; returns its length. */
    private int readVoxels(float[] volume, int from) throws IOException {
        int bytesPerVoxel = header.dataType().bytes();
        int done = from;
        while (done < volume.length) {
            int count = Math.min(CHUNK_BYTES / bytesPerVoxel, volume.length - done);
            readFully(chunk.array(), 0, count * bytesPerVoxel, "volume " + volumesRead);
            VoxelCodec.decode(header.dataType(), chunk, volume, done, count, header.slope(), header.intercept());
            done += count;
        }
        return done;
    }

    private byte[] readFully(byte[] bytes, int from, int length, String where) throws IOException {
        int done = 0;
        while (done < length) {
            int n = readSome(bytes, from + done, length - done, where);
            if (n < 0) {
                throw new ImageFormatException(
                        where,
                        offset,
                        "the file ends, " + (length - done) + " bytes are missing",
                        "the file is truncated, as after a broken download or conversion");
            }
            done += n;
        }
        return bytes;
    }

    private int readSome(byte[] bytes, int from, int length, String where) throws IOException {
        try {
            int n = in.read(bytes, from, length);
            offset += Math.max(n, 0);
            return n;
        } catch (EOFException e) {
            throw new ImageFormatException(where, offset, "the gzip stream ends early", "the file is truncated", e);
        } catch (ZipException e) {
            throw new ImageFormatException(
                    where, offset, "the gzip stream is broken", "the file is corrupt; fetch or convert it again", e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    @Override
    public String toString() {
        return "NiftiReader[" + path.getFileName() + ", volume " + volumesRead + "/" + header.volumeCount() + "]";
    }

    /**
     * SHA-256 (hex) of the uncompressed bytes from {@code vox_offset} to the end of the file: equal for equal stored voxels, however
     * they are compressed and whatever the header contains. Voxels of a big-endian file count as if stored little-endian.
     */
    public static String voxelDigest(Path path) throws IOException {
        try (NiftiReader reader = open(path)) {
            return reader.digestVoxels();
        }
    }

    private String digestVoxels() throws IOException {
        MessageDigest digest = DigestUtils.getSha256Digest();
        seekFirstVoxel();
        long first = offset;
        byte[] bytes = chunk.array();
        int filled = 0;
        int n;
        while ((n = readSome(bytes, filled, bytes.length - filled, "voxels")) >= 0) {
            filled += n;
            if (filled == bytes.length) {
                digest.update(littleEndian(bytes, filled), 0, filled);
                filled = 0;
            }
        }
        digest.update(littleEndian(bytes, filled), 0, filled);
        if (offset - first < header.voxelBytes()) {
            throw new ImageFormatException(
                    "voxels",
                    offset,
                    "the file ends, " + (header.voxelBytes() - (offset - first)) + " bytes are missing",
                    "the file is truncated, as after a broken download or conversion");
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Swaps whole words in place; a rest shorter than a word (padding after the last voxel) stays as it is. */
    private byte[] littleEndian(byte[] bytes, int length) {
        int word = header.dataType().wordBytes();
        if (header.byteOrder() == ByteOrder.LITTLE_ENDIAN || word == 1) {
            return bytes;
        }
        for (int at = 0; at + word <= length; at += word) {
            for (int i = 0; i < word / 2; i++) {
                byte swapped = bytes[at + i];
                bytes[at + i] = bytes[at + word - 1 - i];
                bytes[at + word - 1 - i] = swapped;
            }
        }
        return bytes;
    }
}
