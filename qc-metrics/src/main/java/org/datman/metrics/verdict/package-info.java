/** Limits, options and the verdict with its reasons. */
package org.datman.metrics.verdict;
