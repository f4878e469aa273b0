/** Publishes that the upload of a session is complete. */
@NullMarked
package org.datman.ingest.settle;

import org.jspecify.annotations.NullMarked;
