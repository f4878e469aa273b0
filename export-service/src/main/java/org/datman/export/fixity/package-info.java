/** Reads the exported files again, slowly, and reports differences from their published state. */
@NullMarked
package org.datman.export.fixity;

import org.jspecify.annotations.NullMarked;
