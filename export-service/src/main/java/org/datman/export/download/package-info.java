/** Downloads the files of one XNAT resource, complete and as XNAT lists them, or reports why that is not possible. */
@NullMarked
package org.datman.export.download;

import org.jspecify.annotations.NullMarked;
