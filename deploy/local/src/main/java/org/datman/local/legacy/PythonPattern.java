package org.datman.local.legacy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A regular expression of Python in the syntax of study files, which is RE2's.
 *
 * @param text the expression, with the same meaning
 * @param fault why there is none; empty otherwise
 */
record PythonPattern(String text, String fault) {

    private static final Pattern UP_TO = Pattern.compile("\\{,[0-9]*\\}");

    /** RE2 writes the end of the text as \z and has no counted repetition without a lower bound; both would match other texts in silence. */
    static PythonPattern of(String python) {
        StringBuilder re2 = new StringBuilder();
        boolean inClass = false;
        for (int i = 0; i < python.length(); i++) {
            char c = python.charAt(i);
            if (c == '\\' && i + 1 < python.length()) {
                char next = python.charAt(++i);
                re2.append(c).append(next == 'Z' ? 'z' : next);
                continue;
            }
            inClass = c == '[' || inClass && c != ']';
            re2.append(c);
            if (c == '{' && !inClass && UP_TO.matcher(python.substring(i)).lookingAt()) {
                re2.append('0');
            }
        }
        try {
            Pattern.compile(re2.toString());
            return new PythonPattern(re2.toString(), "");
        } catch (PatternSyntaxException e) {
            return new PythonPattern("", e.getDescription() + (e.getPattern() == null ? "" : " " + e.getPattern()));
        }
    }

    boolean isValid() {
        return fault.isEmpty();
    }
}
