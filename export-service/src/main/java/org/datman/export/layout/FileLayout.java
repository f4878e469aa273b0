package org.datman.export.layout;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesTagged.Assignment;
import org.datman.contracts.study.Format;
import org.datman.contracts.study.Part;
import org.datman.export.convert.ConvertedImage;
import org.datman.export.convert.ImageFacts;
import org.datman.export.dicom.DicomFacts;
import org.datman.export.layout.ImageNaming.Named;
import org.jspecify.annotations.Nullable;

/**
 * The files with their names. Pure: decides, writes nothing.
 *
 * @param products the files of each stem
 * @param named the converted images with their names
 * @param unmet the assignments without an image
 * @param leftOut the images that are computed from the others, and that no tag requests
 * @param refused why DICOM files that a tag requests are not kept
 */
public record FileLayout(
        List<Product> products,
        List<Named> named,
        List<Assignment> unmet,
        List<ImageFacts> leftOut,
        List<Reason> refused) {

    /**
     * The files of one stem.
     *
     * @param image the converted image; null if only a DICOM header is kept
     * @param files by role, at their current location
     * @param dicom the DICOM file among them, if any
     * @param kept how that is kept; null as long as it is as received
     */
    public record Product(
            String stem,
            Assignment assignment,
            @Nullable ImageFacts image,
            Map<FileRole, Path> files,
            @Nullable DicomFacts dicom,
            ExportInputs.@Nullable Kept kept) {

        /** A copy with other files, and the form of the DICOM file among them. */
        public Product with(Map<FileRole, Path> others, ExportInputs.@Nullable Kept form) {
            return new Product(stem, assignment, image, others, dicom, form);
        }

        /** A copy of which no DICOM file is kept. */
        public Product withoutDicom(Map<FileRole, Path> others) {
            return new Product(stem, assignment, image, others, null, null);
        }
    }

    public FileLayout {
        products = List.copyOf(products);
        named = List.copyOf(named);
        unmet = List.copyOf(unmet);
        leftOut = List.copyOf(leftOut);
        refused = List.copyOf(refused);
    }

    /** Whether the tag of an assignment requests a format. */
    public static boolean wants(Assignment assignment, Format format) {
        return assignment.formats().contains(format.key());
    }

    /** Decides for a series. The DICOM files are in order and at least one if any assignment requests DICOM. */
    public static FileLayout of(ExportInputs inputs, List<Assignment> assignments) {
        List<Assignment> converted =
                assignments.stream().filter(a -> wants(a, Format.NII)).toList();
        List<Assignment> unmet = new ArrayList<>();
        Map<ImageFacts, ConvertedImage> images = new LinkedHashMap<>();
        inputs.images().forEach(image -> images.put(image.facts(), image));
        List<ImageFacts> leftOut = new ArrayList<>();
        List<Named> named = converted.isEmpty()
                ? List.of()
                : ImageNaming.name(
                        inputs.images().stream().map(ConvertedImage::facts).toList(), converted, unmet, leftOut);
        List<Product> products = new ArrayList<>();
        List<Assignment> missing = new ArrayList<>(unmet);
        Set<String> dicomOf = new HashSet<>();
        for (Named each : named) {
            Map<FileRole, Path> files = new LinkedHashMap<>(
                    Objects.requireNonNull(images.get(each.image())).files());
            boolean firstOfItsKind = dicomOf.add(each.assignment().stem() + "|"
                    + each.image().echo() + "|" + each.image().part() + "|"
                    + each.image().phaseEncodingDirection());
            DicomFacts dicom =
                    wants(each.assignment(), Format.DCM) && firstOfItsKind ? dicom(inputs, each.image()) : null;
            if (dicom != null) {
                files.put(FileRole.DICOM, file(inputs, dicom));
            }
            products.add(new Product(each.stem(), each.assignment(), each.image(), files, dicom, null));
        }
        for (Assignment a : assignments) {
            if (!wants(a, Format.DCM)
                    || named.stream().anyMatch(n -> n.assignment().equals(a))) {
                continue;
            }
            // A header of another image does not satisfy the tag: the phase image that was not received is missing.
            boolean there = unmet.contains(a) ? inputs.images().isEmpty() : holds(inputs, a);
            if (there) {
                products.addAll(headersOnly(inputs, a));
            } else if (!missing.contains(a)) {
                missing.add(a);
            }
        }
        return new FileLayout(products, named, missing, leftOut, List.of());
    }

    private static DicomFacts dicom(ExportInputs inputs, ImageFacts image) {
        return image.ownDicom()
                .flatMap(path -> facts(inputs).stream()
                        .filter(dicom -> dicom.path().equals(path))
                        .findFirst())
                .orElseGet(() -> DicomFacts.first(
                        facts(inputs), image.echo(), image.echoTime().orElse(null), image.part()));
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
            DicomFacts facts = DicomFacts.first(facts(inputs), echo, null, part);
            String stem = products.isEmpty() ? assignment.stem() : ImageNaming.extended(assignment.stem(), "-e" + echo);
            products.add(new Product(
                    stem,
                    assignment,
                    null,
                    new LinkedHashMap<>(Map.of(FileRole.DICOM, file(inputs, facts))),
                    facts,
                    null));
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
}
