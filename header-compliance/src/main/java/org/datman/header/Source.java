package org.datman.header;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A place in DICOM where a field may be; see the head of {@code fields.tsv} for the notation. */
sealed interface Source {

    /** A public element. */
    record Public(String keyword, Set<Origin> expectedIn) implements Source {}

    /** A manufacturer's element. */
    record Private(int group, String creator, int elementByte, String vr, int index, double factor) implements Source {}

    /** A key of the CSA image header. */
    record Csa(String key) implements Source {}

    /** A key of Siemens' ASCII protocol. */
    record Protocol(String key) implements Source {}

    /** By {@link DerivedFields} or, over a whole series, by {@link SeriesRecords}. */
    record Computed(String of) implements Source {}

    /** Whether a record of these origins and this vendor (empty if unknown) should have the source's field. */
    default boolean expectedOf(Set<Origin> origins, String vendor) {
        if (this instanceof Public element) {
            return element.expectedIn().stream().anyMatch(origins::contains);
        }
        if (this instanceof Computed computed && computed.of().equals("series")) {
            return origins.contains(Origin.SERIES);
        }
        boolean dicom = origins.contains(Origin.CLASSIC) || origins.contains(Origin.ENHANCED);
        return dicom && (vendor.isEmpty() || vendorOf().isEmpty() || vendorOf().equals(vendor));
    }

    /** The vendor whose objects have the source; empty for all. */
    private String vendorOf() {
        if (this instanceof Private element) {
            String creator = element.creator();
            return creator.startsWith("GEMS") ? "ge" : creator.startsWith("Philips") ? "philips" : "siemens";
        }
        if (this instanceof Csa || this instanceof Protocol) {
            return "siemens";
        }
        return this instanceof Computed computed ? computed.of() : "";
    }

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
            return new Computed(text.substring(Math.min(text.length(), "computed:".length())));
        }
        if (text.startsWith("classic:")) {
            return new Public(text.substring(8), Set.of(Origin.CLASSIC));
        }
        if (text.startsWith("enhanced:")) {
            return new Public(text.substring(9), Set.of(Origin.ENHANCED));
        }
        return new Public(text, Set.of(Origin.CLASSIC, Origin.ENHANCED));
    }
}
