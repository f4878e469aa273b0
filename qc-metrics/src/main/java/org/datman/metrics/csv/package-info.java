/** The numbers of a report in the files of earlier versions of DATMAN; {@code docs/old-csv.md} relates each to ours. */
@NullMarked
package org.datman.metrics.csv;

import org.jspecify.annotations.NullMarked;
