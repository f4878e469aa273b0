package org.datman.imaging.dicom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Small valid DICOM files in every coding, made in memory. */
final class SampleFiles {

    static final TransferSyntax RLE = TransferSyntax.of("1.2.840.10008.1.2.5");

    private SampleFiles() {}

    /** Public, private and nested elements of most VRs, without pixel data. */
    static DicomDatasetBuilder headerOnly() {
        DicomDatasetBuilder builder = DicomDataset.builder()
                .set("SpecificCharacterSet", "ISO_IR 192")
                .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                .set("SOPInstanceUID", "2.25.42")
                .set("ImageType", "ORIGINAL", "PRIMARY", "M", "ND")
                .set("SeriesDescription", "Kopf Übersicht")
                .set("PatientName", "Test^Grün")
                .set("EchoTime", 2.98)
                .set("SeriesNumber", 7)
                .set("Rows", 4)
                .set("PixelRepresentation", 1)
                .set("SmallestImagePixelValue", "4")
                .set("ImagePositionPatient", -123.25, 0.5, 1e-3)
                .set(Dictionary.tagOf("FrameIncrementPointer"), Vr.AT, new byte[] {0x18, 0, 0x63, 0x10})
                .set("DiffusionBValue", 1000.0)
                .set("ImageComments", "one \\ text")
                .set("ReferencedImageSequence", new DicomDataset[0])
                .set(
                        "SharedFunctionalGroupsSequence",
                        DicomDataset.builder()
                                .set(
                                        "MRTimingAndRelatedParametersSequence",
                                        DicomDataset.builder()
                                                .set("RepetitionTime", 2000.0)
                                                .build())
                                .build())
                .set(
                        "PerFrameFunctionalGroupsSequence",
                        DicomDataset.builder()
                                .set(
                                        "MREchoSequence",
                                        DicomDataset.builder()
                                                .set("EffectiveEchoTime", 30.0)
                                                .build())
                                .build(),
                        DicomDataset.builder().build());
        int csa = builder.privateTag(0x29, "SIEMENS CSA HEADER", 0x10);
        builder.set(csa, Vr.OB, csaHeader(true));
        int vendor = builder.privateTag(0x2001, "Philips Imaging DD 001", 0x03);
        return builder.set(vendor, Vr.FL, 1000.5);
    }

    static byte[] file(TransferSyntax syntax, boolean undefinedLengths) {
        return file(
                syntax,
                undefinedLengths,
                headerOnly().set(Tag.PIXEL_DATA, Vr.OW, new short[16]).build());
    }

    static byte[] file(TransferSyntax syntax, boolean undefinedLengths, DicomDataset dataset) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            DicomWriter.write(out, syntax.uid(), dataset, undefinedLengths);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Encapsulated pixel data in two fragments, and an element after them. */
    static byte[] encapsulated() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(file(RLE, true, headerOnly().build()));
        out.writeBytes(hex("E07F1000 4F420000 FFFFFFFF"));
        out.writeBytes(hex("FEFF00E0 00000000"));
        out.writeBytes(hex("FEFF00E0 04000000 01020304"));
        out.writeBytes(hex("FEFF00E0 02000000 0506"));
        out.writeBytes(hex("FEFFDDE0 00000000"));
        out.writeBytes(hex("FCFFFCFF 4F420000 02000000 0000"));
        return out.toByteArray();
    }

    /** A private sequence stored as UN, with undefined and with defined length: implicit VR inside. */
    static byte[] hiddenSequences() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(file(
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                false,
                DicomDataset.builder()
                        .set("SOPClassUID", "1.2.3")
                        .set("SOPInstanceUID", "1.2.4")
                        .build()));
        out.writeBytes(hex("09000110 554E0000 FFFFFFFF FEFF00E0 FFFFFFFF"));
        out.writeBytes(hex("18008100 04000000 33302E30"));
        out.writeBytes(hex("FEFF0DE0 00000000 FEFFDDE0 00000000"));
        out.writeBytes(hex("09000210 554E0000 14000000 FEFF00E0 0C000000 18008100 04000000 32302E30"));
        return out.toByteArray();
    }

    static List<byte[]> all() {
        return List.of(
                file(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, false),
                file(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, true),
                file(TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN, false),
                file(TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN, true),
                file(TransferSyntax.EXPLICIT_VR_BIG_ENDIAN, true),
                file(TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN, false),
                encapsulated(),
                hiddenSequences(),
                japanese());
    }

    /** Text in three alphabets with escape sequences. */
    static byte[] japanese() {
        return file(
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                false,
                DicomDataset.builder()
                        .set(Tag.SPECIFIC_CHARACTER_SET, Vr.CS, "\\ISO 2022 IR 87".getBytes(StandardCharsets.US_ASCII))
                        .set("SOPClassUID", "1.2.3")
                        .set("SOPInstanceUID", "1.2.4")
                        .set(
                                Dictionary.tagOf("PatientName"),
                                Vr.PN,
                                hex("59616D6164615E5461726F75 3D 1B2442 3B33 4544 1B2842 5E 1B2442 4240 4F3A 1B2842"))
                        .build());
    }

    /** A CSA header with two names, in the newer (SV10) or the older form. */
    static byte[] csaHeader(boolean marked) {
        ByteBuffer out = ByteBuffer.allocate(2000).order(ByteOrder.LITTLE_ENDIAN);
        if (marked) {
            out.put("SV10".getBytes(StandardCharsets.US_ASCII)).put(new byte[] {4, 3, 2, 1});
        }
        out.putInt(2).putInt(77);
        csaTag(out, marked, "MosaicRefAcqTimes", "0.00000000", "1000.00000000");
        csaTag(out, marked, "PhaseEncodingDirectionPositive", "1");
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private static void csaTag(ByteBuffer out, boolean marked, String name, String... values) {
        int items = 6;
        byte[] padded = new byte[64];
        System.arraycopy(name.getBytes(StandardCharsets.US_ASCII), 0, padded, 0, name.length());
        out.put(padded)
                .putInt(values.length)
                .put(new byte[] {'F', 'D', 0, 0})
                .putInt(4)
                .putInt(items)
                .putInt(77);
        for (int i = 0; i < items; i++) {
            byte[] value = i < values.length ? (values[i] + "\0").getBytes(StandardCharsets.US_ASCII) : new byte[0];
            int length = value.length;
            out.putInt(marked ? length : length + items)
                    .putInt(length)
                    .putInt(77)
                    .putInt(length);
            out.put(value).put(new byte[(4 - length % 4) % 4]);
        }
    }

    static byte[] hex(String text) {
        return java.util.HexFormat.of().parseHex(text.replace(" ", ""));
    }
}
