package org.datman.pipeline.bids;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.pipeline.selection.BidsContent;

/**
 * The field maps of a session, and which of them corrects which image.
 *
 * <p>Images that make one map, such as a pair of opposite phase-encoding directions, are a {@link Group}; what is repeated begins another. An
 * image is corrected by the group that was acquired last before it, or first after it when there is none before, among those that the
 * study file intends for its tag, along the same phase-encoding axis. Groups from which a map can be made come before those from which
 * none can, and groups with the same shim as the image before those with another, since a shim is set again when the participant was moved.
 */
final class FieldMaps {

    private static final Set<String> PHASE = Set.of("phasediff", "phase1", "phase2", "magnitude1", "magnitude2");
    private static final Set<String> DIRECT = Set.of("fieldmap", "magnitude");

    private static final String DIRECTION = "PhaseEncodingDirection";

    private final List<BidsImage> images;
    private final List<Group> groups;
    private final Map<String, Group> chosen = new HashMap<>();
    private final Map<String, Group> groupOf = new HashMap<>();

    private enum Kind {
        PEPOLAR,
        PHASE_DIFFERENCE,
        DIRECT_FIELD
    }

    /**
     * Images that make one field map.
     *
     * @param identifier unique in the dataset: {@code fmap_CMH0001_01_2} is the second of session 01
     * @param first position of its first image in the session
     */
    record Group(Kind kind, String identifier, int first, List<BidsImage> images) {

        /** Whether a map of the field can be made of it. */
        boolean isComplete() {
            Set<String> suffixes =
                    images.stream().map(image -> image.rule().suffix()).collect(Collectors.toSet());
            return switch (kind) {
                case PEPOLAR ->
                    images.stream().map(FieldMaps::direction).distinct().count() > 1;
                case PHASE_DIFFERENCE ->
                    suffixes.contains("magnitude1")
                            && (suffixes.contains("phasediff") || suffixes.containsAll(Set.of("phase1", "phase2")));
                case DIRECT_FIELD -> suffixes.containsAll(DIRECT);
            };
        }

        private boolean isFor(BidsImage target) {
            return images.stream().anyMatch(image -> image.rule().intendedFor().contains(target.tag()));
        }

        private boolean fits(BidsImage target) {
            return kind != Kind.PEPOLAR
                    || axis(target).isEmpty()
                    || images.stream()
                            .map(FieldMaps::axis)
                            .allMatch(axis -> axis.isEmpty() || axis.equals(axis(target)));
        }

        /** What keeps tools from using it for an image; empty when nothing does. */
        private Optional<String> lacks(BidsImage target) {
            if (!isFor(target)) {
                return Optional.of("is not for " + target.tag() + " (IntendedFor)");
            }
            if (!fits(target)) {
                return Optional.of("has a phase encoding along another axis: "
                        + images.stream()
                                .map(image -> image.text(DIRECTION).orElse("unknown"))
                                .collect(Collectors.joining(", "))
                        + ", the image " + target.text(DIRECTION).orElse("unknown"));
            }
            if (kind == Kind.PEPOLAR
                    && Stream.concat(images.stream(), Stream.of(target))
                                    .map(FieldMaps::direction)
                                    .distinct()
                                    .count()
                            < 2) {
                return Optional.of("has the phase encoding of the image only (" + direction(target) + ")");
            }
            if (kind != Kind.PEPOLAR && !isComplete()) {
                return Optional.of("is not complete: it has "
                        + images.stream().map(image -> image.rule().suffix()).collect(Collectors.joining(", ")));
            }
            return withoutEncoding(target)
                    .or(() -> kind == Kind.PEPOLAR
                            ? images.stream()
                                    .flatMap(image -> withoutEncoding(image).stream())
                                    .findFirst()
                            : Optional.empty())
                    .map(lack -> "cannot be used: " + lack);
        }

        /** The correction of an image needs the direction and the duration of its phase encoding. */
        private static Optional<String> withoutEncoding(BidsImage image) {
            if (image.text(DIRECTION).isEmpty()) {
                return Optional.of(image.stem() + " has no PhaseEncodingDirection");
            }
            return image.positive("TotalReadoutTime").isPresent()
                            || image.positive("EffectiveEchoSpacing").isPresent()
                    ? Optional.empty()
                    : Optional.of(image.stem() + " has no TotalReadoutTime or EffectiveEchoSpacing");
        }

        private boolean hasShimOf(BidsImage target) {
            return target.sidecar().has("ShimSetting")
                    && images.stream().allMatch(image -> image.sidecar()
                            .path("ShimSetting")
                            .equals(target.sidecar().path("ShimSetting")));
        }
    }

    /**
     * Decides for a session.
     *
     * @param label of the session, letters and digits: {@code CMH0001_01}
     * @param inOrder the images of the dataset, repaired, in the order of acquisition
     */
    FieldMaps(String label, List<BidsImage> inOrder) {
        images = List.copyOf(inOrder);
        groups = groups(label, inOrder);
        groups.forEach(group -> group.images().forEach(image -> groupOf.put(image.stem(), group)));
        for (int i = 0; i < inOrder.size(); i++) {
            BidsImage target = inOrder.get(i);
            if (!target.rule().datatype().equals("fmap")) {
                int position = i;
                nearest(groups, target, position).ifPresent(group -> chosen.put(target.stem(), group));
            }
        }
    }

    /**
     * Of each image that is no field map the images of the one that fits it, or why none does: in words, of each what does not fit.
     *
     * <p>What lacks a field that tools need to use a field map has none: fMRIPrep and QSIPrep go on without one then, and say so in their
     * report only.
     *
     * @param all the images of the session that the study wants in its dataset
     * @param leftOut what is not in it
     */
    Map<String, BidsContent.FieldMap> found(List<BidsImage> all, List<LeftOut> leftOut) {
        Map<String, BidsContent.FieldMap> found = new HashMap<>();
        for (BidsImage target : images) {
            if (!target.rule().datatype().equals("fmap")) {
                Optional<Group> usable =
                        chosenFor(target).filter(group -> group.lacks(target).isEmpty());
                found.put(
                        target.stem(),
                        new BidsContent.FieldMap(
                                usable.stream()
                                        .flatMap(group -> group.images().stream())
                                        .map(BidsImage::stem)
                                        .toList(),
                                usable.isPresent() ? "" : why(target, all, leftOut)));
            }
        }
        return Map.copyOf(found);
    }

    private String why(BidsImage target, List<BidsImage> all, List<LeftOut> leftOut) {
        List<String> why = new ArrayList<>();
        if (groups.isEmpty()) {
            why.add("there is none in its BIDS dataset");
        }
        for (Group group : groups) {
            why.add(group.images().stream().map(BidsImage::stem).collect(Collectors.joining(", ")) + " "
                    + group.lacks(target).orElse("is not taken: another one was acquired nearer to it"));
        }
        all.stream()
                .filter(image ->
                        kind(image).isPresent() && image.rule().intendedFor().contains(target.tag()))
                .flatMap(image -> leftOut.stream().filter(left -> left.stem().equals(image.stem())))
                .forEach(left -> why.add(
                        left.stem() + " is not in the dataset: " + left.reason().message()));
        return String.join("; ", why);
    }

    /** The group that an image is part of. */
    Optional<Group> groupOf(BidsImage image) {
        return Optional.ofNullable(groupOf.get(image.stem()));
    }

    /** The group that corrects an image. */
    Optional<Group> chosenFor(BidsImage image) {
        return Optional.ofNullable(chosen.get(image.stem()));
    }

    /** {@code B0FieldIdentifier} of an image: the field map that is made with it. */
    Optional<String> identifier(BidsImage image) {
        return groupOf(image)
                .filter(group -> group.isComplete()
                        || images.stream()
                                .anyMatch(
                                        target -> group.equals(chosen.get(target.stem())) && isMadeWith(group, target)))
                .or(() -> chosenFor(image).filter(group -> isMadeWith(group, image)))
                .map(Group::identifier);
    }

    /** {@code B0FieldSource} of an image: the field map that corrects it. */
    Optional<String> source(BidsImage image) {
        return chosenFor(image)
                .filter(group -> group.isComplete() || isMadeWith(group, image))
                .map(Group::identifier);
    }

    /**
     * Whether the other phase-encoding direction of a field map is the image itself. It must be said, too: tools that find one
     * {@code B0FieldIdentifier} look at no {@code IntendedFor} of the dataset.
     */
    private static boolean isMadeWith(Group group, BidsImage target) {
        return group.kind() == Kind.PEPOLAR
                && !group.isComplete()
                && group.lacks(target).isEmpty();
    }

    /** Whether an image of a field map is intended for another image. */
    boolean isIntended(BidsImage fieldMap, BidsImage target) {
        return fieldMap.rule().intendedFor().contains(target.tag())
                && chosenFor(target).equals(groupOf(fieldMap))
                && chosenFor(target).isPresent();
    }

    private static List<Group> groups(String label, List<BidsImage> inOrder) {
        List<Group> groups = new ArrayList<>();
        Map<String, Group> open = new LinkedHashMap<>();
        for (int i = 0; i < inOrder.size(); i++) {
            BidsImage image = inOrder.get(i);
            Optional<Kind> kind = kind(image);
            if (kind.isEmpty()) {
                continue;
            }
            String key = kind.get() + image.rule().entities().getOrDefault("acq", "");
            Group group = open.get(key);
            if (group == null
                    || group.images().stream().anyMatch(other -> role(other).equals(role(image)))) {
                group = new Group(kind.get(), "fmap_" + label + "_" + (groups.size() + 1), i, new ArrayList<>());
                groups.add(group);
                open.put(key, group);
            }
            group.images().add(image);
        }
        return groups;
    }

    /** What an image is in its group; the same a second time begins another group. */
    private static String role(BidsImage image) {
        return image.rule().suffix()
                + direction(image)
                + image.rule().entities().getOrDefault("part", "")
                + image.sidecar().path("EchoNumber").asText("");
    }

    private static Optional<Kind> kind(BidsImage image) {
        String suffix = image.rule().suffix();
        if (!image.rule().datatype().equals("fmap")) {
            return Optional.empty();
        } else if (suffix.equals("epi")) {
            return Optional.of(Kind.PEPOLAR);
        } else if (PHASE.contains(suffix)) {
            return Optional.of(Kind.PHASE_DIFFERENCE);
        }
        return DIRECT.contains(suffix) ? Optional.of(Kind.DIRECT_FIELD) : Optional.empty();
    }

    private static String direction(BidsImage image) {
        return image.text("PhaseEncodingDirection")
                .orElseGet(() -> image.rule().entities().getOrDefault("dir", ""));
    }

    private static Optional<String> axis(BidsImage image) {
        return image.text("PhaseEncodingDirection").map(direction -> direction.substring(0, 1));
    }

    private static Optional<Group> nearest(List<Group> groups, BidsImage target, int position) {
        List<Group> all = groups.stream()
                .filter(group -> group.isFor(target) && group.fits(target))
                .toList();
        List<Group> usable = preferring(all, Group::isComplete);
        List<Group> candidates = preferring(usable, group -> group.hasShimOf(target));
        return candidates.stream()
                .filter(group -> group.first() < position)
                .max(Comparator.comparingInt(Group::first))
                .or(() -> candidates.stream().min(Comparator.comparingInt(Group::first)));
    }

    /** Those that fulfil a condition, or all when none does. */
    private static List<Group> preferring(List<Group> groups, Predicate<Group> condition) {
        List<Group> preferred = groups.stream().filter(condition).toList();
        return preferred.isEmpty() ? groups : preferred;
    }
}
