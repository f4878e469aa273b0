/**
 * The catalogue of metrics, {@code metrics.tsv} beside this package: what each key in {@code metrics.json}, in events and in the limits
 * of study files means.
 */
@NullMarked
package org.datman.contracts.metric;

import org.jspecify.annotations.NullMarked;
