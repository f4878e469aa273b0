/** The state of a session on XNAT and as published, the difference between the two, and when an upload is complete. */
@NullMarked
package org.datman.ingest.session;

import org.jspecify.annotations.NullMarked;
