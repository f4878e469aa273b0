package org.datman.simulator.scanner;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomDatasetBuilder;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.imaging.dicom.Tag;
import org.datman.imaging.dicom.Vr;

/**
 * The elements of one DICOM file while it is put together, one short method per VR. The thousands of files of a series share the common elements
 * ({@link #copy()}); a later value replaces an earlier one.
 */
final class Header {
    private static final String EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";

    private final DicomDatasetBuilder elements;

    Header() {
        this(DicomDataset.builder());
    }

    private Header(DicomDatasetBuilder elements) {
        this.elements = elements;
    }

    Header copy() {
        return new Header(DicomDataset.builder().setAll(elements.build()));
    }

    /** Text of any string VR; several values are joined by a backslash by the caller. */
    Header text(int tag, String vr, String value) {
        elements.set(tag, Vr.valueOf(vr), value);
        return this;
    }

    /** Any public attribute by keyword; numbers are written as text. */
    void set(String keyword, String value) {
        elements.set(keyword, value);
    }

    Header cs(int tag, String value) {
        return text(tag, "CS", value);
    }

    Header lo(int tag, String value) {
        return text(tag, "LO", value);
    }

    Header sh(int tag, String value) {
        return text(tag, "SH", value);
    }

    Header ui(int tag, String value) {
        return text(tag, "UI", value);
    }

    Header ds(int tag, double... values) {
        return numbers(tag, Vr.DS, values);
    }

    Header is(int tag, int... values) {
        return numbers(tag, Vr.IS, doubles(values));
    }

    Header us(int tag, int... values) {
        return numbers(tag, Vr.US, doubles(values));
    }

    Header ss(int tag, int... values) {
        return numbers(tag, Vr.SS, doubles(values));
    }

    Header sl(int tag, int... values) {
        return numbers(tag, Vr.SL, doubles(values));
    }

    Header fd(int tag, double... values) {
        return numbers(tag, Vr.FD, values);
    }

    Header fl(int tag, double... values) {
        return numbers(tag, Vr.FL, values);
    }

    Header ob(int tag, byte[] value) {
        elements.set(tag, Vr.OB, value);
        return this;
    }

    private Header numbers(int tag, Vr vr, double... values) {
        elements.set(tag, vr, values);
        return this;
    }

    private static double[] doubles(int... values) {
        return Arrays.stream(values).asDoubleStream().toArray();
    }

    /** Writes the Part 10 file with 16-bit pixels, row by row. */
    void write(Path file, short[] pixels) throws IOException {
        elements.set(Tag.PIXEL_DATA, Vr.OW, pixels);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2 * pixels.length + 16384);
        DicomWriter.write(bytes, EXPLICIT_LITTLE_ENDIAN, elements.build());
        Files.write(file, bytes.toByteArray());
    }
}
