package org.datman.header;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomDatasetBuilder;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.imaging.dicom.Dictionary;
import org.datman.imaging.dicom.TransferSyntax;
import org.datman.imaging.dicom.Vr;

/** Synthesized DICOM objects of one gradient-echo EPI in the layouts that scanners write, each through a real file's bytes. */
final class Synth {

    private static final double[] AXIAL = {1, 0, 0, 0, 1, 0};
    private static final double[] TIMES = {0, 1000, 500, 1500, 0, 1000, 500, 1500};

    private Synth() {}

    /** Siemens' protocol of the EPI; may be changed. */
    static Map<String, String> protocol() {
        Map<String, String> protocol = new LinkedHashMap<>();
        protocol.put("sPat.lAccelFactPE", "2");
        protocol.put("sPat.ucPATMode", "2");
        protocol.put("sKSpace.ucPhasePartialFourier", "16");
        protocol.put("sKSpace.lBaseResolution", "64");
        protocol.put("sFastImaging.lEPIFactor", "64");
        protocol.put("sAdjData.uiAdjShimMode", "2");
        protocol.put("sGRADSPEC.asGPAData[0].lOffsetX", "2034");
        protocol.put("sGRADSPEC.asGPAData[0].lOffsetY", "-5882");
        protocol.put("sGRADSPEC.asGPAData[0].lOffsetZ", "-1717");
        protocol.put("sGRADSPEC.alShimCurrent[0]", "601");
        protocol.put("sGRADSPEC.alShimCurrent[1]", "-214");
        return protocol;
    }

    /** A classic Siemens mosaic as syngo MR E11 writes it. */
    static DicomDatasetBuilder e11() {
        return e11(protocol(), 1, TIMES);
    }

    static DicomDatasetBuilder e11(Map<String, String> protocol, int positive, double... times) {
        DicomDatasetBuilder object = oneImage()
                .set("SoftwareVersions", "syngo MR E11")
                .set("ImageType", "ORIGINAL", "PRIMARY", "M", "ND", "NORM", "MOSAIC")
                .set("ScanningSequence", "EP")
                .set("SequenceVariant", "SK", "SS")
                .set("ScanOptions", "FS");
        object.set(object.privateTag(0x51, "SIEMENS MR HEADER", 0x0F), Vr.LO, "T:HE1-4;NE1,2");
        object.set(object.privateTag(0x19, "SIEMENS MR HEADER", 0x29), Vr.FD, times);
        object.set(
                object.privateTag(0x29, "SIEMENS CSA HEADER", 0x10),
                Vr.OB,
                csa(Map.of("PhaseEncodingDirectionPositive", List.of(Integer.toString(positive)))));
        object.set(
                object.privateTag(0x29, "SIEMENS CSA HEADER", 0x20),
                Vr.OB,
                csa(Map.of("MrPhoenixProtocol", List.of(text(protocol)))));
        return object;
    }

    /** The same acquisition as XA writes it: enhanced, private groups nested, no CSA. */
    static DicomDatasetBuilder xa() {
        DicomDatasetBuilder siemens = DicomDataset.builder();
        siemens.set(siemens.privateTag(0x21, "SIEMENS MR SDS 01", 0x19), Vr.OB, bytes(text(protocol())));
        siemens.set(siemens.privateTag(0x21, "SIEMENS MR SDS 01", 0x5A), Vr.CS, "EP");
        siemens.set(siemens.privateTag(0x21, "SIEMENS MR SDS 01", 0x5B), Vr.CS, "SK", "SS");
        siemens.set(siemens.privateTag(0x21, "SIEMENS MR SDS 01", 0x5C), Vr.CS, "FS");
        DicomDatasetBuilder shared = shared();
        shared.set(shared.privateTag(0x21, "SIEMENS MR SDS 01", 0xFE), siemens.build());
        DicomDatasetBuilder image = DicomDataset.builder();
        image.set(image.privateTag(0x21, "SIEMENS MR SDI 02", 0x1C), Vr.IS, "1");
        image.set(image.privateTag(0x21, "SIEMENS MR SDI 02", 0x75), Vr.CS, "ORIGINAL", "PRIMARY", "M", "ND", "NORM");
        DicomDatasetBuilder frame = frame(30);
        frame.set(frame.privateTag(0x21, "SIEMENS MR SDI 02", 0xFE), image.build());
        return common().set("SoftwareVersions", "syngo MR XA30")
                .set("ImageType", "ORIGINAL", "PRIMARY", "M", "NONE")
                .set("SharedFunctionalGroupsSequence", shared.build())
                .set("PerFrameFunctionalGroupsSequence", frame.build());
    }

    /** A standard enhanced object of another vendor and its classic form carry the same numbers. */
    static DicomDatasetBuilder enhanced() {
        return common().set("Manufacturer", "CANON_MEC")
                .set("SoftwareVersions", "V6.1SP3002*")
                .set("ImageType", "ORIGINAL", "PRIMARY", "M", "NONE")
                .set("SharedFunctionalGroupsSequence", shared().build())
                .set(
                        "PerFrameFunctionalGroupsSequence",
                        frame(30).build(),
                        frame(30).build());
    }

    static DicomDatasetBuilder classic() {
        return oneImage()
                .set("Manufacturer", "CANON_MEC")
                .set("SoftwareVersions", "V6.1SP3002*")
                .set("ImageType", "ORIGINAL", "PRIMARY", "M");
    }

    /** The acquisition in the elements of a classic object. */
    private static DicomDatasetBuilder oneImage() {
        return common().set("RepetitionTime", 2000)
                .set("EchoTime", 30)
                .set("InversionTime", 900)
                .set("FlipAngle", 77)
                .set("PixelBandwidth", 2298)
                .set("EchoTrainLength", 32)
                .set("InPlanePhaseEncodingDirection", "COL")
                .set("SliceThickness", 3)
                .set("PixelSpacing", 3, 3)
                .set("ReceiveCoilName", "HeadNeck_20")
                .set("ImageOrientationPatient", AXIAL)
                .set("ImagePositionPatient", 0, 0, 0);
    }

    private static DicomDatasetBuilder common() {
        return DicomDataset.builder()
                .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                .set("SOPInstanceUID", "1.2.3.4")
                .set("SeriesInstanceUID", "1.2.3")
                .set("Manufacturer", "SIEMENS")
                .set("ManufacturerModelName", "Prisma")
                .set("DeviceSerialNumber", "67060")
                .set("MagneticFieldStrength", 3)
                .set("MRAcquisitionType", "2D")
                .set("PatientName", "DOE^JANE")
                .set("PatientID", "P-17")
                .set("PatientBirthDate", "19900101")
                .set("StudyDate", "20220101")
                .set("SeriesDescription", "JANE bold")
                .set("Rows", 64)
                .set("Columns", 64);
    }

    private static DicomDatasetBuilder shared() {
        return DicomDataset.builder()
                .set(
                        "MRTimingAndRelatedParametersSequence",
                        DicomDataset.builder()
                                .set("RepetitionTime", 2000)
                                .set("FlipAngle", 77)
                                .set("EchoTrainLength", 32)
                                .build())
                .set(
                        "MRImagingModifierSequence",
                        DicomDataset.builder().set("PixelBandwidth", 2298).build())
                .set(
                        "MRModifierSequence",
                        DicomDataset.builder().set("InversionTimes", 900).build())
                .set(
                        "MRFOVGeometrySequence",
                        DicomDataset.builder()
                                .set("InPlanePhaseEncodingDirection", "COLUMN")
                                .build())
                .set(
                        "PixelMeasuresSequence",
                        DicomDataset.builder()
                                .set("SliceThickness", 3)
                                .set("PixelSpacing", 3, 3)
                                .build())
                .set(
                        "MRReceiveCoilSequence",
                        DicomDataset.builder()
                                .set("ReceiveCoilName", "HeadNeck_20")
                                .build())
                .set(
                        "PlaneOrientationSequence",
                        DicomDataset.builder()
                                .set("ImageOrientationPatient", AXIAL)
                                .build());
    }

    private static DicomDatasetBuilder frame(double echoTime) {
        return DicomDataset.builder()
                .set(
                        "MREchoSequence",
                        DicomDataset.builder()
                                .set("EffectiveEchoTime", echoTime)
                                .build())
                .set(
                        "PlanePositionSequence",
                        DicomDataset.builder()
                                .set("ImagePositionPatient", 0, 0, 0)
                                .build());
    }

    /** Written and read again, so that a record comes from what a file would hold. */
    static DicomDataset stored(DicomDatasetBuilder object) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            DicomWriter.write(out, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid(), object.build());
            return DicomReader.read(new ByteArrayInputStream(out.toByteArray())).dataset();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ParameterRecord header(DicomDatasetBuilder object) {
        return DicomRecords.of(stored(object));
    }

    private static String text(Map<String, String> protocol) {
        StringBuilder text = new StringBuilder("### ASCCONV BEGIN ###\n");
        protocol.forEach(
                (key, value) -> text.append(key).append(" = ").append(value).append('\n'));
        return text.append("### ASCCONV END ###\n").toString();
    }

    private static byte[] bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return bytes.length % 2 == 0 ? bytes : java.util.Arrays.copyOf(bytes, bytes.length + 1);
    }

    /** A CSA header of the SV10 form. */
    private static byte[] csa(Map<String, List<String>> tags) {
        ByteBuffer out = ByteBuffer.allocate(1 << 14).order(ByteOrder.LITTLE_ENDIAN);
        out.put("SV10".getBytes(StandardCharsets.ISO_8859_1)).putInt(0x01020304);
        out.putInt(tags.size()).putInt(77);
        tags.forEach((name, values) -> {
            byte[] padded = new byte[64];
            byte[] ascii = name.getBytes(StandardCharsets.ISO_8859_1);
            System.arraycopy(ascii, 0, padded, 0, ascii.length);
            out.put(padded).putInt(1).putInt(0).putInt(0).putInt(values.size()).putInt(77);
            for (String value : values) {
                byte[] item = value.getBytes(StandardCharsets.ISO_8859_1);
                out.putInt(item.length).putInt(item.length).putInt(77).putInt(item.length);
                out.put(item).position((out.position() + 3) / 4 * 4);
            }
        });
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes.length % 2 == 0 ? bytes : java.util.Arrays.copyOf(bytes, bytes.length + 1);
    }

    static int tag(String keyword) {
        return Dictionary.tagOf(keyword);
    }

    static DicomDatasetBuilder without(DicomDatasetBuilder object, String keyword) {
        return object.remove(tag(keyword));
    }
}
