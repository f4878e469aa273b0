package org.datman.contracts.tree;

import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** How constants are written in files, and the similarity of two words. */
public final class Words {

    private static final double NEAR = 0.5;

    private Words() {}

    /** A constant as it is written: lower case, with hyphens. */
    public static String key(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The known word that was most likely meant. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        return known.stream()
                .max((a, b) -> Double.compare(similarity(word, a), similarity(word, b)))
                .filter(best -> similarity(word, best) >= NEAR);
    }

    /** Dice coefficient of the pairs of neighbouring letters and digits, ignoring case: 0 (nothing) to 1 (same pairs). */
    public static double similarity(String a, String b) {
        Set<String> left = pairs(a);
        Set<String> right = pairs(b);
        if (left.isEmpty() || right.isEmpty()) {
            return a.equalsIgnoreCase(b) ? 1 : 0;
        }
        Set<String> common = new HashSet<>(left);
        common.retainAll(right);
        return 2.0 * common.size() / (left.size() + right.size());
    }

    private static Set<String> pairs(String text) {
        StringBuilder plain = new StringBuilder();
        text.toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(Character::isLetterOrDigit)
                .forEach(plain::appendCodePoint);
        Set<String> pairs = new HashSet<>();
        for (int i = 0; i + 1 < plain.length(); i++) {
            pairs.add(plain.substring(i, i + 2));
        }
        return pairs;
    }
}
