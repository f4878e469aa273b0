/** The index of what is published, per scan, in the archive; and the paths in it. */
@NullMarked
package org.datman.export.index;

import org.jspecify.annotations.NullMarked;
