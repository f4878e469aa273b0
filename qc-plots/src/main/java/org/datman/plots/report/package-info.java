/**
 * The report of one series: metrics, time courses, flags and the verdict as records, and their two written forms: {@code metrics.json}
 * (JSON Schema: {@code /schema/metrics.schema.json}) and a page that opens anywhere, without network and without scripts.
 */
@NullMarked
package org.datman.plots.report;

import org.jspecify.annotations.NullMarked;
