package org.datman.contracts.naming;

import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A BIDS file name of DATMAN's subset: {@code sub ses [task] [acq] [ce] [dir] [rec] [run] [echo] [mod] suffix}, in this
 * order. Folder, extension and text after the suffix are not part of it; an absent run is run 1.
 *
 * @param entities the entities after the session, in grammar order, {@code run} always among them
 */
public record BidsName(String subject, String session, Map<String, String> entities, String suffix) {

    /** The entities in the order of the grammar. */
    public static final List<String> ENTITIES = List.of("task", "acq", "ce", "dir", "rec", "run", "echo", "mod");

    private static final Pattern SUBJECT = Pattern.compile("[A-Z0-9]+");
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9]+");
    private static final Pattern INDEX = Pattern.compile("[0-9]+");
    private static final Set<String> INDEXED = Set.of("run", "echo");
    private static final Map<String, Set<String>> EXCLUDES = Map.of(
            "echo", Set.of("ce", "dir", "mod"),
            "task", Set.of("ce", "mod"),
            "ce", Set.of("task", "echo", "dir"),
            "mod", Set.of("task", "echo", "dir"),
            "dir", Set.of("ce", "rec", "mod", "echo"));

    /** @throws NamingException when a part is outside the grammar or two entities exclude each other */
    public BidsName {
        String shown = "sub-" + subject + "_ses-" + session + "_" + suffix;
        Fields.match(shown, "sub", SUBJECT, subject, "upper-case letters and digits");
        Fields.match(shown, "ses", LABEL, session, "letters and digits");
        Fields.match(shown, "suffix", LABEL, suffix, "letters and digits, not key-value");
        entities = ordered(shown, entities);
    }

    private static Map<String, String> ordered(String shown, Map<String, String> given) {
        for (String key : given.keySet()) {
            if (!ENTITIES.contains(key)) {
                throw new NamingException(shown, "entity", "'" + key + "' is not known", ENTITIES.toString());
            }
        }
        Map<String, String> ordered = new LinkedHashMap<>();
        for (String key : ENTITIES) {
            String value = given.getOrDefault(key, key.equals("run") ? "1" : null);
            if (value != null) {
                boolean index = INDEXED.contains(key);
                Fields.match(shown, key, index ? INDEX : LABEL, value, index ? "digits" : "letters and digits");
                ordered.put(key, value);
            }
        }
        for (String key : ordered.keySet()) {
            for (String other : EXCLUDES.getOrDefault(key, Set.of())) {
                if (ordered.containsKey(other)) {
                    throw new NamingException(shown, key, "cannot go with " + other, key + " without " + other);
                }
            }
        }
        return Collections.unmodifiableMap(ordered);
    }

    /** Reads a file name, with or without folder and extension. */
    public static BidsName parse(String text) {
        if (text == null || text.isBlank()) {
            throw new NamingException(text, "name", "is empty", "sub-…_ses-…_suffix");
        }
        String name = text.strip();
        name = name.substring(name.lastIndexOf('/') + 1);
        int dot = name.indexOf('.');
        List<String> parts = Arrays.asList((dot < 0 ? name : name.substring(0, dot)).split("_", -1));
        Iterator<String> rest = parts.iterator();
        String subject = required(name, "sub", rest);
        String session = required(name, "ses", rest);
        Map<String, String> entities = new LinkedHashMap<>();
        int reached = -1;
        while (rest.hasNext()) {
            String part = rest.next();
            int dash = part.indexOf('-');
            if (dash < 0) {
                return new BidsName(subject, session, entities, part);
            }
            String key = part.substring(0, dash);
            int position = ENTITIES.indexOf(key);
            if (position < 0) {
                throw new NamingException(name, "entity", "'" + part + "' is not known", ENTITIES.toString());
            }
            if (position <= reached) {
                throw new NamingException(name, key, "is repeated or out of order", "the order " + ENTITIES);
            }
            reached = position;
            entities.put(key, part.substring(dash + 1));
        }
        throw new NamingException(name, "suffix", "is missing", "a last part without dash, for example T1w");
    }

    /** Canonical text, without extension. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("sub-" + subject + "_ses-" + session);
        entities.forEach(
                (key, value) -> text.append('_').append(key).append('-').append(value));
        return text.append('_').append(suffix).toString();
    }

    private static String required(String name, String key, Iterator<String> rest) {
        String part = rest.hasNext() ? rest.next() : "";
        if (!part.startsWith(key + "-")) {
            throw new NamingException(name, key, "is missing", key + "-… here");
        }
        return part.substring(key.length() + 1);
    }
}
