/** The command line: {@code ./datman qc} and {@code ./datman bench qc}, without any service running. */
package org.datman.metrics.cli;
