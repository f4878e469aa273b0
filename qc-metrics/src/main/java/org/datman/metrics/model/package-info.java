/**
 * The results of a measurement: metrics, time courses, flags and the verdict, and their one written form, {@code metrics.json}
 * (JSON Schema: {@code /schema/metrics.schema.json}). What each key means is in {@code metrics.tsv} beside this package.
 */
package org.datman.metrics.model;
