package org.datman.contracts.tree;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** How constants are written in files, and which known word was meant. */
public final class Words {

    private static final double NEAR = 0.5;

    private Words() {}

    /** A constant as it is written: lower case, with hyphens. */
    public static String key(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The known word that was most likely meant. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        TextPairs wanted = TextPairs.of(word);
        return known.stream()
                .max(Comparator.comparingDouble(other -> wanted.similarity(TextPairs.of(other))))
                .filter(best -> wanted.similarity(TextPairs.of(best)) >= NEAR);
    }
}
