/** Reads a session from XNAT, compares it with what was published, and publishes what changed. */
@NullMarked
package org.datman.ingest.sync;

import org.jspecify.annotations.NullMarked;
