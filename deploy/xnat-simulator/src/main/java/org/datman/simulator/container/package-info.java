/** XNAT's Container Service as far as events start it: commands, where they are enabled, and containers. */
package org.datman.simulator.container;
