package org.datman.export.reuse;

import org.datman.export.index.SeriesState;
import org.datman.export.layout.ExportInputs;
import org.jspecify.annotations.Nullable;

/**
 * How far the current export serves a new request. Neither component: the series must be read from XNAT.
 *
 * @param unchanged the state whose export is identical to a new one
 * @param inputs its files, when only their names change
 */
public record Reuse(
        @Nullable SeriesState unchanged, @Nullable ExportInputs inputs) {

    static final Reuse NONE = new Reuse(null, null);
}
