/** A session as XNAT has it now: one call, one record. */
@NullMarked
package org.datman.ingest.read;

import org.jspecify.annotations.NullMarked;
