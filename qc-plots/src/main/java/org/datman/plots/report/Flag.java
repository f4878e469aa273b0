package org.datman.plots.report;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.datman.contracts.study.Severity;
import org.jspecify.annotations.Nullable;

/**
 * Something found at a place: a lost slice, a spike, a truncated run.
 *
 * @param kind {@code slice-dropout}, {@code volume-outlier}, {@code slice-spike}, {@code kspace-spike}, {@code ghost} …
 * @param slice 0-based slice index in file order, or null when it is not about one slice
 * @param volume 0-based volume index in file order, or null when it is not about one volume
 * @param severity how bad
 * @param evidence the numbers behind it: strings, numbers, booleans, lists of those; no free text from headers
 */
public record Flag(
        String kind,
        @Nullable Integer slice,
        @Nullable Integer volume,
        Severity severity,
        Map<String, Object> evidence) {

    public Flag {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(severity, "severity");
        evidence = Collections.unmodifiableMap(new TreeMap<>(evidence));
    }
}
