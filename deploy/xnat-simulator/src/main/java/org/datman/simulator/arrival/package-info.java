/** Sessions that come in over time and change later. */
package org.datman.simulator.arrival;
