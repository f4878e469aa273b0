/** Limits, options and the verdict with its reasons in words. */
package org.datman.metrics.verdict;
