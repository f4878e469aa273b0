/** Exporting again on request. */
@NullMarked
package org.datman.export.reprocess;

import org.jspecify.annotations.NullMarked;
