package org.datman.local.chaos.check;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts without what names their session, so that those of two sessions with the same scans can be compared. */
public final class NeutralNames {

    /** The subject's number in a name {@code CHAOS_CMH_0001_01_01}, and in BIDS {@code CMH0001}. */
    private static final Pattern SUBJECT = Pattern.compile("CMH_?(\\d{4})");

    private static final Pattern ACCESSION = Pattern.compile("SIM_E\\d{5}");

    private NeutralNames() {}

    /** The text with other names and ids in place of those of the session. */
    public static String neutral(String text) {
        return ACCESSION.matcher(SUBJECT.matcher(text).replaceAll("SUBJECT")).replaceAll("ACCESSION");
    }

    /** The number of the subject in the path of a file; empty for a file of all sessions. */
    static Optional<String> subject(String path) {
        Matcher found = SUBJECT.matcher(path);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }
}
