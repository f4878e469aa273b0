package org.datman.imaging.dicom;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.datman.imaging.ImageFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Writes DICOM Part 10 files: preamble, file meta information made from the data set, and the data set. The same data set gives the same
 * bytes.
 */
public final class DicomWriter {

    /** Identifies DATMAN's writer in the file meta information: a UID under the root that is free for UUIDs. */
    private static final String IMPLEMENTATION_CLASS_UID = "2.25.105718244210417463229402316104735870511";

    private static final String IMPLEMENTATION_VERSION = "DATMAN";

    private final TransferSyntax syntax;
    private final boolean undefinedLengths;

    /** The file that holds the values that were read without being kept. */
    private final @Nullable FileChannel original;

    private DicomWriter(TransferSyntax syntax, boolean undefinedLengths, @Nullable FileChannel original) {
        this.syntax = syntax;
        this.undefinedLengths = undefinedLengths;
        this.original = original;
    }

    /** Writes explicit VR little endian, sequences with defined lengths. */
    public static void write(Path path, DicomDataset dataset) throws IOException {
        try (OutputStream out = Files.newOutputStream(path)) {
            write(out, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid(), dataset);
        }
    }

    /**
     * Writes a whole file, sequences with defined lengths.
     *
     * @param transferSyntaxUid coding of the data set; pixel data must already be in it
     * @param dataset must have SOP class and instance UIDs, and hold all its values
     */
    public static void write(OutputStream out, String transferSyntaxUid, DicomDataset dataset) throws IOException {
        write(out, transferSyntaxUid, dataset, false);
    }

    /** As above; {@code undefinedLengths} ends sequences and items with delimiters, as some scanners do. */
    public static void write(OutputStream out, String transferSyntaxUid, DicomDataset dataset, boolean undefinedLengths)
            throws IOException {
        write(out, dataset, new DicomWriter(TransferSyntax.of(transferSyntaxUid), undefinedLengths, null));
    }

    /**
     * Writes a file again with other elements, in its own transfer syntax. Values that were not kept in memory, the pixels above all, are
     * copied from the file byte by byte.
     *
     * @param original the file
     * @param header as it was read from the file as a whole
     * @param dataset the elements; must have SOP class and instance UIDs
     */
    public static void rewrite(OutputStream out, Path original, DicomHeader header, DicomDataset dataset)
            throws IOException {
        TransferSyntax syntax = header.transferSyntax();
        if (!syntax.deflated()) {
            try (FileChannel values = FileChannel.open(original)) {
                write(out, dataset, new DicomWriter(syntax, false, values));
            }
            return;
        }
        Path inflated = Files.createTempFile(original.toAbsolutePath().getParent(), "inflated-", "");
        try (FileChannel values = FileChannel.open(inflated, StandardOpenOption.DELETE_ON_CLOSE, READ, WRITE)) {
            DicomReader.inflate(original, Channels.newOutputStream(values));
            write(out, dataset, new DicomWriter(syntax, false, values));
        }
    }

    private static void write(OutputStream out, DicomDataset dataset, DicomWriter writer) throws IOException {
        out.write(new byte[128]);
        out.write("DICM".getBytes(StandardCharsets.US_ASCII));
        out.write(fileMeta(writer.syntax.uid(), dataset));
        if (writer.syntax.deflated()) {
            Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
            try {
                DeflaterOutputStream packed = new DeflaterOutputStream(out, deflater);
                writer.writeDataset(packed, dataset);
                packed.finish();
            } finally {
                deflater.end();
            }
        } else {
            writer.writeDataset(out, dataset);
        }
        out.flush();
    }

    private static byte[] fileMeta(String transferSyntaxUid, DicomDataset dataset) {
        DicomDataset meta = DicomDataset.builder()
                .set(Tag.of(2, 1), Vr.OB, new byte[] {0, 1})
                .set("MediaStorageSOPClassUID", required(dataset, Tag.SOP_CLASS_UID))
                .set("MediaStorageSOPInstanceUID", required(dataset, Tag.SOP_INSTANCE_UID))
                .set("TransferSyntaxUID", transferSyntaxUid)
                .set("ImplementationClassUID", IMPLEMENTATION_CLASS_UID)
                .set("ImplementationVersionName", IMPLEMENTATION_VERSION)
                .build();
        DicomWriter explicit = new DicomWriter(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, false, null);
        byte[] body = explicit.encode(meta);
        byte[] length = explicit.encode(DicomDataset.builder()
                .set("FileMetaInformationGroupLength", body.length)
                .build());
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(length);
        all.writeBytes(body);
        return all.toByteArray();
    }

    private static String required(DicomDataset dataset, int tag) {
        return dataset.string(tag)
                .orElseThrow(() -> new IllegalArgumentException(
                        "a DICOM file needs " + Dictionary.keyword(tag).orElseThrow()));
    }

    private byte[] encode(DicomDataset dataset) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writeDataset(bytes, dataset);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private void writeDataset(OutputStream out, DicomDataset dataset) throws IOException {
        for (DicomElement element : dataset) {
            if (element.isSequence()) {
                writeSequence(out, element);
            } else {
                writeValue(out, element);
            }
        }
    }

    private void writeValue(OutputStream out, DicomElement element) throws IOException {
        byte[] value = element.littleEndianValue();
        if (value == null && original != null) {
            copyValue(out, element, original);
            return;
        }
        if (value == null) {
            throw new IllegalArgumentException(Tag.format(element.tag()) + " was read without its value");
        }
        Vr vr = coded(element.vr(), value.length);
        if (syntax.bigEndian() && vr.wordBytes() > 1) {
            value = DicomElement.swapped(value, vr.wordBytes());
        }
        writeElementStart(out, element.tag(), vr, value.length);
        out.write(value);
    }

    private void copyValue(OutputStream out, DicomElement element, FileChannel from) throws IOException {
        boolean fragments = element.length() == DicomElement.UNDEFINED_LENGTH;
        writeElementStart(out, element.tag(), coded(element.vr(), element.length()), (int) element.length());
        WritableByteChannel to = Channels.newChannel(out);
        long end = fragments ? endOfFragments(element, from) : element.offset() + element.length();
        for (long at = element.offset(); at < end; ) {
            long copied = from.transferTo(at, end - at, to);
            if (copied <= 0) {
                throw new ImageFormatException(
                        Tag.format(element.tag()), at, "the file ends within it", "the file changed while it was read");
            }
            at += copied;
        }
    }

    /** Encapsulated data: items of bytes up to and with a sequence delimiter (PS3.5 annex A.4), always little endian. */
    private static long endOfFragments(DicomElement element, FileChannel from) throws IOException {
        ByteBuffer start = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        long at = element.offset();
        while (true) {
            start.clear();
            while (start.hasRemaining() && from.read(start, at + start.position()) > 0) {
                continue;
            }
            if (start.hasRemaining()) {
                throw new ImageFormatException(
                        Tag.format(element.tag()), at, "the file ends within it", "the file changed while it was read");
            }
            start.flip();
            int tag = Tag.of(start.getShort() & 0xffff, start.getShort() & 0xffff);
            long length = start.getInt() & 0xffffffffL;
            at += 8;
            if (tag == Tag.SEQUENCE_DELIMITATION) {
                return at;
            }
            at += length;
        }
    }

    private void writeSequence(OutputStream out, DicomElement sequence) throws IOException {
        ByteArrayOutputStream items = new ByteArrayOutputStream();
        for (DicomDataset item : sequence.items()) {
            byte[] body = encode(item);
            writeTag(items, Tag.ITEM);
            writeInt(items, undefinedLengths ? -1 : body.length);
            items.writeBytes(body);
            if (undefinedLengths) {
                writeTag(items, Tag.ITEM_DELIMITATION);
                writeInt(items, 0);
            }
        }
        writeElementStart(out, sequence.tag(), Vr.SQ, undefinedLengths ? -1 : items.size());
        items.writeTo(out);
        if (undefinedLengths) {
            writeTag(out, Tag.SEQUENCE_DELIMITATION);
            writeInt(out, 0);
        }
    }

    private void writeElementStart(OutputStream out, int tag, Vr vr, int length) throws IOException {
        writeTag(out, tag);
        if (!syntax.explicitVr()) {
            writeInt(out, length);
            return;
        }
        out.write(vr.name().charAt(0));
        out.write(vr.name().charAt(1));
        if (vr.longLength()) {
            writeShort(out, 0);
            writeInt(out, length);
        } else {
            writeShort(out, length);
        }
    }

    /** The VR to write: UN, little endian, for a value of more bytes than the explicit coding of its VR can count (PS3.5 6.2.2). */
    private Vr coded(Vr vr, long length) {
        return syntax.explicitVr() && !vr.longLength() && length > 0xffff ? Vr.UN : vr;
    }

    private void writeTag(OutputStream out, int tag) throws IOException {
        writeShort(out, Tag.group(tag));
        writeShort(out, Tag.element(tag));
    }

    private void writeShort(OutputStream out, int value) throws IOException {
        out.write(syntax.bigEndian() ? value >>> 8 : value);
        out.write(syntax.bigEndian() ? value : value >>> 8);
    }

    private void writeInt(OutputStream out, int value) throws IOException {
        writeShort(out, syntax.bigEndian() ? value >>> 16 : value);
        writeShort(out, syntax.bigEndian() ? value : value >>> 16);
    }
}
