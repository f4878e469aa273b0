package org.datman.local.proposal;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Series that are the same for a study: of one kind, with one description and, where a session has several, of one part.
 *
 * @param pattern regular expression of the description, without regard to case
 * @param part {@code M}, {@code P}, {@code R} or {@code I} of ImageType where the parts are separate series; else empty
 * @param normalised whether it is the normalised one of two reconstructions
 * @param echo number of the echo where each is a series by itself or all are in one; else 0
 * @param items never empty
 */
record Variant(
        Kind kind,
        String pattern,
        Map<String, String> entities,
        String part,
        boolean normalised,
        int echo,
        List<ProposedSeries> items) {

    private static final Pattern DIRECTION = Pattern.compile("(?:^|[^A-Za-z])(AP|PA|LR|RL)(?:[^A-Za-z]|$)");
    private static final int LONGEST_TAG = 32;

    Variant {
        items = List.copyOf(items);
    }

    /** The direction of phase encoding that its name gives: {@code AP}, {@code PA}, {@code LR} or {@code RL}. */
    Optional<String> direction() {
        if (entities.containsKey("dir")) {
            return Optional.of(entities.get("dir"));
        }
        Matcher named = DIRECTION.matcher(items.get(0).facts().description());
        return named.find() ? Optional.of(named.group(1)) : Optional.empty();
    }

    /** The tag that it should have, of letters, digits and hyphens. */
    String tag() {
        StringBuilder tag = new StringBuilder(kind == Kind.BOLD || kind == Kind.SBREF ? functional() : kind.tag());
        if (kind == Kind.FIELD_MAP_MAGNITUDE && echo > 0) {
            tag.append(echo);
        } else if (echo > 0) {
            tag.append("-E").append(echo);
        }
        if (kind == Kind.FIELD_MAP_EPI || kind == Kind.DWI || kind == Kind.BOLD || kind == Kind.SBREF) {
            direction().ifPresent(direction -> tag.append('-').append(direction));
        }
        if (part.equals("P") && kind != Kind.FIELD_MAP_PHASE) {
            tag.append("-PHASE");
        }
        if (normalised) {
            tag.append("-NORM");
        }
        String clean = tag.toString().toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9+-]", "");
        return clean.length() <= LONGEST_TAG ? clean : clean.substring(0, LONGEST_TAG);
    }

    private String functional() {
        String base = kind == Kind.SBREF ? "SBREF-" : "";
        String task = entities.get("task");
        if (task != null) {
            return base + (task.equalsIgnoreCase("rest") ? "RST" : task.matches("[A-Za-z].*") ? task : "FMRI-" + task);
        }
        boolean rest =
                items.get(0).facts().description().toLowerCase(Locale.ROOT).contains("rest");
        return base + (rest ? "RST" : Kind.BOLD.tag());
    }

    /** The regular expression of its description as people read it. */
    String readablePattern() {
        return items.get(0).pattern();
    }

    /** The description as a label of BIDS: letters and digits. */
    String label() {
        String letters = items.get(0).facts().description().replaceAll("[^A-Za-z0-9]", "");
        return letters.length() <= LONGEST_TAG ? letters : letters.substring(0, LONGEST_TAG);
    }

    /** The SOP classes of its series, when each has one. */
    Set<String> sopClasses() {
        return items.stream()
                .map(item -> item.facts().header().getOrDefault("SOPClassUID", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The texts of ImageType that its series have. */
    SortedSet<String> imageTypes() {
        return items.stream()
                .map(item -> String.join("\\", item.facts().imageType()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The values of ImageType that every one of its series has. */
    Set<String> commonValues() {
        Set<String> common = new TreeSet<>(items.get(0).facts().imageType());
        items.forEach(item -> common.retainAll(item.facts().imageType()));
        return common;
    }

    /** Whether a series of it has the value in its ImageType. */
    boolean has(String value) {
        return items.stream().anyMatch(item -> item.facts().imageType().contains(value));
    }
}
