/**
 * The BIDS datasets of the studies: pure functions from what is known of a session to files with their contents, a thin writer that lets a
 * whole valid session appear at once, and the queue of sessions whose files do not match their events.
 */
@NullMarked
package org.datman.pipeline.bids;

import org.jspecify.annotations.NullMarked;
