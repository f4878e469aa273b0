package org.datman.contracts.metric;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;

/**
 * All metric definitions, read once from {@code metrics.tsv} (the readable place where each key has all that depends on it: unit,
 * version, direction, meaning, source, label, limits, trend). A summary of a time course needs no row of its own:
 * {@code fd_power_max} is {@code fd_power} with the suffix {@code _max}.
 */
public final class MetricCatalogue {

    /** Endings of a summary over volumes, such as {@code fd_power_max}. */
    public static final Set<String> SUMMARIES = Set.of("mean", "median", "max", "min", "sd", "num", "perc");

    private static final String RESOURCE = "metrics.tsv";
    /** Quotes have no meaning, nor has white space around a cell. */
    private static final CSVFormat FORMAT =
            CSVFormat.TDF.builder().setQuote(null).setCommentMarker('#').get();

    private static final Map<String, String> SUMMARY_UNITS = Map.of("num", "count", "perc", "%");
    private static final Map<String, MetricDefinition> DEFINITIONS = new LinkedHashMap<>();
    private static final Map<String, MetricDefinition> NAMED_SUMMARIES = new LinkedHashMap<>();

    static {
        read();
    }

    private static final Map<QcKind, Map<String, Limits>> LIMITS = limitsByKind();
    private static final String REVISION = digest();

    private MetricCatalogue() {}

    /** All definitions in the order of the file. */
    public static Collection<MetricDefinition> all() {
        return Collections.unmodifiableCollection(DEFINITIONS.values());
    }

    /** All keys, without the summaries. */
    public static Set<String> keys() {
        return Collections.unmodifiableSet(DEFINITIONS.keySet());
    }

    /** Keys that only some kinds have, this kind among them. */
    public static List<String> keysOf(QcKind kind) {
        return DEFINITIONS.values().stream()
                .filter(row -> row.kinds().contains(kind))
                .map(MetricDefinition::key)
                .toList();
    }

    /** Keys of a kind that need at least so many volumes, and no more. */
    public static List<String> needing(QcKind kind, int volumes) {
        return DEFINITIONS.values().stream()
                .filter(row -> row.fewestVolumes().getOrDefault(kind, 1) == volumes)
                .map(MetricDefinition::key)
                .toList();
    }

    /** The limits that apply until a study sets its own: by kind, then by key. */
    public static Map<QcKind, Map<String, Limits>> limits() {
        return LIMITS;
    }

    /** Those of a kind; empty for a kind without limits. */
    public static Map<String, Limits> limits(QcKind kind) {
        return LIMITS.getOrDefault(kind, Map.of());
    }

    /**
     * Whether the history of a metric of a kind of series is watched.
     *
     * @param kind as an event has it
     * @param key as an event has it; one that no definition of today has is not watched
     */
    public static boolean isTrended(String kind, String key) {
        return QcKind.find(kind)
                .flatMap(known -> find(key).filter(row -> row.trended().contains(known)))
                .isPresent();
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
        MetricDefinition exact = DEFINITIONS.getOrDefault(key, NAMED_SUMMARIES.get(key));
        return exact == null ? summary(key, List.of()) : Optional.of(exact);
    }

    /**
     * The definition of a key or of a summary ({@code _mean _median _max _min _sd _num _perc}) of a time course.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static MetricDefinition get(String key) {
        return find(key)
                .orElseThrow(() -> new IllegalArgumentException("metric key " + key + " has no row in " + RESOURCE));
    }

    private static Optional<MetricDefinition> summary(String key, List<String> cells) {
        int cut = key.lastIndexOf('_');
        MetricDefinition course = cut < 0 ? null : DEFINITIONS.get(key.substring(0, cut));
        String suffix = key.substring(cut + 1);
        return course == null || !SUMMARIES.contains(suffix)
                ? Optional.empty()
                : Optional.of(row(
                        key,
                        course.kinds(),
                        SUMMARY_UNITS.getOrDefault(suffix, course.unit()),
                        course.version(),
                        course.good(),
                        suffix + " over volumes of: " + course.meaning(),
                        course.source(),
                        cells));
    }

    private static void read() {
        try (InputStream in = MetricCatalogue.class.getResourceAsStream(RESOURCE);
                CSVParser rows = CSVParser.parse(in, StandardCharsets.UTF_8, FORMAT)) {
            rows.forEach(row -> add(row.toList()));
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
    }

    private static void add(List<String> cells) {
        if (cells.size() < 7 || cells.size() > 13) {
            throw new IllegalStateException(RESOURCE + ": 7 to 13 cells between tabs expected in: " + cells);
        }
        String key = cells.get(0);
        boolean ofSummary = cells.subList(1, 7).stream().allMatch(String::isEmpty);
        MetricDefinition row = ofSummary
                ? summary(key, cells)
                        .orElseThrow(() -> new IllegalStateException(
                                RESOURCE + ": " + key + " is no summary of a row before it, and lacks its meaning"))
                : row(
                        key,
                        cells.get(1).equals("all") ? Set.of() : kinds(cells.get(1)),
                        cells.get(2),
                        Integer.parseInt(cells.get(3)),
                        MetricDefinition.Good.valueOf(cells.get(4).toUpperCase(Locale.ROOT)),
                        cells.get(5),
                        cells.get(6),
                        cells);
        if ((ofSummary ? NAMED_SUMMARIES : DEFINITIONS).put(key, row) != null) {
            throw new IllegalStateException(RESOURCE + ": " + key + " is defined twice");
        }
    }

    private static MetricDefinition row(
            String key,
            Set<QcKind> kinds,
            String unit,
            int version,
            MetricDefinition.Good good,
            String meaning,
            String source,
            List<String> cells) {
        String label = cell(cells, 7).orElse(key + " (" + meaning + ")");
        Map<QcKind, Limits> limits = new TreeMap<>();
        byKind(cell(cells, 8).orElse("")).forEach((kind, text) -> limits.put(kind, Limits.parse(text)));
        Map<QcKind, Integer> volumes = new TreeMap<>();
        byKind(cell(cells, 11).orElse("")).forEach((kind, text) -> volumes.put(kind, Integer.valueOf(text)));
        return new MetricDefinition(
                key,
                kinds,
                unit,
                version,
                good,
                meaning,
                source,
                label,
                limits,
                cell(cells, 9).map(MetricCatalogue::kinds).orElse(Set.of()),
                cell(cells, 10).map(Integer::valueOf).orElse(null),
                volumes,
                cell(cells, 12).orElse(null));
    }

    private static Optional<String> cell(List<String> cells, int column) {
        return column < cells.size() && !cells.get(column).isEmpty()
                ? Optional.of(cells.get(column))
                : Optional.empty();
    }

    private static Set<QcKind> kinds(String cell) {
        // In the order of the file, which pages show.
        return Collections.unmodifiableSet(new LinkedHashSet<>(
                Arrays.stream(cell.split(",")).map(QcKind::of).toList()));
    }

    /** {@code bold,dwi one; anat two}. */
    private static Map<QcKind, String> byKind(String cell) {
        Map<QcKind, String> byKind = new TreeMap<>();
        for (String part : cell.isEmpty() ? new String[0] : cell.split("; ")) {
            String[] kindsAndText = part.split(" ", 2);
            kinds(kindsAndText[0]).forEach(kind -> byKind.put(kind, kindsAndText[1]));
        }
        return byKind;
    }

    private static Map<QcKind, Map<String, Limits>> limitsByKind() {
        Map<QcKind, Map<String, Limits>> byKind = new TreeMap<>();
        List.of(DEFINITIONS, NAMED_SUMMARIES).forEach(rows -> rows.values().forEach(row -> row.limits()
                .forEach((kind, limits) ->
                        byKind.computeIfAbsent(kind, k -> new TreeMap<>()).put(row.key(), limits))));
        byKind.replaceAll((kind, limits) -> Collections.unmodifiableMap(limits));
        return Collections.unmodifiableMap(byKind);
    }
}
