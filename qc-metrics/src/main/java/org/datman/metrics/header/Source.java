package org.datman.metrics.header;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A place in DICOM where a field may stand; see the head of {@code fields.tsv} for the notation. */
sealed interface Source {

    /** A public element. */
    record Public(String keyword, boolean classicOnly) implements Source {}

    /** A manufacturer's element. */
    record Private(int group, String creator, int elementByte, String vr, int index, double factor) implements Source {}

    /** A key of the CSA image header. */
    record Csa(String key) implements Source {}

    /** A key of Siemens' ASCII protocol. */
    record Protocol(String key) implements Source {}

    /** By {@link DerivedFields} or, over a whole series, by {@link SeriesRecords}. */
    record Computed(boolean overSeries) implements Source {}

    Pattern PRIVATE = Pattern.compile(
            "\\((?<group>\\p{XDigit}{4}),(?<creator>[^,]+),(?<element>\\p{XDigit}{2})\\)(:(?<vr>[A-Z]{2}))?(\\[(?<index>\\d)])?(\\*(?<factor>[\\d.]+))?");

    static Source parse(String text) {
        Matcher match = PRIVATE.matcher(text);
        if (match.matches()) {
            return new Private(
                    Integer.parseInt(match.group("group"), 16),
                    match.group("creator"),
                    Integer.parseInt(match.group("element"), 16),
                    match.group("vr") == null ? "" : match.group("vr"),
                    match.group("index") == null ? -1 : Integer.parseInt(match.group("index")),
                    match.group("factor") == null ? 1 : Double.parseDouble(match.group("factor")));
        }
        if (text.startsWith("csa:")) {
            return new Csa(text.substring(4));
        }
        if (text.startsWith("protocol:")) {
            return new Protocol(text.substring(9));
        }
        if (text.startsWith("computed")) {
            return new Computed(text.equals("computed:series"));
        }
        return text.startsWith("classic:") ? new Public(text.substring(8), true) : new Public(text, false);
    }
}
