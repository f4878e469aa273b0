package org.datman.imaging.dicom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

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

    private DicomWriter(TransferSyntax syntax, boolean undefinedLengths) {
        this.syntax = syntax;
        this.undefinedLengths = undefinedLengths;
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
        TransferSyntax syntax = TransferSyntax.of(transferSyntaxUid);
        out.write(new byte[128]);
        out.write("DICM".getBytes(StandardCharsets.US_ASCII));
        out.write(fileMeta(transferSyntaxUid, dataset));
        DicomWriter writer = new DicomWriter(syntax, undefinedLengths);
        if (syntax.deflated()) {
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
        DicomWriter explicit = new DicomWriter(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, false);
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
        if (value == null) {
            throw new IllegalArgumentException(Tag.format(element.tag()) + " was read without its value");
        }
        if (syntax.bigEndian() && element.vr().wordBytes() > 1) {
            value = DicomElement.swapped(value, element.vr().wordBytes());
        }
        writeElementStart(out, element.tag(), element.vr(), value.length);
        out.write(value);
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
        } else if (length > 0xffff) {
            throw new IllegalArgumentException(Tag.format(tag) + " has " + length + " bytes, too many for " + vr);
        } else {
            writeShort(out, length);
        }
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
