/**
 * Where a file or a number of the archive came from, read from the archive alone; its written forms; lists of the files of a
 * release and their differences; whether all files still have their published bytes.
 */
@NullMarked
package org.datman.local.provenance;

import org.jspecify.annotations.NullMarked;
