/** XNAT's Container Service as far as events start it: commands, where they are enabled, and containers. */
@NullMarked
package org.datman.simulator.container;

import org.jspecify.annotations.NullMarked;
