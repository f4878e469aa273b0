package org.datman.plots.report;

import java.util.Objects;
import org.datman.contracts.metric.MetricCatalogue;

/**
 * One number about a series, or the reason why there is none.
 *
 * @param key lower snake case id, defined in the {@link MetricCatalogue}
 * @param value finite number, or null where it cannot be known
 * @param unit UCUM-like unit, {@code "1"} for a ratio
 * @param version version of the definition; numbers of different versions are not comparable
 * @param reason why the value is null; null exactly when there is a value
 * @param mask id of the voxel set it was taken over, or null
 * @param maskVoxels size of that set, or null
 */
public record Metric(String key, Double value, String unit, int version, String reason, String mask, Long maskVoxels) {

    public Metric {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(unit, "unit");
        if (value != null && !Double.isFinite(value)) {
            throw new IllegalArgumentException(key + " must be finite or null with a reason, but is " + value);
        }
        if ((value == null) == (reason == null)) {
            throw new IllegalArgumentException(key + " needs either a value or a reason, exactly one of them");
        }
    }
}
