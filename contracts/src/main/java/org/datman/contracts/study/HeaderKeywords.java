package org.datman.contracts.study;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.datman.contracts.tree.Words;

/**
 * The DICOM elements that a {@code Header} rule can use: those that {@code series-discovered} always carries, and every other
 * technical element, which ingest reads when a rule of the study needs it. What describes a person, names one or is written by
 * one about one is never read: an event is kept for ever.
 */
public final class HeaderKeywords {

    public static final List<String> CARRIED = List.of(
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

    private static final Set<String> NUMBERS = Set.of("DS", "FD", "FL", "IS", "SL", "SS", "SV", "UL", "US", "UV", "XS");
    private static final Set<String> TEXTS = Set.of("AE", "CS", "DA", "DT", "LO", "SH", "TM");

    /** Names, ages, and texts of any length that people write. */
    private static final Set<String> OF_PEOPLE = Set.of("AS", "LT", "PN", "ST", "UC", "UR", "UT");

    /** Patient, clinical trial, request, visit, procedure, signatures, results, approval. */
    private static final Set<String> GROUPS_OF_PEOPLE =
            Set.of("0010", "0012", "0032", "0038", "0040", "0400", "4000", "4008", "4010", "300E");

    private static final Pattern NAMES_OF_PEOPLE =
            Pattern.compile("Comment|Physician|Operator|Person|Accession|Author|Creator|Address|Telephone|Identifying"
                    + "|^Patient.*(Name|ID|Birth|Sex)|^Study(ID|Description)$|^OtherStudyNumbers$|NetworkID");

    /** File meta information and media directories: no part of the data set that is read. */
    private static final Set<String> NOT_IN_DATA_SET = Set.of("0000", "0002", "0004");

    /**
     * Why no rule can use an element.
     *
     * @param problem continues the keyword
     * @param allowed what a rule can use instead
     */
    record Refusal(String problem, String allowed) {}

    private HeaderKeywords() {}

    /** Why no rule can use that keyword; empty when it can. */
    static Optional<Refusal> refusal(String keyword) {
        if (CARRIED.contains(keyword)) {
            return Optional.empty();
        }
        return DicomKeywords.find(keyword)
                .map(element -> refusal(keyword, element))
                .orElseGet(() -> Optional.of(new Refusal(
                        "is no keyword of the DICOM dictionary"
                                + Words.nearest(keyword, DicomKeywords.all())
                                        .map(near -> "; is " + near + " meant?")
                                        .orElse(""),
                        "keywords of DICOM PS3.6 such as PixelSpacing; private elements have none")));
    }

    private static Optional<Refusal> refusal(String keyword, DicomKeywords.Element element) {
        String vr = element.vr();
        boolean ofPeople = OF_PEOPLE.contains(vr)
                || GROUPS_OF_PEOPLE.contains(element.group())
                || NAMES_OF_PEOPLE.matcher(keyword).find();
        if (ofPeople) {
            return Optional.of(new Refusal(
                    "may describe or name a person, and no event carries a person's data",
                    "elements of the scanner, the sequence or the image"));
        }
        if (vr.equals("UI") && !keyword.endsWith("ClassUID")) {
            return Optional.of(new Refusal(
                    "identifies one object and no kind of series", "SOPClassUID, or an element with text or numbers"));
        }
        boolean isPlain = NUMBERS.contains(vr) || TEXTS.contains(vr) || vr.equals("UI");
        if (!isPlain || element.group().contains("x") || NOT_IN_DATA_SET.contains(element.group())) {
            return Optional.of(new Refusal(
                    "holds no text or number of its own: it is nested, binary or outside the data set",
                    "an element with text or numbers"));
        }
        return Optional.empty();
    }

    /** Whether the element holds numbers, so that a range can apply. */
    static boolean isNumeric(String keyword) {
        return DicomKeywords.find(keyword)
                .filter(element -> NUMBERS.contains(element.vr()))
                .isPresent();
    }
}
