/** Sessions that arrive over time and change later. */
@NullMarked
package org.datman.simulator.arrival;

import org.jspecify.annotations.NullMarked;
