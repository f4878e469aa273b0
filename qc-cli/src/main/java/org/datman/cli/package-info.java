/** The command line: {@code ./datman qc} and {@code ./datman bench qc}, without any running service. */
package org.datman.cli;
