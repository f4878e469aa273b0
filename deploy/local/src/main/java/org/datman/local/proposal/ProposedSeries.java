package org.datman.local.proposal;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.datman.contracts.event.SeriesDiscovered;

/**
 * A series of one of the sessions.
 *
 * @param session index of its session
 * @param phantom whether that is a session of a phantom
 */
record ProposedSeries(int session, boolean phantom, SeriesDiscovered facts, SeriesKind judged) {

    private static final Set<String> PHASE = Set.of("P", "PHASE");
    private static final Set<String> MAGNITUDE = Set.of("M", "MAGNITUDE");

    /** Numbers that count repetitions, which differ between two sessions of one protocol. */
    private static final Pattern REPETITION = Pattern.compile("(run[-_ ]?)\\d+|(__dup)\\d+", Pattern.CASE_INSENSITIVE);

    /** The part of the complex image that ImageType gives: {@code P}, {@code M}, {@code R}, {@code I} or empty. */
    String part() {
        if (facts.imageType().stream().anyMatch(PHASE::contains)) {
            return "P";
        }
        if (facts.imageType().stream().anyMatch(MAGNITUDE::contains)) {
            return "M";
        }
        return facts.imageType().contains("R") ? "R" : facts.imageType().contains("I") ? "I" : "";
    }

    boolean normalised() {
        return facts.imageType().contains("NORM");
    }

    /** The regular expression of its description: the same for descriptions that differ in the number of a run. */
    String pattern() {
        String text = facts.description();
        StringBuilder pattern = new StringBuilder("^");
        Matcher repetition = REPETITION.matcher(text);
        int from = 0;
        while (repetition.find()) {
            pattern.append(quoted(text.substring(from, repetition.start())));
            pattern.append(quoted(repetition.group(1) == null ? repetition.group(2) : repetition.group(1)))
                    .append("[0-9]+");
            from = repetition.end();
        }
        return pattern.append(quoted(text.substring(from))).append('$').toString();
    }

    /** The pattern as rules compare it, without regard to case. */
    String caselessPattern() {
        return pattern().toLowerCase(Locale.ROOT);
    }

    /** A regular expression that matches the text itself. */
    static String quoted(String literal) {
        return literal.replaceAll("[\\\\.\\[\\]{}()*+?^$|]", "\\\\$0");
    }
}
