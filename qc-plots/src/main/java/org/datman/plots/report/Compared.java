package org.datman.plots.report;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A reference of a series, used or left out.
 *
 * @param series the other series
 * @param role {@code earlier} for a session of the same protocol before this one, {@code gold} for the gold standard
 * @param sha256 of its {@code likeness.json}, or null when that was not there
 * @param leftOut why it was not used, or null when it was
 */
public record Compared(
        String series,
        String role,
        @Nullable String sha256,
        @Nullable String leftOut) {

    public static final String EARLIER = "earlier";
    public static final String GOLD = "gold";

    public Compared {
        Objects.requireNonNull(series, "series");
        Objects.requireNonNull(role, "role");
        if (sha256 == null && leftOut == null) {
            throw new IllegalArgumentException(series + " was compared with, but its digest is missing");
        }
    }
}
