/** The processes of an installation: started in order, watched, restarted, stopped; their ports and what is known of them on disk. */
@NullMarked
package org.datman.local.process;

import org.jspecify.annotations.NullMarked;
