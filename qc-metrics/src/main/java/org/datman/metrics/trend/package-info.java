/**
 * A metric over time: baselines from its own history, robust limits, EWMA and CUSUM charts, change points. Pure: the same
 * readings give the same chart in any order of arrival.
 */
@NullMarked
package org.datman.metrics.trend;

import org.jspecify.annotations.NullMarked;
