/** Signed events to the outside, as unreliable as told to. */
package org.datman.simulator.webhook;
