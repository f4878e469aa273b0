/** Provenance of every file: source bytes, rule, converter, events. */
@NullMarked
package org.datman.export.provenance;

import org.jspecify.annotations.NullMarked;
