/** The archive folder: file locations, and atomic writes. */
@NullMarked
package org.datman.platform.archive;

import org.jspecify.annotations.NullMarked;
