package org.datman.local.provenance;

import java.util.List;
import org.datman.contracts.metric.Limits;
import org.datman.contracts.provenance.QcProvenance;
import org.jspecify.annotations.Nullable;

/**
 * The result of quality control of an image, as the archive has it.
 *
 * @param record its provenance; null for a result of a version that did not write it
 * @param level verdict
 * @param reasons of the verdict
 * @param ofTheseBytes whether the image that was measured is the one that is published
 * @param number the number that was asked for; null when none was
 * @param files the files of the result
 */
public record MeasuredImage(
        @Nullable QcProvenance record,
        String level,
        List<String> reasons,
        boolean ofTheseBytes,
        @Nullable Number number,
        List<CheckedFile> files) {

    /**
     * A number.
     *
     * @param key of the catalogue of metrics
     * @param value null where it is not known
     * @param reason why it is not known; null where it is
     * @param version of its definition
     * @param meaning by the catalogue of this version; empty when it has no such key
     * @param source of its formula
     * @param limits that were applied; null when there are none, or when they are not recorded
     */
    public record Number(
            String key,
            @Nullable Double value,
            @Nullable String reason,
            String unit,
            int version,
            String meaning,
            String source,
            @Nullable Limits limits) {}
}
