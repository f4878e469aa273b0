package org.datman.imaging.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.datman.imaging.ImageFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the headers of DICOM Part 10 files: explicit and implicit VR, both byte orders, deflated. Files without preamble are read when
 * their first element is plausible.
 *
 * <p>Everything that is wrong with a file is an {@link ImageFormatException}.
 */
public final class DicomReader {

    private static final int PREAMBLE = 128;
    private static final byte[] MAGIC = "DICM".getBytes(StandardCharsets.US_ASCII);
    /** A first element of an old file without preamble is a short one of group 0008. */
    private static final long PLAUSIBLE_LENGTH = 1024;

    private DicomReader() {}

    /** Reads the header of a file up to its pixel data. */
    public static DicomHeader read(Path path) throws IOException {
        return read(path, ReadOptions.HEADER);
    }

    /** Reads as much of a file as the options allow. */
    public static DicomHeader read(Path path, ReadOptions options) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return read(new ByteSource(in, 0, Files.size(path)), options);
        }
    }

    /**
     * Reads as much of a file as the options allow, opening it once.
     *
     * @return empty when its content does not look like DICOM; see {@link #isDicom}
     */
    public static Optional<DicomHeader> readIfDicom(Path path, ReadOptions options) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            ByteSource source = new ByteSource(in, 0, Files.size(path));
            return looksLikeDicom(source) ? Optional.of(read(source, options)) : Optional.empty();
        }
    }

    private static boolean looksLikeDicom(ByteSource source) throws IOException {
        return hasPreamble(source) || startsWithFileMeta(source) || guess(source) != null;
    }

    /** Reads the header from a stream up to its pixel data; the stream is left somewhere after that and not closed. */
    public static DicomHeader read(InputStream in) throws IOException {
        return read(in, ReadOptions.HEADER);
    }

    /** Reads as much of a stream as the options allow; the stream is not closed. */
    public static DicomHeader read(InputStream in, ReadOptions options) throws IOException {
        return read(new ByteSource(in, 0, ByteSource.UNKNOWN_SIZE), options);
    }

    private static DicomHeader read(ByteSource source, ReadOptions options) throws IOException {
        List<String> remarks = new ArrayList<>();
        boolean preamble = hasPreamble(source);
        if (preamble) {
            source.skip(PREAMBLE + MAGIC.length, "preamble");
        } else {
            remarks.add("the file has no preamble");
        }
        TransferSyntax guessed = guess(source);
        if (!preamble && guessed == null && !startsWithFileMeta(source)) {
            throw new ImageFormatException(
                    "preamble",
                    PREAMBLE,
                    "there is no \"DICM\", and the file does not begin with a DICOM element either",
                    "this is not a DICOM file");
        }
        DicomDataset fileMeta = new DatasetParser(source, options, remarks).fileMeta();
        TransferSyntax syntax =
                fileMeta.string(Tag.TRANSFER_SYNTAX_UID).map(TransferSyntax::of).orElse(null);
        if (syntax == null) {
            syntax = guess(source);
            remarks.add("the file names no transfer syntax; it was guessed");
        }
        if (syntax == null) {
            throw new ImageFormatException(
                    Tag.format(Tag.TRANSFER_SYNTAX_UID),
                    source.position(),
                    "the transfer syntax is missing and cannot be guessed",
                    "the file is cut or corrupt; fetch it again");
        }
        DicomDataset dataset = syntax.deflated()
                ? inflate(source, syntax, options, remarks)
                : new DatasetParser(source, options, remarks).dataset(syntax);
        return new DicomHeader(fileMeta, syntax, dataset, remarks);
    }

    private static DicomDataset inflate(
            ByteSource source, TransferSyntax syntax, ReadOptions options, List<String> remarks) throws IOException {
        Inflater inflater = new Inflater(true);
        try {
            InputStream inflated = new BoundedInflation(source.rest(), inflater, options.inflatedBytes());
            ByteSource unpacked = new ByteSource(inflated, 0, ByteSource.UNKNOWN_SIZE);
            return new DatasetParser(unpacked, options, remarks).dataset(syntax);
        } finally {
            inflater.end();
        }
    }

    /** Writes the data set of a deflated file as it is before deflation; offsets of its elements count these bytes. */
    static void inflate(Path path, OutputStream out) throws IOException {
        Inflater inflater = new Inflater(true);
        try (InputStream in = Files.newInputStream(path)) {
            ByteSource source = new ByteSource(in, 0, Files.size(path));
            if (hasPreamble(source)) {
                source.skip(PREAMBLE + MAGIC.length, "preamble");
            }
            new DatasetParser(source, ReadOptions.WHOLE, new ArrayList<>()).fileMeta();
            new BoundedInflation(source.rest(), inflater, ReadOptions.WHOLE.inflatedBytes()).transferTo(out);
        } finally {
            inflater.end();
        }
    }

    /** Whether the content of a file looks like DICOM: a preamble, or a plausible first element. */
    public static boolean isDicom(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return looksLikeDicom(new ByteSource(in, 0, Files.size(path)));
        }
    }

    private static boolean hasPreamble(ByteSource source) throws IOException {
        if (!source.has(PREAMBLE + MAGIC.length)) {
            return false;
        }
        for (int i = 0; i < MAGIC.length; i++) {
            if (source.peek(PREAMBLE + i) != MAGIC[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean startsWithFileMeta(ByteSource source) throws IOException {
        return source.has(8) && Tag.group(source.peekTag(false)) == 2 && hasVr(source);
    }

    /** The syntax that the next element seems to be in; null if it is no first element of a data set. */
    private static @Nullable TransferSyntax guess(ByteSource source) throws IOException {
        if (!source.has(8)) {
            return null;
        }
        if (Tag.group(source.peekTag(false)) == 8) {
            if (hasVr(source)) {
                return TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;
            }
            long length = (long) source.peek(7) << 24 | source.peek(6) << 16 | source.peek(5) << 8 | source.peek(4);
            boolean known = Dictionary.vr(source.peekTag(false)).isPresent() || Tag.element(source.peekTag(false)) == 0;
            return known && length <= PLAUSIBLE_LENGTH ? TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN : null;
        }
        return Tag.group(source.peekTag(true)) == 8 && hasVr(source) ? TransferSyntax.EXPLICIT_VR_BIG_ENDIAN : null;
    }

    private static boolean hasVr(ByteSource source) {
        return Vr.ofCode(source.peek(4) << 8 | source.peek(5)) != null;
    }

    /** Inflates up to a bound: a few kilobytes can inflate to gigabytes. */
    private static final class BoundedInflation extends InflaterInputStream {

        private long left;

        private BoundedInflation(InputStream in, Inflater inflater, long most) {
            super(in, inflater, 1 << 13);
            this.left = most;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int n = super.read(bytes, from, length);
            left -= Math.max(n, 0);
            if (left < 0) {
                throw new ImageFormatException(
                        "deflated data set",
                        ImageFormatException.UNKNOWN_OFFSET,
                        "inflates to more than any header has",
                        "the file is corrupt or made to do harm");
            }
            return n;
        }
    }
}
