/** Failures of reading a session, published so that the dashboard shows them. */
@NullMarked
package org.datman.ingest.failure;

import org.jspecify.annotations.NullMarked;
