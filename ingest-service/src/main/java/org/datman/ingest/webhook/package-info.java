/** Webhooks of XNAT: verified, stored, and enqueued. */
@NullMarked
package org.datman.ingest.webhook;

import org.jspecify.annotations.NullMarked;
