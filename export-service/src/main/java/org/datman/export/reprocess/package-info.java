/** Exporting again: on request, and when a refused name is free. */
@NullMarked
package org.datman.export.reprocess;

import org.jspecify.annotations.NullMarked;
