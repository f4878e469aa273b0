/** The simulator's own paths under `/_sim`. */
package org.datman.simulator.admin;
