package org.datman.export.outcome;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesTagged.Assignment;
import org.datman.contracts.provenance.Provenance;
import org.datman.export.convert.PixelPreparation;
import org.datman.export.download.SeriesDownload;
import org.datman.export.layout.ExportInputs;
import org.datman.export.layout.FileLayout;
import org.datman.export.layout.ImageNaming.Named;
import org.datman.export.request.Parts;
import org.jspecify.annotations.Nullable;

/**
 * The issues of an export.
 *
 * @param losses missing content: the export is partial
 * @param notes information for a person when nothing is missing
 */
public record ExportIssues(List<Reason> losses, List<Reason> notes) {

    private static final int NAMED_IN_MESSAGE = 3;

    /**
     * Collects the issues of reading, conversion and naming.
     *
     * @param ofBefore whether all files were exported before and only their names change
     */
    static ExportIssues of(ExportInputs inputs, FileLayout layout, Parts parts, boolean ofBefore) {
        return of(inputs.source(), inputs.conversion(), layout, parts, ofBefore);
    }

    /** Why a series of which the converter made no image is not exported. */
    public static Reason nothingConverted(Provenance.Source source, Provenance.Conversion conversion, Parts parts) {
        FileLayout nothing = new FileLayout(List.of(), List.of(), List.of(), List.of(), List.of());
        List<Reason> reasons =
                new ArrayList<>(of(source, null, nothing, parts, false).losses());
        addNotConverted(reasons, conversion);
        return joined(reasons);
    }

    private static ExportIssues of(
            Provenance.Source source,
            Provenance.@Nullable Conversion conversion,
            FileLayout layout,
            Parts parts,
            boolean ofBefore) {
        List<Named> named = layout.named();
        List<Reason> losses = new ArrayList<>();
        List<Reason> notes = new ArrayList<>();
        broken(source).ifPresent(losses::add);
        source.completeness().ifPresent(counted -> losses.addAll(counted.losses()));
        files(source, Provenance.CONTESTED)
                .ifPresent(names -> losses.add(new Reason(
                        "same-instance-twice",
                        "Files have the SOPInstanceUID of another file and other content; they were not converted: "
                                + names,
                        "Find out which of them is correct, remove the other from the server")));
        if (conversion != null && !conversion.problems().isEmpty()) {
            if (named.isEmpty()) {
                addNotConverted(losses, conversion);
            } else {
                losses.add(new Reason(
                        "partly-converted",
                        "dcm2niix did not convert everything: " + String.join("; ", conversion.problems()),
                        advice(conversion, "Check the converter's log; the DICOM files on the server are untouched")));
            }
        }
        losses.addAll(layout.refused());
        burnedIn(source).ifPresent(notes::add);
        for (Assignment assignment : layout.unmet()) {
            notes.add(new Reason(
                    "no-image-for-tag",
                    "No image of the series matches tag " + assignment.tag() + " (" + selectorText(assignment)
                            + "); it does not count as found",
                    "If the image should be in this series, look for it on the scanner; else correct the tag's pattern in"
                            + " the study configuration"));
        }
        if (!layout.leftOut().isEmpty()) {
            notes.add(new Reason(
                    "derived-left-out",
                    layout.leftOut().size() + " image(s) that the scanner computed from the others were left out ("
                            + layout.leftOut().stream()
                                    .map(image -> image.ending().isEmpty() ? "DERIVED" : image.ending())
                                    .distinct()
                                    .collect(Collectors.joining(", "))
                            + ")",
                    "Add a tag with Derived: true to the study configuration if they are wanted"));
        }
        copies(source).ifPresent(notes::add);
        source.completeness().ifPresent(counted -> notes.addAll(counted.notes()));
        List<Named> misfits = named.stream().filter(n -> !n.fits()).toList();
        if (!misfits.isEmpty()) {
            notes.add(new Reason(
                    "image-without-own-tag",
                    "No tag matches " + misfits.size() + " image(s) of the series; kept as "
                            + misfits.stream().map(Named::stem).collect(Collectors.joining(", ")),
                    "Add a tag with that EchoNumber or Part to the study configuration if they are wanted"));
        }
        source.remarks().stream()
                .filter(SeriesDownload::isContradiction)
                .forEach(remark -> notes.add(new Reason(
                        "adopted-differs",
                        remark,
                        "Compare the series of the old archive with that on the server; the old one is untouched")));
        files(source, Provenance.NOT_DICOM)
                .ifPresent(names -> notes.add(Reason.of("files-not-dicom", "Not DICOM, not converted: " + names)));
        if (!parts.areOne()) {
            notes.add(Reason.of(
                    "combined", "One image of " + parts.series().size() + " scans combined: " + parts.scans()));
        }
        if (!ofBefore && !source.fingerprint().equals(parts.fingerprint())) {
            notes.add(
                    Reason.of(
                            "source-changed-meanwhile",
                            "The files on the server differ from those when the series was discovered; these are the newer ones, complete as listed"));
        }
        long unverified =
                source.files().stream().filter(file -> !file.verified()).count();
        if (unverified > 0) {
            notes.add(new Reason(
                    "no-checksums",
                    unverified + " files have no MD5 on the server; only their sizes were compared",
                    "Refresh the catalog with checksums on XNAT; on Orthanc set StoreMD5ForAttachments"));
        }
        if (conversion != null && !conversion.corrections().isEmpty()) {
            notes.add(Reason.of("sidecar-corrected", String.join("; ", conversion.corrections())));
        }
        return new ExportIssues(losses, notes);
    }

    /** The series produced no image. That a volume is incomplete is not why: the others could be converted without it. */
    private static void addNotConverted(List<Reason> losses, Provenance.Conversion conversion) {
        losses.add(
                PixelPreparation.isUncut(conversion.problems()) ? 0 : losses.size(),
                new Reason(
                        "not-converted",
                        "dcm2niix created no image: " + String.join("; ", conversion.problems()),
                        advice(
                                conversion,
                                "Check whether the series is complete on the server; then press 'Reconvert'")));
    }

    private static String advice(Provenance.Conversion conversion, String otherwise) {
        return PixelPreparation.advice(conversion.problems()).orElse(otherwise);
    }

    private static String selectorText(Assignment assignment) {
        List<String> selectors = new ArrayList<>();
        assignment.echoNumber().ifPresent(echo -> selectors.add("echo " + echo));
        assignment.part().ifPresent(selectors::add);
        assignment.phaseEncodingDirection().ifPresent(direction -> selectors.add("phase encoding " + direction));
        assignment.derived().filter(wanted -> wanted).ifPresent(wanted -> selectors.add("computed from the others"));
        return String.join(", ", selectors);
    }

    private static Optional<Reason> copies(Provenance.Source source) {
        long copies = source.files().stream()
                .filter(file -> file.use().equals(Provenance.COPY))
                .count();
        return copies == 0
                ? Optional.empty()
                : Optional.of(Reason.of(
                        "copies",
                        copies + " files are byte-identical copies of others; each image was converted once"));
    }

    private static Optional<Reason> burnedIn(Provenance.Source source) {
        return files(source, Provenance.BURNED_IN).map(ExportIssues::burnedIn);
    }

    /**
     * Why images are not exported whose pixels may show text about the person.
     *
     * @param names of the files
     */
    public static Reason burnedIn(String names) {
        return new Reason(
                "burned-in-text",
                "Screenshots or secondary captures, whose pixels may show text about the person, are not exported: "
                        + names,
                "If they are wanted, set BurnedInText: exported in the study configuration; what was exported of such a series"
                        + " before is withdrawn when a rule of Ignore matches it");
    }

    private static Optional<Reason> broken(Provenance.Source source) {
        List<Provenance.SourceFile> broken = source.files().stream()
                .filter(file -> file.use().equals(Provenance.BROKEN))
                .toList();
        return broken.isEmpty()
                ? Optional.empty()
                : Optional.of(new Reason(
                        "broken-dicom",
                        broken.size() + " of " + source.files().size() + " files are truncated or corrupt: "
                                + broken.stream()
                                        .limit(NAMED_IN_MESSAGE)
                                        .map(file -> "'" + SeriesDownload.shown(file.path()) + "' "
                                                + file.problem().orElse(""))
                                        .collect(Collectors.joining("; "))
                                + (broken.size() > NAMED_IN_MESSAGE ? " …" : ""),
                        "Send the series from the scanner again; the server has the files in this state"));
    }

    private static Optional<String> files(Provenance.Source source, String use) {
        List<String> names = source.files().stream()
                .filter(file -> file.use().equals(use))
                .map(file -> "'" + SeriesDownload.shown(file.path()) + "'")
                .toList();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(", ", names.subList(0, Math.min(NAMED_IN_MESSAGE, names.size())))
                        + (names.size() > NAMED_IN_MESSAGE
                                ? " and " + (names.size() - NAMED_IN_MESSAGE) + " more"
                                : ""));
    }

    /** A copy with one more note. */
    ExportIssues with(Reason note) {
        return new ExportIssues(
                losses, Stream.concat(notes.stream(), Stream.of(note)).toList());
    }

    /** All issues as one reason, the most severe first; empty when there are none. */
    public Optional<Reason> reason() {
        List<Reason> all = new ArrayList<>(losses);
        all.addAll(notes);
        return all.isEmpty() ? Optional.empty() : Optional.of(joined(all));
    }

    /** Several reasons as one: the code and the action of the first. */
    static Reason joined(List<Reason> reasons) {
        return new Reason(
                reasons.get(0).code(),
                reasons.stream().map(Reason::message).collect(Collectors.joining(". ")),
                reasons.stream()
                        .map(Reason::action)
                        .filter(a -> !a.isEmpty())
                        .findFirst()
                        .orElse(""));
    }
}
