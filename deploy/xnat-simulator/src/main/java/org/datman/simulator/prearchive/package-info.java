/** The prearchive: studies that came in and are not archived yet. */
package org.datman.simulator.prearchive;
