package org.datman.contracts.event;

import java.util.Locale;

/** Parts of {@link Event#summary()} that several events have. */
final class Summaries {

    private Summaries() {}

    /** A constant as words: {@code NOT_CONVERTIBLE} as {@code not convertible}. */
    static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** The reason behind a dash. */
    static String because(Reason reason) {
        return " — " + reason.message();
    }
}
