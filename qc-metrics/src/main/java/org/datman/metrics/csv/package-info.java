/** The numbers of a report in the files that DATMAN of old wrote; how each relates to ours stands in {@code docs/old-csv.md}. */
package org.datman.metrics.csv;
