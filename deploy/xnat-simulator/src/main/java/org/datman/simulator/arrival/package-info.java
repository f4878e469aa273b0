/** Sessions that arrive over time and change later. */
package org.datman.simulator.arrival;
