/** Robust statistics on primitive arrays, agreeing with numpy where numpy has the thing. */
package org.datman.metrics.stats;
