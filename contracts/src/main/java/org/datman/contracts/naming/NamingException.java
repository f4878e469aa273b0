package org.datman.contracts.naming;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A text is not a name of DATMAN's grammar. States which field is wrong, how, and what would be allowed; safe to log and
 * to show (control characters are replaced, long input is cut), but not escaped for HTML.
 */
public final class NamingException extends IllegalArgumentException {

    private static final int SHOWN = 120;

    private final String input;
    private final String field;
    private final String problem;
    private final String allowed;

    public NamingException(String input, String field, String problem, String allowed) {
        this.input = shown(input);
        this.field = field;
        this.problem = problem;
        this.allowed = allowed;
    }

    @Override
    public String getMessage() {
        return "'" + input + "': " + field + " " + problem + "; allowed: " + allowed;
    }

    /** The refused text, made printable and cut to 120 characters. */
    public String input() {
        return input;
    }

    /** The field that is wrong: {@code id}, {@code study}, {@code site}, {@code subject} … */
    public String field() {
        return field;
    }

    public String problem() {
        return problem;
    }

    /** What would be right there. */
    public String allowed() {
        return allowed;
    }

    /** The same fault, reported about the text that it was found in. */
    NamingException within(String outer) {
        return new NamingException(outer, field, problem, allowed);
    }

    static String shown(@Nullable String text) {
        String printable = Optional.ofNullable(text)
                .orElse("")
                .codePoints()
                .limit(SHOWN)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '\uFFFD' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        boolean cut = text != null && text.codePointCount(0, text.length()) > SHOWN;
        return cut ? printable + "…" : printable;
    }
}
