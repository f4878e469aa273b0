package org.datman.contracts.metric;

/**
 * Definition of a metric key.
 *
 * @param key id in metrics.json
 * @param kinds kinds of series it belongs to, comma separated, {@code all} for every kind
 * @param unit unit of the value
 * @param version raised whenever the same image would have another value
 * @param good which direction is good
 * @param meaning one sentence
 * @param source where the formula comes from
 */
public record MetricDefinition(
        String key, String kinds, String unit, int version, Good good, String meaning, String source) {

    /** Which direction of a metric is good; decides which side of a limit is red. */
    public enum Good {
        HIGH,
        LOW,
        STABLE
    }
}
