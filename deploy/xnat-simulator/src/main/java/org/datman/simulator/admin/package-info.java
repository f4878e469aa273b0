/** The simulator's own paths under {@code /_sim}. */
package org.datman.simulator.admin;
