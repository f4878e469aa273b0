package org.datman.bids.expression;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The patterns of the schema, each compiled once. */
public final class Patterns {

    private static final Map<String, Pattern> COMPILED = new ConcurrentHashMap<>();

    private Patterns() {}

    /** @param source from the schema: their number is limited */
    public static Pattern of(String source) {
        return COMPILED.computeIfAbsent(source, Pattern::compile);
    }
}
