package org.datman.pipeline.boutiques;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Value keys in text. Filled in one pass, so that a value that looks like a key stays a value. */
final class Template {

    private Template() {}

    static String fill(String template, Map<String, String> byKey) {
        return replace(template, byKey, Function.identity());
    }

    /** Replaces each key by the result of {@code write} for its value. */
    static <V> String replace(String template, Map<String, V> byKey, Function<V, String> write) {
        StringBuilder filled = new StringBuilder();
        int at = 0;
        while (at < template.length()) {
            Optional<String> key = keyAt(template, at, byKey);
            if (key.isPresent()) {
                filled.append(write.apply(byKey.get(key.get())));
                at += key.get().length();
            } else {
                filled.append(template.charAt(at));
                at++;
            }
        }
        return filled.toString();
    }

    /** The longest key that starts there. */
    static Optional<String> keyAt(String template, int at, Map<String, ?> byKey) {
        return byKey.keySet().stream()
                .filter(key -> template.startsWith(key, at))
                .max((a, b) -> Integer.compare(a.length(), b.length()));
    }
}
