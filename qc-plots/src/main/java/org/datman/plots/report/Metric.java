package org.datman.plots.report;

import java.util.Objects;
import org.datman.contracts.metric.MetricCatalogue;
import org.jspecify.annotations.Nullable;

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
public record Metric(
        String key,
        @Nullable Double value,
        String unit,
        int version,
        @Nullable String reason,
        @Nullable String mask,
        @Nullable Long maskVoxels) {

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
