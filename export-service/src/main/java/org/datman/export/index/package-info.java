/** The index of what is published, per scan, in the archive; and the paths and file names in it. */
@NullMarked
package org.datman.export.index;

import org.jspecify.annotations.NullMarked;
