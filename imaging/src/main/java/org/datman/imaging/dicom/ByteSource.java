package org.datman.imaging.dicom;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.zip.ZipException;
import org.datman.imaging.ImageFormatException;
import org.jspecify.annotations.Nullable;

/** A stream read with a position, a little look-ahead, and errors that state where the file ended. */
final class ByteSource {

    /** The size of a source whose end is not known before it is reached. */
    static final long UNKNOWN_SIZE = Long.MAX_VALUE;

    private static final int BUFFER_BYTES = 1 << 15;
    /** Larger values are read in steps of this size, so that a wrong length cannot claim memory that the file does not fill. */
    private static final int TRUSTED_BYTES = 1 << 16;

    /** Null when all bytes are in the buffer, which then belongs to the caller and is not changed. */
    private final @Nullable InputStream in;

    private final long size;
    private final byte[] buffer;
    private int at;
    private int filled;
    private long bufferOffset;

    /**
     * @param in the stream
     * @param start position of its first byte, as reported in errors
     * @param size position after its last byte, or {@link #UNKNOWN_SIZE}
     */
    ByteSource(InputStream in, long start, long size) {
        this.in = in;
        this.bufferOffset = start;
        this.size = size;
        this.buffer = new byte[BUFFER_BYTES];
    }

    /** A source over bytes in memory. */
    ByteSource(byte[] bytes, long start) {
        this.in = null;
        this.bufferOffset = start;
        this.size = start + bytes.length;
        this.buffer = bytes;
        this.filled = bytes.length;
    }

    /** Position of the next byte. */
    long position() {
        return bufferOffset + at;
    }

    /** Position after the last byte, or {@link #UNKNOWN_SIZE}. */
    long size() {
        return size;
    }

    /** Makes {@code count} bytes available for look-ahead; false if the file has fewer left. */
    boolean has(int count) throws IOException {
        if (filled - at >= count) {
            return true;
        }
        if (in == null) {
            return false;
        }
        System.arraycopy(buffer, at, buffer, 0, filled - at);
        bufferOffset += at;
        filled -= at;
        at = 0;
        while (filled < count && filled < buffer.length) {
            int n = read(buffer, filled, buffer.length - filled);
            if (n < 0) {
                return false;
            }
            filled += n;
        }
        return filled >= count;
    }

    /** A byte of the look-ahead, which {@link #has(int)} must have filled. */
    int peek(int ahead) {
        return buffer[at + ahead] & 0xff;
    }

    /** A tag of the look-ahead. */
    int peekTag(boolean bigEndian) {
        return bigEndian
                ? peek(0) << 24 | peek(1) << 16 | peek(2) << 8 | peek(3)
                : peek(1) << 24 | peek(0) << 16 | peek(3) << 8 | peek(2);
    }

    int tag(boolean bigEndian, String where) throws IOException {
        need(4, where);
        int tag = peekTag(bigEndian);
        at += 4;
        return tag;
    }

    int unsignedShort(boolean bigEndian, String where) throws IOException {
        need(2, where);
        int value = bigEndian ? peek(0) << 8 | peek(1) : peek(1) << 8 | peek(0);
        at += 2;
        return value;
    }

    long unsignedInt(boolean bigEndian, String where) throws IOException {
        need(4, where);
        long value = bigEndian
                ? (long) peek(0) << 24 | peek(1) << 16 | peek(2) << 8 | peek(3)
                : (long) peek(3) << 24 | peek(2) << 16 | peek(1) << 8 | peek(0);
        at += 4;
        return value;
    }

    private void need(int count, String where) throws IOException {
        if (!has(count)) {
            throw truncated(where, count - (filled - at));
        }
    }

    byte[] bytes(int length, String where) throws IOException {
        checkSize(length, where);
        byte[] bytes = new byte[Math.min(length, size == UNKNOWN_SIZE ? TRUSTED_BYTES : length)];
        int done = Math.min(bytes.length, filled - at);
        System.arraycopy(buffer, at, bytes, 0, done);
        at += done;
        while (done < length) {
            if (done == bytes.length) {
                bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * bytes.length));
            }
            drained();
            int n = read(bytes, done, bytes.length - done);
            if (n < 0) {
                throw truncated(where, length - done);
            }
            bufferOffset += n;
            done += n;
        }
        return bytes;
    }

    void skip(long length, String where) throws IOException {
        checkSize(length, where);
        long left = length;
        int buffered = (int) Math.min(left, filled - at);
        at += buffered;
        left -= buffered;
        while (left > 0) {
            drained();
            // Skipping past a file's end raises no error; with a known size that was checked above.
            long n = in == null || size == UNKNOWN_SIZE ? 0 : in.skip(left);
            if (n <= 0) {
                n = read(buffer, 0, (int) Math.min(left, buffer.length));
                if (n < 0) {
                    throw truncated(where, left);
                }
            }
            bufferOffset += n;
            left -= n;
        }
    }

    private void drained() {
        bufferOffset += at;
        at = 0;
        filled = 0;
    }

    private void checkSize(long length, String where) throws ImageFormatException {
        if (size != UNKNOWN_SIZE && length > size - position()) {
            throw truncated(where, length - (size - position()));
        }
    }

    private ImageFormatException truncated(String where, long missing) {
        return new ImageFormatException(
                where,
                position(),
                "the file ends, at least " + missing + " bytes are missing",
                "the file is truncated, as after a broken transfer, or a length before is corrupt");
    }

    private int read(byte[] bytes, int from, int length) throws IOException {
        if (in == null) {
            return -1;
        }
        try {
            return in.read(bytes, from, length);
        } catch (EOFException | ZipException e) {
            throw new ImageFormatException(
                    "deflated data set",
                    position(),
                    "the compressed stream is broken",
                    "the file is truncated or corrupt; fetch it again",
                    e);
        }
    }

    /** All that has not been read, as a stream; this source must not be used any more. */
    InputStream rest() {
        return new SequenceInputStream(new ByteArrayInputStream(buffer, at, filled - at), in);
    }
}
