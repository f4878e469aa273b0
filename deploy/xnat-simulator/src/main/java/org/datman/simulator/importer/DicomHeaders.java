package org.datman.simulator.importer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.dicom.DicomHeader;
import org.datman.imaging.dicom.DicomReader;
import org.jspecify.annotations.Nullable;

/** The values that XNAT reads from a DICOM header into its database. */
public final class DicomHeaders {

    /** Identity of one object. */
    public record Instance(
            String studyUid,
            String seriesUid,
            String sopUid,
            String sopClass,
            String number,
            String seriesNumber,
            String modality,
            int frames,
            String echoTime) {

        /** Whether this is a picture of a screen instead of a measurement. */
        boolean isSecondaryCapture() {
            return sopClass.startsWith("1.2.840.10008.5.1.4.1.1.7");
        }
    }

    private DicomHeaders() {}

    /** Identity of a file's object; empty when it is no DICOM or belongs to no series (a DICOMDIR, say). */
    public static Optional<Instance> instance(Path file) throws IOException {
        DicomHeader header = read(file);
        if (header == null) {
            return Optional.empty();
        }
        String seriesUid = header.string("SeriesInstanceUID").orElse("");
        if (seriesUid.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Instance(
                header.string("StudyInstanceUID").orElse(""),
                seriesUid,
                header.string("SOPInstanceUID").orElse(""),
                header.string("SOPClassUID").orElse(""),
                header.string("InstanceNumber").orElse(""),
                header.string("SeriesNumber").orElse(""),
                header.string("Modality").orElse(""),
                header.integer("NumberOfFrames").orElse(1),
                found(header, "EchoTime")
                        .or(() -> found(header, "EffectiveEchoTime"))
                        .orElse("")));
    }

    /** Whether a file has the mark of DICOM, readable or not. */
    static boolean hasDicomMark(Path file) throws IOException {
        return DicomReader.isDicom(file);
    }

    /** The header, null when the file is no DICOM or too damaged to be read. */
    private static @Nullable DicomHeader read(Path file) throws IOException {
        try {
            return DicomReader.read(file);
        } catch (ImageFormatException noDicomOrDamaged) {
            return null;
        }
    }

    /** Attributes of the study for the session row. */
    record StudyFacts(String patientId, String date, String time, Map<String, Object> fields) {}

    /** Attributes of the series for the scan row. */
    record SeriesFacts(String description, Map<String, Object> fields) {}

    static StudyFacts study(Path file) throws IOException {
        DicomHeader header = read(file);
        if (header == null) {
            return new StudyFacts("", "", "", Map.of());
        }
        Map<String, Object> fields = new TreeMap<>();
        scanner(fields, header);
        put(fields, "dcmPatientId", header.string("PatientID").orElse(""));
        put(fields, "dcmPatientName", header.string("PatientName").orElse(""));
        put(fields, "dcmAccessionNumber", header.string("AccessionNumber").orElse(""));
        return new StudyFacts(
                header.string("PatientID").orElse(""),
                date(header.string("StudyDate").orElse("")),
                time(header.string("StudyTime").orElse("")),
                fields);
    }

    static SeriesFacts series(Path file) throws IOException {
        DicomHeader header = read(file);
        if (header == null) {
            return new SeriesFacts("", Map.of());
        }
        Map<String, Object> fields = new TreeMap<>();
        scanner(fields, header);
        put(
                fields,
                "startTime",
                header.string("SeriesTime").map(DicomHeaders::time).orElse(""));
        put(fields, "coil", found(header, "ReceiveCoilName").orElse(""));
        number(fields, "parameters/tr", header, "RepetitionTime");
        number(fields, "parameters/te", header, "EchoTime");
        number(fields, "parameters/ti", header, "InversionTime");
        number(fields, "parameters/flip", header, "FlipAngle");
        double[] spacing =
                header.findFirst("PixelSpacing").map(e -> e.doubles()).orElse(new double[0]);
        if (spacing.length == 2) {
            fields.put("parameters/voxelRes/x", spacing[1]);
            fields.put("parameters/voxelRes/y", spacing[0]);
            fields.put("parameters/voxelRes/units", "mm");
        }
        number(fields, "parameters/voxelRes/z", header, "SliceThickness");
        header.integer("Columns").ifPresent(n -> fields.put("parameters/fov/x", n));
        header.integer("Rows").ifPresent(n -> fields.put("parameters/fov/y", n));
        put(fields, "parameters/imageType", joined(header, "ImageType").orElse(""));
        put(fields, "parameters/acqType", header.string("MRAcquisitionType").orElse(""));
        put(
                fields,
                "parameters/scanSequence",
                joined(header, "ScanningSequence").orElse(""));
        put(fields, "parameters/seqVariant", joined(header, "SequenceVariant").orElse(""));
        put(fields, "parameters/scanOptions", joined(header, "ScanOptions").orElse(""));
        put(fields, "parameters/sequence", header.string("SequenceName").orElse(""));
        number(fields, "parameters/pixelBandwidth", header, "PixelBandwidth");
        put(
                fields,
                "parameters/inPlanePhaseEncoding/direction",
                found(header, "InPlanePhaseEncodingDirection").orElse(""));
        Optional<String> description = header.string("SeriesDescription").or(() -> header.string("ProtocolName"));
        return new SeriesFacts(description.orElse(""), fields);
    }

    private static void scanner(Map<String, Object> fields, DicomHeader header) {
        put(fields, "scanner", header.string("StationName").orElse(""));
        put(fields, "scanner/manufacturer", header.string("Manufacturer").orElse(""));
        put(fields, "scanner/model", header.string("ManufacturerModelName").orElse(""));
        put(fields, "fieldStrength", found(header, "MagneticFieldStrength").orElse(""));
    }

    private static Optional<String> found(DicomHeader header, String keyword) {
        return header.findFirst(keyword).flatMap(e -> e.string());
    }

    private static Optional<String> joined(DicomHeader header, String keyword) {
        List<String> values = new ArrayList<>(header.strings(keyword));
        return values.isEmpty() ? Optional.empty() : Optional.of(String.join("\\", values));
    }

    private static void put(Map<String, Object> fields, String name, String value) {
        if (!value.isBlank()) {
            fields.put(name, value);
        }
    }

    private static void number(Map<String, Object> fields, String name, DicomHeader header, String keyword) {
        double[] values = header.findFirst(keyword).map(e -> e.doubles()).orElse(new double[0]);
        if (values.length > 0 && !Double.isNaN(values[0])) {
            fields.put(name, values[0]);
        }
    }

    private static String date(String dicom) {
        return dicom.matches("\\d{8}")
                ? dicom.substring(0, 4) + "-" + dicom.substring(4, 6) + "-" + dicom.substring(6)
                : "";
    }

    private static String time(String dicom) {
        return dicom.matches("\\d{6}.*")
                ? String.format(
                        Locale.ROOT, "%s:%s:%s", dicom.substring(0, 2), dicom.substring(2, 4), dicom.substring(4, 6))
                : "";
    }
}
