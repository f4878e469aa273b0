/** Fault rules for responses. */
@NullMarked
package org.datman.simulator.fault;

import org.jspecify.annotations.NullMarked;
