package org.datman.contracts.study;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.contracts.tree.Words;

/** The keys that a study may set limits for: those of quality control's metrics, and summaries of their time courses over volumes. */
public final class MetricKeys {

    /** Endings of a summary over volumes, such as {@code fd_power_max}. */
    public static final Set<String> SUMMARIES = Set.of("mean", "median", "max", "min", "sd", "num", "perc");

    private static final Set<String> KEYS = read();

    private MetricKeys() {}

    /** All keys without the summaries. */
    public static Set<String> all() {
        return KEYS;
    }

    /** Whether a metric, or a summary of one, has this key. */
    public static boolean known(String key) {
        int cut = key.lastIndexOf('_');
        return KEYS.contains(key)
                || cut > 0 && SUMMARIES.contains(key.substring(cut + 1)) && KEYS.contains(key.substring(0, cut));
    }

    /** The key that was probably meant. */
    static Optional<String> nearest(String key) {
        return Words.nearest(key, KEYS);
    }

    private static Set<String> read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                MetricKeys.class.getResourceAsStream("metric-keys.txt"), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
