package org.datman.export.series;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesTagged.Assignment;
import org.datman.export.convert.ImageFacts;
import org.datman.export.convert.Naming.Named;
import org.datman.export.dicom.PixelPreparation;
import org.datman.export.download.SeriesDownload;
import org.datman.export.provenance.Provenance;

/**
 * The issues of an export.
 *
 * @param losses missing content: the export is partial
 * @param notes information for a person when nothing is missing
 */
record ExportIssues(List<Reason> losses, List<Reason> notes) {

    private static final int NAMED_IN_MESSAGE = 3;

    /**
     * Collects the issues of reading, conversion and naming.
     *
     * @param ofBefore whether all files were exported before and only their names change
     */
    static ExportIssues of(
            Provenance.Source source,
            Optional<Provenance.Conversion> conversion,
            List<Named> named,
            List<Assignment> unmet,
            List<ImageFacts> leftOut,
            Parts parts,
            boolean ofBefore) {
        List<Reason> losses = new ArrayList<>();
        List<Reason> notes = new ArrayList<>();
        broken(source).ifPresent(losses::add);
        source.completeness().ifPresent(counted -> losses.addAll(counted.losses()));
        files(source, Provenance.CONTESTED)
                .ifPresent(names -> losses.add(new Reason(
                        "same-instance-twice",
                        "Files have the SOPInstanceUID of another file and other content; they were not converted: "
                                + names,
                        "Find out which of them is correct, remove the other from XNAT")));
        conversion
                .filter(c -> !c.problems().isEmpty())
                .ifPresent(c -> losses.add(
                        named.isEmpty()
                                ? notConverted(c)
                                : new Reason(
                                        "partly-converted",
                                        "dcm2niix did not convert everything: " + String.join("; ", c.problems()),
                                        advice(
                                                c,
                                                "Check the converter's log; the DICOM files on XNAT are untouched"))));
        for (Assignment assignment : unmet) {
            notes.add(new Reason(
                    "no-image-for-tag",
                    "No image of the series matches tag " + assignment.tag() + " (" + selectorText(assignment)
                            + "); it does not count as found",
                    "If the image should be in this series, look for it on the scanner; else correct the tag's pattern in"
                            + " the study configuration"));
        }
        if (!leftOut.isEmpty()) {
            notes.add(new Reason(
                    "derived-left-out",
                    leftOut.size() + " image(s) that the scanner computed from the others were left out ("
                            + leftOut.stream()
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
                            "The files on XNAT differ from those when the series was discovered; these are the newer ones, complete as listed"));
        }
        long unverified =
                source.files().stream().filter(file -> !file.verified()).count();
        if (unverified > 0) {
            notes.add(new Reason(
                    "no-checksums",
                    unverified + " files have no MD5 on XNAT; only their sizes were compared",
                    "Refresh the catalog with checksums on XNAT"));
        }
        conversion
                .filter(c -> !c.corrections().isEmpty())
                .ifPresent(c -> notes.add(Reason.of("sidecar-corrected", String.join("; ", c.corrections()))));
        return new ExportIssues(losses, notes);
    }

    /** The series produced no image. */
    static Reason notConverted(Provenance.Conversion conversion) {
        return new Reason(
                "not-converted",
                "dcm2niix created no image: " + String.join("; ", conversion.problems()),
                advice(conversion, "Check whether the series is complete on XNAT; then press 'Reconvert'"));
    }

    private static String advice(Provenance.Conversion conversion, String otherwise) {
        return conversion.problems().stream().anyMatch(problem -> problem.contains("gdcmconv"))
                ? PixelPreparation.ADVICE
                : otherwise;
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
                        "Send the series from the scanner again; XNAT has the files in this state"));
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
    ExportIssues with(Optional<Reason> note) {
        List<Reason> all = new ArrayList<>(notes);
        note.ifPresent(all::add);
        return new ExportIssues(losses, all);
    }

    /** All issues as one reason, the most severe first; empty when there are none. */
    Optional<Reason> reason() {
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
