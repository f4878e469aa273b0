/** Signed webhooks, as unreliable as configured. */
package org.datman.simulator.webhook;
