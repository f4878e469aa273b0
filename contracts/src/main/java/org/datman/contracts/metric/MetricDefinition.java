package org.datman.contracts.metric;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Definition of a metric key: a row of the catalogue.
 *
 * @param key id in metrics.json
 * @param kinds kinds of series it belongs to; none for a metric that every kind has
 * @param unit unit of the value as charts show it, such as {@code mm}; {@code 1} for a ratio
 * @param version raised whenever the same image would have another value
 * @param good which direction is good
 * @param meaning one sentence
 * @param source where the formula comes from
 * @param label what raters read
 * @param limits by kind, until a study sets its own
 * @param trended kinds whose history of it is watched
 * @param headline its place, from 1, among the few numbers of the session page; null for the many that are not among them
 * @param fewestVolumes by kind, how many volumes it needs at least, where that is more than one
 * @param legacyName its column in the CSV files of earlier versions of DATMAN; null where they have none
 */
public record MetricDefinition(
        String key,
        Set<QcKind> kinds,
        String unit,
        int version,
        Good good,
        String meaning,
        String source,
        String label,
        Map<QcKind, Limits> limits,
        Set<QcKind> trended,
        @Nullable Integer headline,
        Map<QcKind, Integer> fewestVolumes,
        @Nullable String legacyName) {

    public MetricDefinition {
        limits = Map.copyOf(limits);
        trended = Set.copyOf(trended);
        fewestVolumes = Map.copyOf(fewestVolumes);
    }

    public Optional<Integer> findHeadline() {
        return Optional.ofNullable(headline);
    }

    public Optional<String> findLegacyName() {
        return Optional.ofNullable(legacyName);
    }

    /** Which direction of a metric is good; decides which side of a limit is red. */
    public enum Good {
        HIGH,
        LOW,
        STABLE
    }
}
