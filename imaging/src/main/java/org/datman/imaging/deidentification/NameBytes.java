package org.datman.imaging.deidentification;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomElement;

/**
 * Names and ids as they may stand in a manufacturer's binary values: as the header codes them, in Latin-1 and in UTF-8. They are
 * overwritten at their length, so that the layout of the value stays as it is; only whole words are, and short numbers only in double
 * quotes, so that settings and keys with the same characters stay.
 */
final class NameBytes {

    private static final byte COVER = 'X';

    /** No setting of a scanner has so many digits; a birth date has. */
    private static final int LONG_NUMBER = 8;

    private final List<byte[]> patterns;

    private NameBytes(List<byte[]> patterns) {
        this.patterns = patterns;
    }

    static NameBytes of(DicomDataset header) {
        Set<String> texts = new TreeSet<>();
        for (DicomElement name : PersonalNames.elements(header)) {
            for (String text : name.strings()) {
                texts.addAll(PersonalNames.words(text));
                PersonalNames.parts(text)
                        .filter(part -> part.length() >= PersonalNames.SHORTEST_WORD)
                        .forEach(texts::add);
            }
            // A letter of any character set but ASCII has a byte above it; read as Latin-1, no byte changes.
            name.bytes()
                    .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1).split("[\\x00-@\\[-`{-\\x7f]+"))
                    .ifPresent(words -> Arrays.stream(words)
                            .filter(word -> word.length() >= PersonalNames.SHORTEST_WORD)
                            .forEach(texts::add));
        }
        PersonalNames.IDS.stream()
                .flatMap(keyword -> header.strings(keyword).stream())
                .map(String::strip)
                .filter(id -> id.length() >= PersonalNames.SHORTEST_ID)
                .forEach(texts::add);
        List<byte[]> patterns = new ArrayList<>();
        for (String text : texts) {
            patterns.add(text.getBytes(StandardCharsets.UTF_8));
            Charset latin = StandardCharsets.ISO_8859_1;
            if (latin.newEncoder().canEncode(text) && !text.chars().allMatch(c -> c < 0x80)) {
                patterns.add(text.getBytes(latin));
            }
        }
        return new NameBytes(patterns);
    }

    /** A copy of a value without them. */
    byte[] covered(byte[] value) {
        byte[] covered = value.clone();
        for (byte[] pattern : patterns) {
            for (int at = 0; at + pattern.length <= covered.length; at++) {
                if (stands(covered, at, pattern)) {
                    Arrays.fill(covered, at, at + pattern.length, COVER);
                }
            }
        }
        return covered;
    }

    private static boolean stands(byte[] value, int at, byte[] pattern) {
        for (int i = 0; i < pattern.length; i++) {
            if (lower(value[at + i]) != lower(pattern[i])) {
                return false;
            }
        }
        int end = at + pattern.length;
        boolean number = isNumber(pattern);
        return !isWord(value, at - 1)
                && !isWord(value, end)
                && !(number && (isDecimalPoint(value, at - 1) || isDecimalPoint(value, end)))
                && (!number || pattern.length >= LONG_NUMBER || isQuoted(value, at, end));
    }

    /** Whether a pattern could as well be a setting of the scanner, if it is not too long for one. */
    private static boolean isNumber(byte[] pattern) {
        for (byte c : pattern) {
            if (!isDigit(c) && c != '.' && c != '-' && c != '+') {
                return false;
            }
        }
        return true;
    }

    /** A full stop between digits; one behind a number at the end of a sentence is none. */
    private static boolean isDecimalPoint(byte[] value, int at) {
        return at > 0 && at + 1 < value.length && value[at] == '.' && isDigit(value[at - 1]) && isDigit(value[at + 1]);
    }

    /** Whether a place is within a text in double quotes, as protocols write what people typed. */
    private static boolean isQuoted(byte[] value, int from, int to) {
        int before = from - 1;
        while (before >= 0 && isTyped(value[before])) {
            before--;
        }
        int behind = to;
        while (behind < value.length && isTyped(value[behind])) {
            behind++;
        }
        return before >= 0 && value[before] == '"' && behind < value.length && value[behind] == '"';
    }

    private static boolean isTyped(byte c) {
        return (c < 0 || c >= ' ') && "\"={}<>".indexOf(c) < 0;
    }

    private static boolean isWord(byte[] value, int at) {
        if (at < 0 || at >= value.length) {
            return false;
        }
        int c = lower(value[at]);
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    private static int lower(byte c) {
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }
}
