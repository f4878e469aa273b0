/** Writes the files of a series under their public names, and stores the state, so that no file is left behind unnoticed. */
@NullMarked
package org.datman.export.publish;

import org.jspecify.annotations.NullMarked;
