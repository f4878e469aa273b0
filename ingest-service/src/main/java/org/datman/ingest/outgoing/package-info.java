/** Outgoing events: each is stored in the outbox with its causal chain. */
package org.datman.ingest.outgoing;
