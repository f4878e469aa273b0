/**
 * Transactional outbox: an event is stored in the transaction that changes the state it reports, and a relay sends it
 * afterwards, in order. Used by services with a database; needs {@code db/outbox} among the Flyway locations.
 */
@NullMarked
package org.datman.platform.outbox;

import org.jspecify.annotations.NullMarked;
