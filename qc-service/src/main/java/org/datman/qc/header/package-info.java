/** Comparison of a series' header with the gold standard of its study, site and tag on the day of the scan. */
@NullMarked
package org.datman.qc.header;

import org.jspecify.annotations.NullMarked;
