/**
 * The way of one session, from a notification to published events. Each step is one call into one package, and its result is a
 * record:
 *
 * <ol>
 *   <li>{@code queue}: a worker claims the session ({@code SyncTask});
 *   <li>{@code published}: what was published about it last, and so how it is to be read ({@code SessionRead.Request});
 *   <li>{@code read}: the session as XNAT has it now ({@code SessionRead}), without any transaction;
 *   <li>{@code diff}: what is stored and published ({@code SessionResult}), and whether the session settles. Pure;
 *   <li>{@code outgoing}: the events, in the outbox.
 * </ol>
 *
 * <p>The last two are one transaction of {@link org.datman.ingest.sync.SessionUpdate}. It begins by finishing the task, locks the
 * state of the session and ends by storing it, so that a worker that lost its lease writes nothing and two never compare with the
 * same state. {@code queue} and {@code published} are the stores that the way begins and ends with. What XNAT does not have is judged by
 * {@code listing}; what cannot be read goes back into the queue, and {@code failure} publishes it.
 */
@NullMarked
package org.datman.ingest.sync;

import org.jspecify.annotations.NullMarked;
