package org.datman.local.backup;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Records of a topic in a file, byte for byte: the text {@code DATMAN records 1} and a line feed, then for each record its offset and
 * timestamp in ms (64 bits each), key, value, the number of headers (32 bits), and each header's name and value. Texts and bytes are
 * preceded by their length (32 bits, big-endian, -1 for none).
 */
final class TopicRecords {

    private static final byte[] BEGIN = "DATMAN records 1\n".getBytes(StandardCharsets.US_ASCII);

    private TopicRecords() {}

    /** A record as it was. */
    record Stored(long offset, long timestamp, byte @Nullable [] key, byte @Nullable [] value, Headers headers) {}

    /** Begins a file. */
    static void begin(DataOutputStream out) throws IOException {
        out.write(BEGIN);
    }

    /** Writes a record; returns its bytes. */
    static long write(ConsumerRecord<byte[], byte[]> record, DataOutputStream out) throws IOException {
        out.writeLong(record.offset());
        out.writeLong(record.timestamp());
        long bytes = 2L * Long.BYTES + bytes(record.key(), out) + bytes(record.value(), out);
        Header[] headers = record.headers().toArray();
        out.writeInt(headers.length);
        for (Header header : headers) {
            bytes += bytes(header.key().getBytes(StandardCharsets.UTF_8), out);
            bytes += bytes(header.value(), out);
        }
        return bytes;
    }

    private static long bytes(byte @Nullable [] value, DataOutputStream out) throws IOException {
        if (value == null) {
            out.writeInt(-1);
            return Integer.BYTES;
        }
        out.writeInt(value.length);
        out.write(value);
        return Integer.BYTES + (long) value.length;
    }

    /** @throws IOException when the file is none of this form */
    static void readBegin(DataInputStream in) throws IOException {
        if (!Arrays.equals(in.readNBytes(BEGIN.length), BEGIN)) {
            throw new IOException("This is no file of records, or one of a later DATMAN");
        }
    }

    /** The next record; empty at the end of the file. */
    static Optional<Stored> read(DataInputStream in) throws IOException {
        long offset;
        try {
            offset = in.readLong();
        } catch (EOFException end) {
            return Optional.empty();
        }
        long timestamp = in.readLong();
        byte[] key = bytes(in);
        byte[] value = bytes(in);
        Headers headers = new RecordHeaders();
        for (int left = in.readInt(); left > 0; left--) {
            byte[] name = bytes(in);
            if (name == null) {
                throw new IOException("A header has no name");
            }
            headers.add(new String(name, StandardCharsets.UTF_8), bytes(in));
        }
        return Optional.of(new Stored(offset, timestamp, key, value, headers));
    }

    private static byte @Nullable [] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0) {
            return null;
        }
        byte[] value = in.readNBytes(length);
        if (value.length < length) {
            throw new EOFException("The file of records ends within a record");
        }
        return value;
    }
}
