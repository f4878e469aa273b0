package org.datman.header;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A scanner's software version in three parts, as {@code syngo MR} {@code E11} or {@code MR Software release} {@code DV26.0} {@code R01_1725.a}.
 *
 * @param family the product's name
 * @param release what changes with an upgrade
 * @param patch what changes with a hot fix
 * @param whole the complete text
 */
record Software(String family, String release, String patch, String whole) {

    private static final Pattern VERSION =
            Pattern.compile("(?<release>[A-Za-z]{0,3}\\d+(\\.\\d+)?)(?<patch>\\D.*|)$", Pattern.DOTALL);

    /** Reads one text or DICOM's list, of which the longest value with a digit is the most specific. */
    static Software parse(String text) {
        String longest = Arrays.stream(text.split("\\\\"))
                .map(String::strip)
                .filter(value -> value.chars().anyMatch(Character::isDigit))
                .max(java.util.Comparator.comparingInt(String::length))
                .orElse(text.strip());
        int cut = Math.max(longest.lastIndexOf(' '), longest.lastIndexOf(':')) + 1;
        Matcher match = VERSION.matcher(longest.substring(cut));
        if (!match.lookingAt()) {
            return new Software(longest, "", "", text.strip());
        }
        return new Software(
                longest.substring(0, cut).replaceAll("[\\s:]+$", ""),
                match.group("release"),
                match.group("patch").replaceFirst("^[._-]", ""),
                text.strip());
    }

    Comparator.Judgement against(Software actual) {
        String what;
        if (!family.equals(actual.family)) {
            what = "another product";
        } else if (!release.equals(actual.release)) {
            what = "release " + release + " became " + actual.release;
        } else if (patch.equals(actual.patch)) {
            what = "the list of versions differs";
        } else {
            what = "patch " + patch + " became " + actual.patch;
        }
        return Comparator.Judgement.of(whole.equals(actual.whole), what);
    }
}
