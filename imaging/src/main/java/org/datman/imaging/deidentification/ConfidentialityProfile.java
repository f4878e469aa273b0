package org.datman.imaging.deidentification;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.datman.imaging.dicom.Tag;

/**
 * What is done with each element: {@code basic-profile.tsv} (DICOM PS3.15 Table E.1-1) and {@code safe-private.tsv}.
 */
final class ConfidentialityProfile {

    /** The option of PS3.15 E.3 under which an element may stay. */
    enum Option {
        NONE,
        UID,
        TIME,
        DEVICE,
        DESCRIPTION
    }

    /** What is done with an element. */
    enum Action {
        /** It stays. */
        KEEP,
        /** It becomes empty. */
        EMPTY,
        /** It gets a value that means nothing. */
        DUMMY,
        /** It goes. */
        REMOVE
    }

    private static final int PATIENT = 0x0010;
    private static final int GROUPS = 0xff00;
    private static final int CURVES = 0x5000;
    private static final int OVERLAYS = 0x6000;

    private static final Map<Integer, Row> BY_TAG = new HashMap<>();
    private static final Set<String> SAFE = new HashSet<>();
    private static final Set<String> CREATORS = new HashSet<>();

    static {
        for (String[] row : rows("basic-profile.tsv")) {
            // A row for a repeating group stands for its first one.
            int tag = Integer.parseUnsignedInt(row[0].replace('X', '0'), 16);
            Option kept = row[2].equals("-") ? Option.NONE : Option.valueOf(row[2].toUpperCase(Locale.ROOT));
            BY_TAG.put(tag, new Row(action(row[1]), kept));
        }
        for (String[] row : rows("safe-private.tsv")) {
            SAFE.add(row[0] + " " + row[1] + " " + row[2]);
            CREATORS.add(row[1]);
        }
    }

    private ConfidentialityProfile() {}

    /**
     * A row of the table.
     *
     * @param basic what the profile does without options
     * @param kept the option under which the element may stay
     */
    record Row(Action basic, Option kept) {}

    private static final Row UNLISTED = new Row(Action.KEEP, Option.NONE);
    private static final Row REMOVED = new Row(Action.REMOVE, Option.NONE);

    /** What is done with a public element. Of the patient, what the table does not list goes: the standard adds such elements each year. */
    static Row of(int tag) {
        int group = Tag.group(tag);
        if (Tag.element(tag) == 0 || (group & GROUPS) == CURVES) {
            return REMOVED;
        }
        int first = (group & GROUPS) == OVERLAYS ? Tag.of(OVERLAYS, Tag.element(tag)) : tag;
        return BY_TAG.getOrDefault(first, group == PATIENT ? REMOVED : UNLISTED);
    }

    /** Whether a manufacturer's element is one of those that DATMAN needs and that hold no data of the person by their definition. */
    static boolean isSafe(int group, String creator, int elementByte) {
        return SAFE.contains(String.format("%04X %s %02X", group, creator, elementByte));
    }

    /** Whether a creator is in the table: nested data sets of others go as a whole. */
    static boolean isKnown(String creator) {
        return CREATORS.contains(creator);
    }

    /** Where the standard leaves the choice, the element becomes empty if it may, else it goes. */
    private static Action action(String basic) {
        List<String> choices = List.of(basic.split("/"));
        if (choices.contains("Z")) {
            return Action.EMPTY;
        }
        return choices.contains("X") ? Action.REMOVE : Action.DUMMY;
    }

    private static List<String[]> rows(String table) {
        try (InputStream in = ConfidentialityProfile.class.getResourceAsStream(table);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .skip(1)
                    .map(line -> line.split("\t", -1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(table + " is missing from the jar", e);
        }
    }
}
