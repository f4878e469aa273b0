/** Failures, outages and other troubles that last, published so that the dashboard shows them, and closed when they are over. */
@NullMarked
package org.datman.ingest.failure;

import org.jspecify.annotations.NullMarked;
