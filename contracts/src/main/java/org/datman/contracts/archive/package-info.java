/** What services and installer share about the archive. */
@NullMarked
package org.datman.contracts.archive;

import org.jspecify.annotations.NullMarked;
