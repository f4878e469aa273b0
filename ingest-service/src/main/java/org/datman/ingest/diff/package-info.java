/** What follows from a read: the difference to what was published, the events, and whether the session settles. Pure. */
@NullMarked
package org.datman.ingest.diff;

import org.jspecify.annotations.NullMarked;
