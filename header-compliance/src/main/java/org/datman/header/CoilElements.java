package org.datman.header;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads lists of coil elements: {@code T:HE1-4;NE1,2} is HE1, HE2, HE3, HE4, NE1, NE2. Prefixes of vendors do not count. */
final class CoilElements {

    private static final Pattern PART = Pattern.compile("(?<name>[A-Za-z]*)(?<from>\\d{1,4})(-(?<to>\\d{1,4}))?");
    /** More elements than any coil has; longer ranges are no ranges. */
    private static final int MOST = 1024;

    private CoilElements() {}

    /** The elements; a part that is no element or range is kept as it is. */
    static Set<String> parse(String text) {
        Set<String> elements = new TreeSet<>();
        String name = "";
        for (String part : text.replaceFirst("^([A-Z]:|C-GE_)", "").split("[;,\\\\]")) {
            String token = part.strip();
            Matcher match = PART.matcher(token);
            if (token.isEmpty()) {
                continue;
            }
            if (!match.matches()) {
                elements.add(token);
                continue;
            }
            name = match.group("name").isEmpty() ? name : match.group("name");
            int from = Integer.parseInt(match.group("from"));
            int to = match.group("to") == null ? from : Integer.parseInt(match.group("to"));
            if (to < from || to - from > MOST) {
                elements.add(token);
                continue;
            }
            for (int i = from; i <= to; i++) {
                elements.add(name + i);
            }
        }
        return elements;
    }
}
