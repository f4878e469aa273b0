/** Events on their way out: each goes to the outbox with the chain of events that it follows from. */
package org.datman.ingest.outgoing;
