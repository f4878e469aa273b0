/** The names that a scan may use, and what the archive holds under them: read before the files are laid out; and the refused names. */
@NullMarked
package org.datman.export.claim;

import org.jspecify.annotations.NullMarked;
