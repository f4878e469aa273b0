package org.datman.metrics.verdict;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import org.datman.contracts.metric.Limits;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.metric.QcKind;
import org.datman.metrics.model.MeasureException;
import org.jspecify.annotations.Nullable;

/**
 * Limits per kind and metric, and numeric options. Written as YAML (or JSON):
 *
 * <pre>
 * limits:
 *   bold:
 *     fd_power_mean: {warn_above: 0.3, flag_above: 0.5}
 * options:
 *   clean_fd_mm: 0.2
 *   coils: 32
 * </pre>
 *
 * @param limits by kind, then metric key; they replace the default for that metric
 * @param options by name; those that the measurements know are in {@link #OPTIONS}
 */
public record QcConfig(Map<QcKind, Map<String, Limits>> limits, Map<String, Double> options) {

    /** FD in mm up to which a volume counts as clean. */
    public static final String CLEAN_FD_MM = "clean_fd_mm";
    /** Receiver coils, when the study's value is better than the estimate. */
    public static final String COILS = "coils";

    /** Every option that some measurement reads; {@code adni_distance_A_B_mm} is the design of the ADNI phantom, balls by brightness. */
    public static final Set<String> OPTIONS = Set.of(
            CLEAN_FD_MM,
            COILS,
            "adni_distance_1_2_mm",
            "adni_distance_1_3_mm",
            "adni_distance_1_4_mm",
            "adni_distance_1_5_mm",
            "adni_distance_2_3_mm",
            "adni_distance_2_4_mm",
            "adni_distance_2_5_mm",
            "adni_distance_3_4_mm",
            "adni_distance_3_5_mm",
            "adni_distance_4_5_mm");

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    public QcConfig {
        Map<QcKind, Map<String, Limits>> copy = new TreeMap<>();
        limits.forEach((kind, byKey) -> copy.put(kind, Collections.unmodifiableMap(new TreeMap<>(byKey))));
        limits = Collections.unmodifiableMap(copy);
        options = Collections.unmodifiableMap(new TreeMap<>(options));
    }

    /** Only the limits of the specification (<a href="{@docRoot}/../docs/qc-specification.md#G">section G</a>). */
    public static QcConfig defaults() {
        return new QcConfig(MetricCatalogue.limits(), Map.of());
    }

    /** This configuration with limits of a kind that replace those of the same metrics. */
    public QcConfig with(QcKind kind, Map<String, Limits> own) {
        Map<QcKind, Map<String, Limits>> merged = new TreeMap<>(limits);
        Map<String, Limits> ofKind = new TreeMap<>(of(kind));
        ofKind.putAll(own);
        merged.put(kind, ofKind);
        return new QcConfig(merged, options);
    }

    /** Defaults overlaid with a YAML or JSON file; null returns the defaults. */
    public static QcConfig read(@Nullable Path file) throws MeasureException {
        if (file == null) {
            return defaults();
        }
        try {
            return defaults()
                    .with(
                            YAML.readTree(Files.readString(file)),
                            file.getFileName().toString());
        } catch (IOException e) {
            throw new MeasureException("configuration " + file.getFileName() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** This configuration overlaid with a tree of the form above; {@code source} names it in errors. */
    public QcConfig with(JsonNode root, String source) throws MeasureException {
        Map<QcKind, Map<String, Limits>> merged = new TreeMap<>();
        limits.forEach((kind, byKey) -> merged.put(kind, new TreeMap<>(byKey)));
        Map<String, Double> mergedOptions = new TreeMap<>(options);
        for (Map.Entry<String, JsonNode> part : root.properties()) {
            switch (part.getKey()) {
                case "limits" -> {
                    for (Map.Entry<String, JsonNode> kind : part.getValue().properties()) {
                        addKind(merged, kind.getKey(), kind.getValue(), source);
                    }
                }
                case "options" -> {
                    for (Map.Entry<String, JsonNode> option : part.getValue().properties()) {
                        addOption(mergedOptions, option.getKey(), option.getValue(), source);
                    }
                }
                default ->
                    throw new MeasureException(
                            source + ": " + part.getKey() + " is not known at the top; allowed are limits and options");
            }
        }
        return new QcConfig(merged, mergedOptions);
    }

    private static boolean isMeasured(QcKind kind) {
        return kind.measuredAs() == kind && kind != QcKind.IGNORE;
    }

    private static void addKind(Map<QcKind, Map<String, Limits>> merged, String kind, JsonNode byKey, String source)
            throws MeasureException {
        // Limits of a kind by which nothing is measured would have no effect.
        QcKind known = QcKind.find(kind)
                .filter(QcConfig::isMeasured)
                .orElseThrow(() -> new MeasureException(
                        source + ": limits." + kind + " is not a kind that is measured; allowed are "
                                + Arrays.stream(QcKind.values())
                                        .filter(QcConfig::isMeasured)
                                        .toList()));
        for (Map.Entry<String, JsonNode> entry : byKey.properties()) {
            String where = source + ": limits." + kind + "." + entry.getKey();
            try {
                MetricCatalogue.get(entry.getKey());
            } catch (IllegalArgumentException e) {
                throw new MeasureException(where + " is not a metric", e);
            }
            merged.computeIfAbsent(known, k -> new TreeMap<>()).put(entry.getKey(), limit(entry.getValue(), where));
        }
    }

    private static Limits limit(JsonNode node, String where) throws MeasureException {
        Map<String, OptionalDouble> sides = new TreeMap<>();
        for (Map.Entry<String, JsonNode> side : node.properties()) {
            if (!Set.of("warn_below", "flag_below", "warn_above", "flag_above").contains(side.getKey())) {
                throw new MeasureException(where + "." + side.getKey()
                        + " is not known; allowed are warn_below, flag_below, warn_above, flag_above");
            }
            if (!side.getValue().isNumber()) {
                throw new MeasureException(where + "." + side.getKey() + " must be a number");
            }
            sides.put(side.getKey(), OptionalDouble.of(side.getValue().asDouble()));
        }
        OptionalDouble none = OptionalDouble.empty();
        return new Limits(
                sides.getOrDefault("warn_below", none),
                sides.getOrDefault("warn_above", none),
                sides.getOrDefault("flag_below", none),
                sides.getOrDefault("flag_above", none));
    }

    private static void addOption(Map<String, Double> merged, String name, JsonNode value, String source)
            throws MeasureException {
        if (!OPTIONS.contains(name)) {
            throw new MeasureException(source + ": options." + name + " is not known; allowed are " + OPTIONS);
        }
        if (!value.isNumber()) {
            throw new MeasureException(source + ": options." + name + " must be a number");
        }
        merged.put(name, value.asDouble());
    }

    /** An option's value, or {@code otherwise}. */
    public double option(String name, double otherwise) {
        return options.getOrDefault(name, otherwise);
    }

    /** Limits of a kind by metric key. */
    public Map<String, Limits> of(QcKind kind) {
        return limits.getOrDefault(kind, Map.of());
    }
}
