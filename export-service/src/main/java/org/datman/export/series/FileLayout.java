package org.datman.export.series;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.SeriesTagged.Assignment;
import org.datman.contracts.naming.FileName;
import org.datman.contracts.study.Format;
import org.datman.contracts.study.Part;
import org.datman.export.convert.ConvertedImage;
import org.datman.export.convert.ImageFacts;
import org.datman.export.convert.Naming;
import org.datman.export.convert.Naming.Named;
import org.datman.export.dicom.DicomFacts;

/** Assigns files to names. Pure: decides, writes nothing. */
final class FileLayout {

    /**
     * The files of one stem.
     *
     * @param image the converted image, unless only a DICOM header is kept
     * @param files by role, at their current location
     * @param dicom the DICOM file among them, if any
     */
    record Product(
            String stem,
            Assignment assignment,
            Optional<ImageFacts> image,
            Map<FileRole, Path> files,
            Optional<DicomFacts> dicom) {}

    private final List<Product> products = new ArrayList<>();
    private final List<Named> named;
    private final List<Assignment> unmet = new ArrayList<>();
    private final List<ImageFacts> leftOut = new ArrayList<>();

    private FileLayout(List<Named> named) {
        this.named = named;
    }

    static boolean wants(Assignment assignment, Format format) {
        return assignment.formats().contains(format.key());
    }

    /** Decides for a series. The DICOM files are in order and at least one if any assignment requests DICOM. */
    static FileLayout of(ExportInputs inputs, List<Assignment> assignments) {
        List<Assignment> converted =
                assignments.stream().filter(a -> wants(a, Format.NII)).toList();
        List<Assignment> unmet = new ArrayList<>();
        Map<ImageFacts, ConvertedImage> images = new LinkedHashMap<>();
        inputs.images().forEach(image -> images.put(image.facts(), image));
        List<ImageFacts> leftOut = new ArrayList<>();
        List<Named> named = converted.isEmpty()
                ? List.of()
                : Naming.name(
                        inputs.images().stream().map(ConvertedImage::facts).toList(), converted, unmet, leftOut);
        FileLayout layout = new FileLayout(named);
        layout.leftOut.addAll(leftOut);
        layout.unmet.addAll(unmet);
        Set<String> dicomOf = new HashSet<>();
        for (Named each : named) {
            Map<FileRole, Path> files = new LinkedHashMap<>(
                    Objects.requireNonNull(images.get(each.image())).files());
            boolean firstOfItsKind = dicomOf.add(each.assignment().stem() + "|"
                    + each.image().echo() + "|" + each.image().part() + "|"
                    + each.image().phaseEncodingDirection());
            Optional<DicomFacts> dicom = wants(each.assignment(), Format.DCM) && firstOfItsKind
                    ? Optional.of(dicom(inputs, each.image()))
                    : Optional.empty();
            dicom.ifPresent(facts -> files.put(FileRole.DICOM, file(inputs, facts)));
            layout.products.add(new Product(each.stem(), each.assignment(), Optional.of(each.image()), files, dicom));
        }
        for (Assignment a : assignments) {
            if (!wants(a, Format.DCM)
                    || named.stream().anyMatch(n -> n.assignment().equals(a))) {
                continue;
            }
            // A header of another image does not satisfy the tag: the phase image that was not received is missing.
            boolean there = unmet.contains(a) ? inputs.images().isEmpty() : holds(inputs, a);
            if (there) {
                layout.products.addAll(headersOnly(inputs, a));
            } else if (!layout.unmet.contains(a)) {
                layout.unmet.add(a);
            }
        }
        return layout;
    }

    private static DicomFacts dicom(ExportInputs inputs, ImageFacts image) {
        return image.ownDicom()
                .flatMap(path -> facts(inputs).stream()
                        .filter(dicom -> dicom.path().equals(path))
                        .findFirst())
                .orElseGet(() -> DicomFacts.first(facts(inputs), image.echo(), image.echoTime(), image.part()));
    }

    /** Whether a DICOM file matches a tag; a multi-frame file may hold all echoes and parts. */
    private static boolean holds(ExportInputs inputs, Assignment assignment) {
        List<DicomFacts> facts = facts(inputs);
        boolean echo = assignment.echoNumber().isEmpty()
                || facts.stream()
                        .anyMatch(
                                f -> f.echoNumber().isEmpty() || f.echoNumber().equals(assignment.echoNumber()));
        boolean part = assignment.part().isEmpty()
                || facts.stream()
                        .anyMatch(f -> f.part().key().equals(assignment.part().get()));
        return facts.size() == 1 || echo && part;
    }

    /** One DICOM per echo, for a tag without a converted image. */
    private static List<Product> headersOnly(ExportInputs inputs, Assignment assignment) {
        Set<Integer> echoes = new TreeSet<>();
        assignment.echoNumber().ifPresentOrElse(echoes::add, () -> facts(inputs)
                .forEach(facts -> echoes.add(facts.echoNumber().orElse(1))));
        Part part = assignment.part().map(FileLayout::part).orElse(Part.MAGNITUDE);
        List<Product> products = new ArrayList<>();
        for (int echo : echoes) {
            DicomFacts facts = DicomFacts.first(facts(inputs), echo, Optional.empty(), part);
            String stem = products.isEmpty() ? assignment.stem() : extended(assignment.stem(), "-e" + echo);
            products.add(new Product(
                    stem,
                    assignment,
                    Optional.empty(),
                    new LinkedHashMap<>(Map.of(FileRole.DICOM, file(inputs, facts))),
                    Optional.of(facts)));
        }
        return products;
    }

    private static Part part(String key) {
        for (Part part : Part.values()) {
            if (part.key().equals(key)) {
                return part;
            }
        }
        throw new IllegalArgumentException("Unknown part '" + key + "'");
    }

    private static List<DicomFacts> facts(ExportInputs inputs) {
        return inputs.dicoms().stream().map(ExportInputs.Dicom::facts).toList();
    }

    private static Path file(ExportInputs inputs, DicomFacts facts) {
        return inputs.dicoms().stream()
                .filter(dicom -> dicom.facts().equals(facts))
                .findFirst()
                .orElseThrow()
                .file();
    }

    /** A stem with an addition to its description. */
    static String extended(String stem, String ending) {
        FileName name = FileName.parse(stem);
        return FileName.of(name.id(), name.tag(), name.seriesNumber(), name.description() + ending)
                .stem();
    }

    List<Product> products() {
        return products;
    }

    List<Named> named() {
        return named;
    }

    /** Whether it is computed from the others, and no tag requests it. */
    List<ImageFacts> leftOut() {
        return leftOut;
    }

    List<Assignment> unmet() {
        return unmet;
    }
}
