/** The simulator's own paths under {@code /_sim}. */
@NullMarked
package org.datman.simulator.admin;

import org.jspecify.annotations.NullMarked;
