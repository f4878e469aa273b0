/** Expected against found: whether all that a session should hold has arrived. */
package org.datman.qc.check;
