package org.datman.export.convert;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.datman.contracts.event.SeriesTagged.Assignment;
import org.datman.contracts.naming.Description;
import org.datman.contracts.naming.FileName;
import org.datman.contracts.study.Part;

/**
 * Gives every image of a series its name: the assignment that asks for its echo and part, and among several images of one
 * assignment the plain stem to the first and a telling ending to the others. No image is left without a name.
 */
public final class Naming {

    private static final Comparator<ImageFacts> FIRST = Comparator.comparing(ImageFacts::derived)
            .thenComparing(image -> !image.ending().isEmpty())
            .thenComparing(ImageFacts::echo)
            .thenComparing(ImageFacts::part)
            .thenComparing(Comparator.comparing(ImageFacts::volumes).reversed())
            .thenComparing(ImageFacts::series)
            .thenComparing(ImageFacts::acquisition)
            .thenComparing(ImageFacts::ending)
            .thenComparing(ImageFacts::sha256);

    private Naming() {}

    /**
     * An image with its name.
     *
     * @param primary whether it has the assignment's own stem
     * @param fits whether the assignment asks for it; false when it only is the nearest
     */
    public record Named(ImageFacts image, Assignment assignment, String stem, boolean primary, boolean fits) {}

    /**
     * All images with their names, in the order of the assignments.
     *
     * @param images of one series
     * @param unmet receives the assignments that no image fits
     */
    public static List<Named> name(List<ImageFacts> images, List<Assignment> assignments, List<Assignment> unmet) {
        List<Named> named = new ArrayList<>();
        for (Assignment assignment : assignments) {
            List<ImageFacts> own = images.stream()
                    .filter(image -> nearest(image, assignments).equals(assignment))
                    .sorted(Comparator.comparing((ImageFacts image) -> !fits(image, assignment))
                            .thenComparing(FIRST))
                    .toList();
            if (own.stream().noneMatch(image -> fits(image, assignment))) {
                unmet.add(assignment);
            }
            named.addAll(within(assignment, own));
        }
        return named;
    }

    private static List<Named> within(Assignment assignment, List<ImageFacts> images) {
        List<Named> named = new ArrayList<>();
        Map<String, Integer> used = new HashMap<>();
        for (ImageFacts image : images) {
            boolean primary = named.isEmpty();
            String ending = primary ? "" : ending(image, images.get(0));
            int times = used.merge(ending, 1, Integer::sum);
            String stem = primary ? assignment.stem() : extended(assignment.stem(), numbered(ending, times));
            named.add(new Named(image, assignment, stem, primary, fits(image, assignment)));
        }
        return named;
    }

    private static String numbered(String ending, int times) {
        if (ending.isEmpty()) {
            return "-" + times;
        }
        return times == 1 ? ending : ending + "-" + times;
    }

    /** What tells an image from the first of its assignment. */
    private static String ending(ImageFacts image, ImageFacts first) {
        StringBuilder ending = new StringBuilder();
        if (image.series() != first.series()) {
            ending.append("-s").append(image.series());
        }
        if (image.echo() != first.echo()) {
            ending.append("-e").append(image.echo());
        }
        if (image.part() != first.part()) {
            ending.append('-').append(word(image.part()));
        }
        if (!image.ending().equals(first.ending()) && !image.ending().isEmpty()) {
            ending.append('-').append(Description.mangle(image.ending()));
        }
        return ending.toString();
    }

    private static String word(Part part) {
        return switch (part) {
            case MAGNITUDE -> "mag";
            case PHASE -> "ph";
            case REAL -> "real";
            case IMAGINARY -> "imaginary";
            case FIELDMAP -> "fieldmap";
        };
    }

    private static String extended(String stem, String ending) {
        FileName name = FileName.parse(stem);
        return FileName.of(name.id(), name.tag(), name.seriesNumber(), name.description() + ending)
                .stem();
    }

    private static Assignment nearest(ImageFacts image, List<Assignment> assignments) {
        return assignments.stream()
                .max(Comparator.comparingInt((Assignment a) -> nearness(image, a)))
                .orElseThrow();
    }

    /** A selector that holds counts for, one that does not counts against; echo weighs more than part. */
    private static int nearness(ImageFacts image, Assignment assignment) {
        int echo = assignment.echoNumber().map(e -> e == image.echo() ? 2 : -8).orElse(0);
        int part = assignment.part().map(p -> isPart(image, p) ? 1 : -4).orElse(0);
        return echo + part;
    }

    private static boolean fits(ImageFacts image, Assignment assignment) {
        return nearness(image, assignment) >= 0
                && assignment.echoNumber().map(e -> e == image.echo()).orElse(true)
                && assignment.part().map(p -> isPart(image, p)).orElse(true);
    }

    private static boolean isPart(ImageFacts image, String part) {
        return image.part().key().equals(part);
    }
}
