/** Fault rules for responses. */
package org.datman.simulator.fault;
