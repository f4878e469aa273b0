/** The command line: {@code ./datman qc} and {@code ./datman bench qc}, without any running service. */
@NullMarked
package org.datman.cli;

import org.jspecify.annotations.NullMarked;
