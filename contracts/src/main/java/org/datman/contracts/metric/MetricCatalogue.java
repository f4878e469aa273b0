package org.datman.contracts.metric;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * All metric definitions, read once from {@code metrics.tsv} (the readable place where each key, unit, version, direction
 * and source is). A summary of a time course needs no row of its own: {@code fd_power_max} is {@code fd_power} with the
 * suffix {@code _max}.
 */
public final class MetricCatalogue {

    private static final String RESOURCE = "metrics.tsv";
    private static final Map<String, MetricDefinition> DEFINITIONS = read();
    private static final String REVISION = digest();
    private static final Map<String, String> SUMMARY_UNITS = Map.of("num", "count", "perc", "%");

    private MetricCatalogue() {}

    /** All definitions in the order of the file. */
    public static Collection<MetricDefinition> all() {
        return DEFINITIONS.values();
    }

    /** Keys that only some kinds have, this kind among them. */
    public static List<String> keysOf(String kind) {
        return DEFINITIONS.values().stream()
                .filter(row -> List.of(row.kinds().split(",")).contains(kind))
                .map(MetricDefinition::key)
                .toList();
    }

    /** Identifies the set of all keys with their versions: it changes when any definition is changed, added or removed. */
    public static String revision() {
        return REVISION;
    }

    private static String digest() {
        StringBuilder all = new StringBuilder();
        DEFINITIONS.values().stream()
                .map(row -> row.key() + "=" + row.version())
                .sorted()
                .forEach(row -> all.append(row).append('\n'));
        return UUID.nameUUIDFromBytes(all.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /** As {@link #get}, empty for a key that no definition of today has. */
    public static Optional<MetricDefinition> find(String key) {
        try {
            return Optional.of(get(key));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The definition of a key or of a summary ({@code _mean _median _max _min _sd _num _perc}) of a time course. */
    public static MetricDefinition get(String key) {
        MetricDefinition exact = DEFINITIONS.get(key);
        if (exact != null) {
            return exact;
        }
        int cut = key.lastIndexOf('_');
        String suffix = cut < 0 ? "" : key.substring(cut + 1);
        MetricDefinition course = cut < 0 ? null : DEFINITIONS.get(key.substring(0, cut));
        boolean summary =
                switch (suffix) {
                    case "mean", "median", "max", "min", "sd", "num", "perc" -> true;
                    default -> false;
                };
        if (course == null || !summary) {
            throw new IllegalArgumentException("metric key " + key + " has no row in " + RESOURCE);
        }
        return new MetricDefinition(
                key,
                course.kinds(),
                SUMMARY_UNITS.getOrDefault(suffix, course.unit()),
                course.version(),
                course.good(),
                suffix + " over volumes of: " + course.meaning(),
                course.source());
    }

    private static Map<String, MetricDefinition> read() {
        Map<String, MetricDefinition> rows = new LinkedHashMap<>();
        try (InputStream in = MetricCatalogue.class.getResourceAsStream(RESOURCE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                String[] cells = line.split("\t", -1);
                if (cells.length != 7) {
                    throw new IllegalStateException(RESOURCE + ": 7 tab-separated cells expected in: " + line);
                }
                MetricDefinition row = new MetricDefinition(
                        cells[0],
                        cells[1],
                        cells[2],
                        Integer.parseInt(cells[3]),
                        MetricDefinition.Good.valueOf(cells[4].toUpperCase(Locale.ROOT)),
                        cells[5],
                        cells[6]);
                if (rows.put(row.key(), row) != null) {
                    throw new IllegalStateException(RESOURCE + ": " + row.key() + " is defined twice");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
        return Collections.unmodifiableMap(rows);
    }
}
