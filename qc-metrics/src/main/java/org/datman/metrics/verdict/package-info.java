/** Limits, options and the verdict with its reasons. */
@NullMarked
package org.datman.metrics.verdict;

import org.jspecify.annotations.NullMarked;
