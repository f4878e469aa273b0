package org.datman.contracts.naming;

import java.util.Optional;
import java.util.regex.Pattern;

/** KCNI identifiers: {@code SSSnn_XXX_subject_tt_SEss_MOD} and {@code SSSnn_XXX_TYPEPHA_nnnn_MOD}. */
final class Kcni {

    private static final Pattern STUDY = Pattern.compile("[A-Z]{3}[0-9]{2}");
    private static final Pattern SITE = Pattern.compile("[A-Z]{3}");
    private static final Pattern SUBJECT = Pattern.compile("[A-Z0-9]{4,8}");
    private static final Pattern TIMEPOINT = Pattern.compile("[0-9]{2}");
    private static final Pattern SESSION = Pattern.compile("SE[0-9]{2}");
    private static final Pattern PHANTOM = Pattern.compile("[A-Z]{3}PHA");
    private static final int SHORTEST_SUBJECT = 4;

    private Kcni() {}

    /** Whether the text resembles the KCNI form so closely that a fault in it is best reported in KCNI's terms. */
    static boolean looksLikeIt(String text) {
        String[] f = text.split("_", -1);
        return (f.length >= 6 && f[4].startsWith("SE"))
                || (f.length >= 4 && PHANTOM.matcher(f[2]).matches());
    }

    static DatmanId parse(String text, IdMap map) {
        String[] f = text.split("_", -1);
        if (f.length == 5 && f[2].endsWith("PHA")) {
            return phantom(text, f, map);
        }
        if (f.length == 6) {
            return human(text, f, map);
        }
        throw new NamingException(
                text,
                "id",
                "has " + f.length + " fields",
                "KCNI SSSnn_XXX_subject_tt_SEss_MOD or SSSnn_XXX_TYPEPHA_nnnn_MOD");
    }

    private static DatmanId human(String text, String[] f, IdMap map) {
        requireStudyAndSite(text, f);
        Fields.match(text, "subject", SUBJECT, f[2], "KCNI: 4 to 8 of A-Z and 0-9");
        Fields.subject(text, f[2]);
        Fields.match(text, "timepoint", TIMEPOINT, f[3], "KCNI: 2 digits");
        Fields.match(text, "session", SESSION, f[4], "KCNI: SE and 2 digits");
        Fields.modality(text, f[5]);
        return new HumanId(
                map.localStudy(f[0]), map.localSite(f[1]), map.localSubject(f[2]), f[3], f[4].substring(2), f[5], text);
    }

    private static DatmanId phantom(String text, String[] f, IdMap map) {
        requireStudyAndSite(text, f);
        Fields.match(text, "subject", PHANTOM, f[2], "KCNI: 3 upper-case letters and PHA");
        Fields.phantomNumber(text, f[3]);
        Fields.modality(text, f[4]);
        return new PhantomId(map.localStudy(f[0]), map.localSite(f[1]), f[2].substring(0, 3), f[3], f[4], text);
    }

    private static void requireStudyAndSite(String text, String[] f) {
        Fields.match(text, "study", STUDY, f[0], "KCNI: 3 upper-case letters and 2 digits");
        Fields.match(text, "site", SITE, f[1], "KCNI: 3 upper-case letters");
    }

    /** The KCNI text of an id; parsed again before it is given out, so that it is never outside the grammar. */
    static String format(DatmanId id, IdMap map) {
        Optional<String> asRead = id.findKcni();
        if (asRead.isPresent()) {
            return asRead.get();
        }
        String prefix = map.foreignStudy(id.study()) + "_" + map.foreignSite(id.site()) + "_";
        String text;
        if (id instanceof PhantomId phantom) {
            text = prefix + phantom.type() + "PHA_" + phantom.number() + "_" + id.modality();
        } else {
            String session = id.findSession()
                    .orElseThrow(() -> new NamingException(
                            id.toString(), "session", "is missing", "a repeat, which KCNI identifiers need"));
            text = prefix + padded(map.foreignSubject(id.subject())) + "_" + id.timepoint() + "_SE" + session + "_"
                    + id.modality();
        }
        parse(text, IdMap.NONE);
        return text;
    }

    private static String padded(String subject) {
        return "0".repeat(Math.max(0, SHORTEST_SUBJECT - subject.length())) + subject;
    }
}
