package org.datman.ingest.session;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.datman.contracts.event.Reason;
import org.datman.imaging.dicom.DicomElement;
import org.datman.imaging.dicom.DicomHeader;

/**
 * What one DICOM header of a series tells: an allowlist of technical public elements. Whatever describes a person, names one
 * or is written by one about one is not in it.
 *
 * @param values by keyword, several values joined with a backslash
 * @param uid SeriesInstanceUID
 * @param problem why the header could not be read
 */
public record HeaderFacts(Map<String, String> values, Optional<String> uid, Optional<Reason> problem) {

    static final HeaderFacts NONE = new HeaderFacts(Map.of(), Optional.empty(), Optional.empty());

    private static final int LONGEST_VALUE = 1024;
    private static final String INSTANCE_UID = "SeriesInstanceUID";
    private static final List<String> ALLOWED = List.of(
            "SOPClassUID",
            "Modality",
            "StudyDate",
            "SeriesNumber",
            "SeriesDescription",
            "ProtocolName",
            "SequenceName",
            "ScanningSequence",
            "SequenceVariant",
            "ScanOptions",
            "MRAcquisitionType",
            "ImageType",
            "RepetitionTime",
            "EchoTime",
            "EchoNumbers",
            "InversionTime",
            "FlipAngle",
            "EchoTrainLength",
            "PixelBandwidth",
            "SliceThickness",
            "SpacingBetweenSlices",
            "Rows",
            "Columns",
            "NumberOfFrames",
            "MagneticFieldStrength",
            "Manufacturer",
            "ManufacturerModelName",
            "DeviceSerialNumber",
            "StationName",
            "SoftwareVersions",
            "ReceiveCoilName",
            "InPlanePhaseEncodingDirection");

    public HeaderFacts {
        values = Map.copyOf(values);
    }

    static HeaderFacts of(DicomHeader header) {
        Map<String, String> values = new TreeMap<>();
        for (String keyword : ALLOWED) {
            header.findFirst(keyword)
                    .map(DicomElement::strings)
                    .map(all -> String.join("\\", all).strip())
                    .filter(value -> !value.isEmpty())
                    .ifPresent(value -> values.put(
                            keyword, value.length() > LONGEST_VALUE ? value.substring(0, LONGEST_VALUE) : value));
        }
        return new HeaderFacts(values, header.string(INSTANCE_UID).filter(uid -> !uid.isBlank()), Optional.empty());
    }

    static HeaderFacts unreadable(Reason problem) {
        return new HeaderFacts(Map.of(), Optional.empty(), Optional.of(problem));
    }

    /** Whether it is the header of an image: every image says how many rows it has, and no raw data or report does. */
    boolean isImage() {
        return values.containsKey("Rows");
    }

    Optional<Integer> seriesNumber() {
        return number(values.get("SeriesNumber"));
    }

    List<String> imageType() {
        String value = values.get("ImageType");
        return value == null ? List.of() : Arrays.asList(value.split("\\\\"));
    }

    SortedSet<Integer> echoNumbers() {
        SortedSet<Integer> echoes = new TreeSet<>();
        for (String part : values.getOrDefault("EchoNumbers", "").split("\\\\")) {
            number(part).ifPresent(echoes::add);
        }
        return echoes;
    }

    /** {@code yyyy-MM-dd}, when the header has a whole date. */
    Optional<String> studyDate() {
        return Optional.ofNullable(values.get("StudyDate"))
                .filter(date -> date.matches("\\d{8}"))
                .map(date -> date.substring(0, 4) + "-" + date.substring(4, 6) + "-" + date.substring(6));
    }

    private static Optional<Integer> number(String text) {
        return text != null && text.strip().matches("-?\\d{1,9}")
                ? Optional.of(Integer.valueOf(text.strip()))
                : Optional.empty();
    }
}
