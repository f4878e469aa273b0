/** Measurement of a series from its files to its report: the entry point of the service and of the command line. */
@NullMarked
package org.datman.metrics;

import org.jspecify.annotations.NullMarked;
