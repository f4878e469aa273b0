/** Robust statistics on primitive arrays, consistent with numpy where numpy has the function. */
@NullMarked
package org.datman.analysis.stats;

import org.jspecify.annotations.NullMarked;
