/** Expected against found: whether all that a session should hold has arrived. */
@NullMarked
package org.datman.qc.check;

import org.jspecify.annotations.NullMarked;
