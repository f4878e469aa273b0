/** Queues in tables, shared by all processes of a service: an item belongs to one worker at a time, while its lease lasts. */
@NullMarked
package org.datman.platform.lease;

import org.jspecify.annotations.NullMarked;
