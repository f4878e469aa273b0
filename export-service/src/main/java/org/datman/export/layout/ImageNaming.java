package org.datman.export.layout;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.SeriesTagged.Assignment;
import org.datman.contracts.naming.Description;
import org.datman.contracts.naming.FileName;
import org.datman.contracts.study.Part;
import org.datman.export.convert.ImageFacts;

/**
 * Assigns a name to every image of a series: from the assignment for its echo and part; among several images of one
 * assignment the plain stem to the first and a descriptive suffix to the others. Every image gets a name.
 */
public final class ImageNaming {

    private static final Comparator<ImageFacts> FIRST = Comparator.comparing(ImageFacts::derived)
            .thenComparing(image -> !image.ending().isEmpty())
            .thenComparing(ImageFacts::echo)
            .thenComparing(ImageFacts::part)
            .thenComparing(Comparator.comparing(ImageFacts::volumes).reversed())
            .thenComparing(image -> image.phaseEncodingDirection().orElse(""))
            .thenComparing(ImageFacts::series)
            .thenComparing(ImageFacts::acquisition)
            .thenComparing(ImageFacts::ending)
            .thenComparing(ImageFacts::sha256);

    private ImageNaming() {}

    /**
     * An image with its name.
     *
     * @param primary whether it has the assignment's own stem
     * @param fits whether the assignment matches it; false when it is only the closest one
     */
    public record Named(ImageFacts image, Assignment assignment, String stem, boolean primary, boolean fits) {}

    /**
     * All images with their names, in the order of the assignments.
     *
     * @param all images of one series
     * @param unmet receives the assignments that no image matches
     * @param leftOut receives the images that were computed from the others and that no assignment requests
     */
    public static List<Named> name(
            List<ImageFacts> all, List<Assignment> assignments, List<Assignment> unmet, List<ImageFacts> leftOut) {
        List<Named> named = new ArrayList<>();
        boolean wanted = assignments.stream().anyMatch(ImageNaming::derived);
        List<ImageFacts> images =
                all.stream().filter(image -> wanted || !image.derivedOf(all)).toList();
        all.stream().filter(image -> !images.contains(image)).forEach(leftOut::add);
        for (Assignment assignment : assignments) {
            List<ImageFacts> own = images.stream()
                    .filter(image -> nearest(image, all, assignments).equals(assignment))
                    .sorted(Comparator.comparing((ImageFacts image) -> !fits(image, all, assignment))
                            .thenComparing(FIRST))
                    .toList();
            if (own.stream().noneMatch(image -> fits(image, all, assignment))) {
                unmet.add(assignment);
            }
            named.addAll(within(assignment, own, all));
        }
        return named;
    }

    private static List<Named> within(Assignment assignment, List<ImageFacts> images, List<ImageFacts> all) {
        List<Named> named = new ArrayList<>();
        Map<String, Integer> used = new HashMap<>();
        for (ImageFacts image : images) {
            boolean primary = named.isEmpty();
            String ending = primary ? "" : ending(image, images.get(0));
            int times = used.merge(ending, 1, Integer::sum);
            String stem = primary ? assignment.stem() : extended(assignment.stem(), numbered(ending, times));
            named.add(new Named(image, assignment, stem, primary, fits(image, all, assignment)));
        }
        return named;
    }

    private static String numbered(String ending, int times) {
        if (ending.isEmpty()) {
            return "-" + times;
        }
        return times == 1 ? ending : ending + "-" + times;
    }

    /** The suffix that distinguishes an image from the first of its assignment. */
    private static String ending(ImageFacts image, ImageFacts first) {
        StringBuilder ending = new StringBuilder();
        boolean otherDirection = !image.phaseEncodingDirection().equals(first.phaseEncodingDirection());
        if (otherDirection) {
            ending.append("-pe-").append(direction(image));
        }
        // dcm2niix adds 1000 for the other polarity of a GE series; that is not a series number.
        if (image.series() != first.series() && !otherDirection) {
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

    /** A name may not end in a hyphen, so {@code j-} is {@code jminus}. */
    private static String direction(ImageFacts image) {
        return image.phaseEncodingDirection().map(d -> d.replace("-", "minus")).orElse("unknown");
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

    /** A stem with an addition to its description. */
    public static String extended(String stem, String ending) {
        FileName name = FileName.parse(stem);
        return FileName.of(name.id(), name.tag(), name.seriesNumber(), name.description() + ending)
                .stem();
    }

    private static boolean derived(Assignment assignment) {
        return assignment.derived().orElse(false);
    }

    private static Assignment nearest(ImageFacts image, List<ImageFacts> all, List<Assignment> assignments) {
        return assignments.stream()
                .max(Comparator.comparingInt((Assignment a) -> nearness(image, all, a)))
                .orElseThrow();
    }

    /**
     * A matching selector adds to the score, a mismatch subtracts; derived has the highest weight, then the
     * echo, the direction of phase encoding, the part.
     */
    private static int nearness(ImageFacts image, List<ImageFacts> all, Assignment assignment) {
        int echo = assignment.echoNumber().map(e -> e == image.echo() ? 2 : -8).orElse(0);
        int part = assignment.part().map(p -> isPart(image, p) ? 1 : -4).orElse(0);
        int direction = assignment
                .phaseEncodingDirection()
                .map(d -> image.phaseEncodingDirection().equals(Optional.of(d)) ? 1 : -6)
                .orElse(0);
        int computed = isWanted(image, all, assignment) ? 0 : -32;
        return echo + part + direction + computed;
    }

    private static boolean fits(ImageFacts image, List<ImageFacts> all, Assignment assignment) {
        return isWanted(image, all, assignment)
                && assignment.echoNumber().map(e -> e == image.echo()).orElse(true)
                && assignment.part().map(p -> isPart(image, p)).orElse(true)
                && assignment
                        .phaseEncodingDirection()
                        .map(d -> image.phaseEncodingDirection().equals(Optional.of(d)))
                        .orElse(true);
    }

    /** Derived selects computed images; if a series has nothing else, a tag without Derived selects them too. */
    private static boolean isWanted(ImageFacts image, List<ImageFacts> all, Assignment assignment) {
        return derived(assignment)
                ? image.derived() || image.derivedOf(all)
                : !image.derivedOf(all) || all.stream().allMatch(other -> other.derivedOf(all));
    }

    private static boolean isPart(ImageFacts image, String part) {
        return image.part().key().equals(part);
    }
}
