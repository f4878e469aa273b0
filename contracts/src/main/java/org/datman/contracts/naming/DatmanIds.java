package org.datman.contracts.naming;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Reads and converts identifiers. Every method throws {@link NamingException} on text outside the grammar. */
public final class DatmanIds {

    private static final String SHAPES =
            "STUDY_SITE_SUBJECT_TIMEPOINT[_REPEAT] or STUDY_SITE_PHA_TYPEnnnn, upper-case letters and digits";

    private DatmanIds() {}

    /** Reads an identifier of either convention without any mapping. */
    public static DatmanId parse(String text) {
        return parse(text, IdMap.NONE);
    }

    /** Reads an identifier by a study's mapping. */
    public static DatmanId parse(String text, IdMap map) {
        return parse(text, map.type(), map);
    }

    /** Reads an identifier of the given convention; only KCNI identifiers are mapped. */
    public static DatmanId parse(String text, IdType type, IdMap map) {
        if (text == null || text.isBlank()) {
            throw new NamingException(text, "id", "is empty", SHAPES);
        }
        String trimmed = text.strip();
        return switch (type) {
            case DATMAN -> parseDatman(trimmed);
            case KCNI -> Kcni.parse(trimmed, map);
            case AUTO -> parseEither(trimmed, map);
        };
    }

    /** The KCNI form of an id; one that was read from KCNI is returned as it was. */
    public static String toKcni(DatmanId id, IdMap map) {
        return Kcni.format(id, map);
    }

    /**
     * Reads the id of a REDCap record. REDCap may hold a KCNI id whose study is the local one already; such an id is not
     * mapped again, because its site would be translated into another site's record.
     */
    public static DatmanId parseRedcap(String text, IdMap map) {
        DatmanId unmapped = parse(text, map.type(), IdMap.NONE);
        boolean alreadyLocal = map.study().containsValue(unmapped.study());
        return unmapped.findKcni().isEmpty() || alreadyLocal ? unmapped : parse(text, map);
    }

    /**
     * Reads an identifier and requires that its study code and site belong together in the study.
     *
     * @param sitesByCode the study's codes, each with the sites that use it
     */
    public static DatmanId parseFor(String text, IdMap map, Map<String, Set<String>> sitesByCode) {
        return requireOf(text, parse(text, map), sitesByCode);
    }

    /** As {@link #parseRedcap}, and requires what {@link #parseFor} does. */
    public static DatmanId parseRedcapFor(String text, IdMap map, Map<String, Set<String>> sitesByCode) {
        return requireOf(text, parseRedcap(text, map), sitesByCode);
    }

    private static DatmanId requireOf(String text, DatmanId id, Map<String, Set<String>> sitesByCode) {
        Set<String> sites = sitesByCode.get(id.study());
        if (sites == null) {
            throw new NamingException(
                    text,
                    "study",
                    "'" + id.study() + "' is not a code of this study",
                    List.copyOf(new TreeSet<>(sitesByCode.keySet())).toString());
        }
        if (!sites.contains(id.site())) {
            throw new NamingException(
                    text,
                    "site",
                    "'" + id.site() + "' is not a site of " + id.study(),
                    List.copyOf(new TreeSet<>(sites)).toString());
        }
        return id;
    }

    private static DatmanId parseEither(String text, IdMap map) {
        try {
            return parseDatman(text);
        } catch (NamingException notDatman) {
            if (!Kcni.looksLikeIt(text)) {
                throw notDatman;
            }
            return Kcni.parse(text, map);
        }
    }

    private static DatmanId parseDatman(String text) {
        String[] f = text.split("_", -1);
        if (f.length == 4 && f[2].equals("PHA")) {
            return phantom(text, f);
        }
        if (f.length > 2 && f[2].equals("PHA")) {
            throw new NamingException(
                    text, "id", "is a phantom with " + f.length + " fields", "STUDY_SITE_PHA_TYPEnnnn, nothing after");
        }
        if (f.length != 4 && f.length != 5) {
            throw new NamingException(text, "id", "has " + f.length + " field" + (f.length == 1 ? "" : "s"), SHAPES);
        }
        String session = f.length == 5 ? f[4] : null;
        return whole(text, () -> new HumanId(f[0], f[1], f[2], f[3], session, "MR", null));
    }

    private static DatmanId phantom(String text, String[] f) {
        if (f[3].length() < 3) {
            throw new NamingException(text, "phantom type", "'" + f[3] + "' is too short", "3 upper-case letters");
        }
        return whole(text, () -> PhantomId.of(f[0], f[1], f[3].substring(0, 3), f[3].substring(3)));
    }

    private static DatmanId whole(String text, Supplier<DatmanId> read) {
        try {
            return read.get();
        } catch (NamingException e) {
            throw e.within(text);
        }
    }
}
