/** The prearchive: studies that were received and are not archived yet. */
@NullMarked
package org.datman.simulator.prearchive;

import org.jspecify.annotations.NullMarked;
