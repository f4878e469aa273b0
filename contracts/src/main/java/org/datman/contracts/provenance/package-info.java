/** Provenance of every file and of every result of quality control: source bytes, rule, program, events. */
@NullMarked
package org.datman.contracts.provenance;

import org.jspecify.annotations.NullMarked;
