package org.datman.imaging.nifti;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.datman.imaging.ImageFormatException;

/**
 * Changes single fields of an uncompressed NIfTI file in place; the voxels and all else stay byte for byte. Offsets are those
 * of the NIfTI-1 and NIfTI-2 standards (nifti1.h, nifti2.h).
 */
public final class NiftiHeaderEdits {

    /** The parts of {@code descrip} that are neither free text nor a time of day: dcm2niix writes {@code TE=30;Time=122227.258;phase=0;mb=3}. */
    private static final Pattern TECHNICAL = Pattern.compile(
            "(?:^|;)((?:TE|TI|phase|mb|dwell)=[0-9]{1,9}(?:\\.[0-9]{1,9})?(?:e[+-]?[0-9]{1,3})?)(?=;|$)");

    private static final String DESCRIP = "descrip";

    private NiftiHeaderEdits() {}

    /** A text field: its name in the standard, offset and length in bytes. */
    private record Text(String name, int offset, int length) {}

    private static final List<Text> TEXTS_1 = List.of(
            new Text("data_type", 4, 10),
            new Text("db_name", 14, 18),
            new Text(DESCRIP, 148, 80),
            new Text("aux_file", 228, 24),
            new Text("intent_name", 328, 16));

    private static final List<Text> TEXTS_2 = List.of(
            new Text(DESCRIP, 240, 80),
            new Text("aux_file", 320, 24),
            new Text("intent_name", 508, 16),
            new Text("unused_str", 525, 15));

    /**
     * Empties the fields that contain typed text or a time of day, and the header extensions.
     *
     * @param nifti uncompressed, one file
     * @return names of the fields that held such text, never the text
     */
    public static List<String> clean(Path nifti) throws IOException {
        try (FileChannel file = FileChannel.open(nifti, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer header = header(file);
            boolean first = header.limit() == NiftiHeaderCodec.SIZE_1;
            List<String> emptied = new ArrayList<>();
            for (Text text : first ? TEXTS_1 : TEXTS_2) {
                byte[] old = new byte[text.length()];
                header.get(text.offset(), old);
                byte[] kept = Arrays.copyOf(
                        text.name().equals(DESCRIP) ? technical(old).getBytes(StandardCharsets.US_ASCII) : new byte[0],
                        text.length());
                if (!Arrays.equals(old, kept)) {
                    header.put(text.offset(), kept);
                    emptied.add(text.name());
                }
            }
            write(file, header, 0);
            if (emptyExtensions(file, header, first)) {
                emptied.add("extension");
            }
            return emptied;
        }
    }

    /**
     * Sets the repetition time, {@code pixdim[4]}.
     *
     * @param seconds in seconds, whatever the header's unit of time
     */
    public static void setRepetitionTime(Path nifti, double seconds) throws IOException {
        try (FileChannel file = FileChannel.open(nifti, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer header = header(file);
            double value = seconds / NiftiHeaderCodec.decode(header.array()).temporalUnitSeconds();
            if (header.limit() == NiftiHeaderCodec.SIZE_1) {
                header.putFloat(76 + 4 * 4, (float) value);
            } else {
                header.putDouble(104 + 4 * 8, value);
            }
            write(file, header, 0);
        }
    }

    private static String technical(byte[] descrip) {
        int end = 0;
        while (end < descrip.length && descrip[end] != 0) {
            end++;
        }
        List<String> kept = new ArrayList<>();
        Matcher token = TECHNICAL.matcher(new String(descrip, 0, end, StandardCharsets.ISO_8859_1));
        while (token.find()) {
            kept.add(token.group(1));
        }
        return String.join(";", kept);
    }

    private static boolean emptyExtensions(FileChannel file, ByteBuffer header, boolean first) throws IOException {
        int from = header.limit();
        long voxels = first ? (long) header.getFloat(108) : header.getLong(168);
        int length = (int) Math.max(0, Math.min(voxels, Math.min(file.size(), Integer.MAX_VALUE)) - from);
        if (length == 0) {
            return false;
        }
        ByteBuffer old = read(file, from, length);
        boolean any = false;
        for (int i = 0; i < length; i++) {
            any |= old.get(i) != 0;
        }
        if (any) {
            write(file, ByteBuffer.allocate(length), from);
        }
        return any;
    }

    private static ByteBuffer header(FileChannel file) throws IOException {
        ByteBuffer start = read(file, 0, 4);
        int version = NiftiHeaderCodec.signedVersion(start.array());
        ByteBuffer header = read(file, 0, Math.abs(version) == 1 ? NiftiHeaderCodec.SIZE_1 : NiftiHeaderCodec.SIZE_2);
        return header.order(version < 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer read(FileChannel file, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, at + bytes.position()) < 0) {
                throw new ImageFormatException(
                        "header",
                        file.size(),
                        "the file ends before its header does",
                        "convert or fetch the file again");
            }
        }
        return bytes.flip();
    }

    private static void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
        bytes.rewind();
        while (bytes.hasRemaining()) {
            if (file.write(bytes, at + bytes.position()) < 0) {
                throw new EOFException("nothing can be written at " + at);
            }
        }
    }
}
