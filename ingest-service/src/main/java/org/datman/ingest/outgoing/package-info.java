/** Outgoing events: each is stored in the outbox with its causal chain. */
@NullMarked
package org.datman.ingest.outgoing;

import org.jspecify.annotations.NullMarked;
