package org.datman.contracts.event;

import java.util.Locale;
import java.util.Optional;

/** Parts of {@link Event#summary()} that several events have. */
final class Summaries {

    private Summaries() {}

    /** A constant as words: {@code NOT_CONVERTIBLE} as {@code not convertible}. */
    static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** The reason behind a dash, if there is one. */
    static String because(Optional<Reason> reason) {
        return reason.map(r -> " — " + r.message()).orElse("");
    }
}
