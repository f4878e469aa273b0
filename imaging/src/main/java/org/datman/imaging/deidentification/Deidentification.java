package org.datman.imaging.deidentification;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomDatasetBuilder;
import org.datman.imaging.dicom.DicomElement;
import org.datman.imaging.dicom.DicomHeader;
import org.datman.imaging.dicom.DicomReader;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.imaging.dicom.Dictionary;
import org.datman.imaging.dicom.ReadOptions;
import org.datman.imaging.dicom.Tag;
import org.datman.imaging.dicom.Vr;
import org.jspecify.annotations.Nullable;

/**
 * Writes a copy of a DICOM file without what identifies the person, by the Basic Profile of DICOM PS3.15 Annex E; the pixels stay byte by
 * byte. Two kinds: for the archive, with the options that quality control needs (UIDs, dates of the examination, the scanner's identity,
 * the description of the series and the manufacturer's settings stay); and to leave the lab, with other UIDs, dates moved by as many days
 * for all files of a person, without the scanner's identity and binary values of manufacturers.
 */
public final class Deidentification {

    /** What the copy states about itself, each text at most 64 characters long, and codes of PS3.16 CID 7050. */
    private enum Kind {
        ARCHIVE(
                List.of(
                        "DATMAN: DICOM PS3.15 2026c Basic Profile; UIDs, dates,",
                        "device, series descriptions and safe private elements kept"),
                "UNMODIFIED",
                "113105 Clean Descriptors Option",
                "113106 Retain Longitudinal Temporal Information Full Dates Option",
                "113109 Retain Device Identity Option",
                "113110 Retain UIDs Option",
                "113111 Retain Safe Private Option"),
        LEAVING(
                List.of(
                        "DATMAN: DICOM PS3.15 2026c Basic Profile; dates moved,",
                        "series descriptions and safe private elements kept"),
                "MODIFIED",
                "113105 Clean Descriptors Option",
                "113107 Retain Longitudinal Temporal Information Modified Dates Option",
                "113111 Retain Safe Private Option");

        private final List<String> method;
        private final String dates;
        private final List<String> options;

        Kind(List<String> method, String dates, String... options) {
            this.method = method;
            this.dates = dates;
            this.options = List.of(options);
        }

        private DicomDataset[] codes() {
            return Stream.concat(Stream.of("113100 Basic Application Confidentiality Profile"), options.stream())
                    .map(code -> DicomDataset.builder()
                            .set("CodeValue", code.substring(0, code.indexOf(' ')))
                            .set("CodingSchemeDesignator", "DCM")
                            .set("CodeMeaning", code.substring(code.indexOf(' ') + 1))
                            .build())
                    .toArray(DicomDataset[]::new);
        }
    }

    /** What people type, and what programs name after people. Codes of a fixed vocabulary and numbers are not checked for names. */
    private static final Set<Vr> TYPED = Set.of(Vr.LO, Vr.SH, Vr.ST, Vr.LT, Vr.UT, Vr.UC, Vr.AE, Vr.UR);

    private static final Set<Vr> OPAQUE = Set.of(Vr.UN, Vr.OB);
    private static final Set<Vr> BULK = Set.of(Vr.UN, Vr.OB, Vr.OW, Vr.OF, Vr.OD, Vr.OL, Vr.OV);

    /** The scanner itself: versions and serial numbers are numbers as ids are. */
    private static final Set<Integer> OF_SCANNER = Stream.of(
                    "DeviceSerialNumber", "SoftwareVersions", "ManufacturerModelName", "StationName")
            .map(Dictionary::tagOf)
            .collect(Collectors.toUnmodifiableSet());

    private static final int MANUFACTURER = Dictionary.tagOf("Manufacturer");

    /** How the names of vendors begin; they stay, even if a person is called so. */
    private static final Pattern VENDORS = Pattern.compile(
            "(siemens|ge |general electric|philips|canon|toshiba|uih|united imaging|hitachi|fujifilm|bruker).*",
            Pattern.CASE_INSENSITIVE);

    private static final String DUMMY_TEXT = "BLANKED";

    private final PersonalNames names;
    private final NameBytes bytes;
    private final @Nullable Pseudonyms pseudonyms;
    private final String person;
    private int removed;
    private int emptied;

    private Deidentification(DicomDataset header, @Nullable Pseudonyms pseudonyms) {
        this.pseudonyms = pseudonyms;
        this.person = Pseudonyms.person(header);
        this.names = PersonalNames.of(header);
        this.bytes = NameBytes.of(header);
    }

    /**
     * What was done, in all nested data sets together.
     *
     * @param removed elements that are no longer there
     * @param emptied elements without a value, or with one that means nothing
     */
    public record Result(int removed, int emptied) {}

    /**
     * Writes the copy that stays in the lab.
     *
     * @throws ImageFormatException when the file cannot be read as a whole, or lacks what every DICOM file must have; there is no copy then
     * @throws IllegalArgumentException when its elements cannot be written as DICOM; there is no copy then either
     */
    public static Result copy(Path from, Path to) throws IOException {
        return copy(from, to, null);
    }

    /** Writes a copy that may leave the lab; its patient is called by the pseudonym. As above otherwise. */
    public static Result copyToLeave(Path from, Path to, Pseudonyms pseudonyms) throws IOException {
        return copy(from, to, pseudonyms);
    }

    /** The pseudonym of the person in a header. */
    public static String pseudonym(DicomHeader header, Pseudonyms pseudonyms) {
        return pseudonyms.nameOf(Pseudonyms.person(header.dataset()));
    }

    private static Result copy(Path from, Path to, @Nullable Pseudonyms pseudonyms) throws IOException {
        DicomHeader header = DicomReader.read(from, ReadOptions.WHOLE);
        Deidentification run = new Deidentification(header.dataset(), pseudonyms);
        DicomDataset clean = run.whole(header);
        try (OutputStream out = Files.newOutputStream(to)) {
            DicomWriter.rewrite(out, from, header, clean);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(to);
            throw e;
        }
        return new Result(run.removed, run.emptied);
    }

    private DicomDataset whole(DicomHeader header) throws ImageFormatException {
        DicomDatasetBuilder whole = DicomDataset.builder().setAll(clean(header.dataset()));
        identify(whole, header, "SOPClassUID", "MediaStorageSOPClassUID");
        identify(whole, header, "SOPInstanceUID", "MediaStorageSOPInstanceUID");
        Kind kind = pseudonyms == null ? Kind.ARCHIVE : Kind.LEAVING;
        if (pseudonyms != null) {
            whole.set("PatientName", pseudonyms.nameOf(person)).set("PatientID", pseudonyms.nameOf(person));
        }
        return whole.set("PatientIdentityRemoved", "YES")
                .set("DeidentificationMethod", kind.method.toArray(String[]::new))
                .set("DeidentificationMethodCodeSequence", kind.codes())
                .set("LongitudinalTemporalInformationModified", kind.dates)
                .build();
    }

    private void identify(DicomDatasetBuilder whole, DicomHeader header, String keyword, String ofFile)
            throws ImageFormatException {
        if (header.string(keyword).isEmpty()) {
            String known = header.fileMeta()
                    .string(ofFile)
                    .orElseThrow(() -> new ImageFormatException(
                            keyword,
                            ImageFormatException.UNKNOWN_OFFSET,
                            "is missing",
                            "every DICOM file has one; it was lost on the way"));
            whole.set(keyword, pseudonyms != null && keyword.equals("SOPInstanceUID") ? pseudonyms.uid(known) : known);
        }
    }

    private DicomDataset clean(DicomDataset dataset) {
        DicomDatasetBuilder clean = DicomDataset.builder();
        for (DicomElement element : dataset) {
            if (Tag.isPrivate(element.tag())) {
                ofManufacturer(element, dataset, clean);
            } else {
                ofStandard(element, clean);
            }
        }
        return clean.build();
    }

    private void ofStandard(DicomElement element, DicomDatasetBuilder clean) {
        Vr vr = PersonalNames.vr(element);
        ConfidentialityProfile.Row row = ConfidentialityProfile.of(element.tag());
        if (pseudonyms != null && !element.isSequence()) {
            if (row.kept() == ConfidentialityProfile.Option.UID || row.kept() == ConfidentialityProfile.Option.TIME) {
                replace(element, vr, pseudonyms, clean);
                return;
            }
        }
        boolean stays = row.kept() != ConfidentialityProfile.Option.NONE
                && (pseudonyms == null || row.kept() != ConfidentialityProfile.Option.DEVICE);
        ConfidentialityProfile.Action action = stays ? ConfidentialityProfile.Action.KEEP : row.basic();
        if (action == ConfidentialityProfile.Action.KEEP && vr == Vr.PN) {
            action = ConfidentialityProfile.Action.EMPTY;
        }
        switch (action) {
            case REMOVE -> removed++;
            case EMPTY -> empty(element, vr, clean);
            case DUMMY -> dummy(element, vr, clean);
            case KEEP -> keep(element, vr, clean);
            default -> throw new IllegalStateException(action.name());
        }
    }

    /** Another UID, an earlier date; a time of day stays. */
    private void replace(DicomElement element, Vr vr, Pseudonyms by, DicomDatasetBuilder clean) {
        List<String> values = element.strings();
        List<String> replaced =
                switch (vr) {
                    case UI -> values.stream().map(by::uid).toList();
                    case DA, DT ->
                        values.stream()
                                .flatMap(date -> by.earlier(person, date).stream())
                                .toList();
                    case TM -> values;
                    default -> List.of();
                };
        if (replaced.size() != values.size() || values.isEmpty()) {
            empty(element, vr, clean);
        } else {
            clean.set(element.tag(), vr, replaced.toArray(String[]::new));
        }
    }

    private void empty(DicomElement element, Vr vr, DicomDatasetBuilder clean) {
        emptied++;
        if (element.isSequence()) {
            clean.set(element.tag());
        } else {
            clean.set(element.tag(), vr, new byte[0]);
        }
    }

    private void dummy(DicomElement element, Vr vr, DicomDatasetBuilder clean) {
        switch (vr) {
            case DA -> clean.set(element.tag(), vr, "19000101");
            case TM -> clean.set(element.tag(), vr, "000000");
            case DT -> clean.set(element.tag(), vr, "19000101000000");
            case LO, SH, LT, ST, UT, UC, PN, CS, AE -> clean.set(element.tag(), vr, DUMMY_TEXT);
            default -> {
                removed++;
                return;
            }
        }
        emptied++;
    }

    private void keep(DicomElement element, Vr vr, DicomDatasetBuilder clean) {
        if (element.isSequence()) {
            clean.set(element.tag(), element.items().stream().map(this::clean).toArray(DicomDataset[]::new));
        } else if (TYPED.contains(vr) && isNamed(element) && !isVendor(element)) {
            empty(element, vr, clean);
        } else if (element.isKept() && OPAQUE.contains(element.vr())) {
            clean.set(covered(element));
        } else if (!element.isKept() && element.vr() == Vr.UN && !isPixelData(element)) {
            removed++;
        } else {
            clean.set(element);
        }
    }

    private void ofManufacturer(DicomElement element, DicomDataset dataset, DicomDatasetBuilder clean) {
        int group = Tag.group(element.tag());
        int creatorTag = Tag.of(group, Tag.element(element.tag()) >>> 8);
        Optional<String> creator = Tag.element(creatorTag) < 0x10 ? Optional.empty() : dataset.string(creatorTag);
        if (creator.isEmpty()) {
            // A creator is written with the first of its elements that stays.
            removed += Tag.element(element.tag()) > 0xff ? 1 : 0;
            return;
        }
        Optional<DicomElement> kept =
                element.isSequence() ? nested(element, creator.get()) : safe(element, group, creator.get());
        if (kept.isPresent()) {
            clean.set(creatorTag, Vr.LO, creator.get());
            clean.set(kept.get());
        } else {
            removed++;
        }
    }

    private Optional<DicomElement> nested(DicomElement element, String creator) {
        if (!ConfidentialityProfile.isKnown(creator)) {
            return Optional.empty();
        }
        DicomDataset[] items = element.items().stream().map(this::clean).toArray(DicomDataset[]::new);
        boolean any = Arrays.stream(items).anyMatch(item -> item.iterator().hasNext());
        return any ? DicomDataset.builder().set(element.tag(), items).build().element(element.tag()) : Optional.empty();
    }

    private Optional<DicomElement> safe(DicomElement element, int group, String creator) {
        boolean safe = element.isKept()
                && element.vr() != Vr.PN
                && (pseudonyms == null || !BULK.contains(element.vr()))
                && ConfidentialityProfile.isSafe(group, creator, element.tag() & 0xff);
        if (!safe || TYPED.contains(element.vr()) && isNamed(element)) {
            return Optional.empty();
        }
        return Optional.of(BULK.contains(element.vr()) ? covered(element) : element);
    }

    private boolean isNamed(DicomElement element) {
        boolean ofScanner = OF_SCANNER.contains(element.tag());
        return element.strings().stream().anyMatch(ofScanner ? names::nameIn : names::in);
    }

    private DicomElement covered(DicomElement element) {
        byte[] value = element.bytes().orElseThrow();
        byte[] covered = bytes.covered(value);
        return Arrays.equals(value, covered)
                ? element
                : DicomDataset.builder()
                        .set(element.tag(), element.vr(), covered)
                        .build()
                        .element(element.tag())
                        .orElseThrow();
    }

    private static boolean isVendor(DicomElement element) {
        return element.tag() == MANUFACTURER
                && element.string()
                        .filter(name -> VENDORS.matcher(name).matches())
                        .isPresent();
    }

    private static boolean isPixelData(DicomElement element) {
        return element.tag() == Tag.PIXEL_DATA
                || element.tag() == Tag.FLOAT_PIXEL_DATA
                || element.tag() == Tag.DOUBLE_FLOAT_PIXEL_DATA;
    }
}
