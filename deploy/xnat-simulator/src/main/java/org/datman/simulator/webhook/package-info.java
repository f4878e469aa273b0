/** Signed webhooks, as unreliable as configured. */
@NullMarked
package org.datman.simulator.webhook;

import org.jspecify.annotations.NullMarked;
