/**
 * A metric over the years: baselines from its own history, robust limits, EWMA and CUSUM charts, change points. Pure: the same
 * readings give the same chart in whatever order they come.
 */
package org.datman.metrics.trend;
