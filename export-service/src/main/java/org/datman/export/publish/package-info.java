/** Publishes files under their public names and records them per scan, so that no file is left behind unnoticed. */
@NullMarked
package org.datman.export.publish;

import org.jspecify.annotations.NullMarked;
