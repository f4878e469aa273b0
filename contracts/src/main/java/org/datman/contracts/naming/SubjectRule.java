package org.datman.contracts.naming;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * One rule of an id mapping for the subject field, written {@code regex->replacement}; {@code \1} in the replacement is
 * the first group. A rule applies when its regex matches at the start of the subject; then every match is replaced.
 */
public record SubjectRule(Pattern pattern, String replacement) {

    private static final String ARROW = "->";

    /** @throws NamingException when there is no arrow, the regex is faulty, or the replacement names an absent group */
    public static SubjectRule parse(String text) {
        int arrow = text.indexOf(ARROW);
        if (arrow <= 0) {
            throw new NamingException(text, "subject rule", "has no '->'", "regex->replacement, as ^([0-9]+)->H\\1");
        }
        try {
            Pattern pattern = Pattern.compile(text.substring(0, arrow));
            SubjectRule rule = new SubjectRule(pattern, text.substring(arrow + ARROW.length()));
            rule.requireGroups(text);
            return rule;
        } catch (PatternSyntaxException e) {
            throw new NamingException(text, "subject rule", "has a faulty regex: " + e.getDescription(), "RE2 syntax");
        }
    }

    boolean applies(String subject) {
        return pattern.matcher(subject).lookingAt();
    }

    String apply(String subject) {
        Matcher matcher = pattern.matcher(subject);
        StringBuilder out = new StringBuilder();
        int done = 0;
        while (matcher.find()) {
            out.append(subject, done, matcher.start());
            expand(matcher, out);
            done = matcher.end();
        }
        return out.append(subject.substring(done)).toString();
    }

    private void expand(Matcher matcher, StringBuilder out) {
        for (int i = 0; i < replacement.length(); i++) {
            char c = replacement.charAt(i);
            if (isReference(i)) {
                i++;
                String group = matcher.group(replacement.charAt(i) - '0');
                out.append(group == null ? "" : group);
            } else {
                out.append(c);
            }
        }
    }

    private boolean isReference(int i) {
        return replacement.charAt(i) == '\\'
                && i + 1 < replacement.length()
                && Character.digit(replacement.charAt(i + 1), 10) >= 0;
    }

    private void requireGroups(String text) {
        for (int i = 0; i < replacement.length(); i++) {
            if (isReference(i) && replacement.charAt(i + 1) - '0' > pattern.groupCount()) {
                throw new NamingException(
                        text,
                        "subject rule",
                        "names group \\" + replacement.charAt(i + 1),
                        "\\1 to \\" + pattern.groupCount() + " (the groups of the regex)");
            }
        }
    }
}
