/** The prearchive: studies that were received and are not archived yet. */
package org.datman.simulator.prearchive;
