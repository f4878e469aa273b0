/** Robust statistics on primitive arrays, consistent with numpy where numpy has the function. */
package org.datman.analysis.stats;
