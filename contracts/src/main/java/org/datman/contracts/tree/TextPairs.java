package org.datman.contracts.tree;

import java.util.Arrays;
import java.util.Locale;

/**
 * The pairs of neighbouring letters and digits of a text, ignoring case: what its similarity to another text is counted by.
 * Made once per text where one is compared with many.
 */
public final class TextPairs {

    private final String text;
    private final int[] pairs;

    private TextPairs(String text, int[] pairs) {
        this.text = text;
        this.pairs = pairs;
    }

    public static TextPairs of(String text) {
        String plain = text.toLowerCase(Locale.ROOT);
        int[] pairs = new int[Math.max(0, plain.length() - 1)];
        int count = 0;
        int before = -1;
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (Character.isLetterOrDigit(c)) {
                if (before >= 0) {
                    pairs[count++] = before << Character.SIZE | c;
                }
                before = c;
            }
        }
        Arrays.sort(pairs, 0, count);
        int distinct = 0;
        for (int i = 0; i < count; i++) {
            if (distinct == 0 || pairs[i] != pairs[distinct - 1]) {
                pairs[distinct++] = pairs[i];
            }
        }
        return new TextPairs(text, Arrays.copyOf(pairs, distinct));
    }

    /** Dice coefficient of the pairs: 0 (nothing in common) to 1 (same pairs); of texts without pairs, 1 for the same text. */
    public double similarity(TextPairs other) {
        if (pairs.length == 0 || other.pairs.length == 0) {
            return text.equalsIgnoreCase(other.text) ? 1 : 0;
        }
        int common = 0;
        int i = 0;
        int j = 0;
        while (i < pairs.length && j < other.pairs.length) {
            int difference = Integer.compare(pairs[i], other.pairs[j]);
            common += difference == 0 ? 1 : 0;
            i += difference <= 0 ? 1 : 0;
            j += difference >= 0 ? 1 : 0;
        }
        return 2.0 * common / (pairs.length + other.pairs.length);
    }
}
