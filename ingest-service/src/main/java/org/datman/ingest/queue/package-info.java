/** The queue of sessions to read from XNAT, and the tasks that workers claim from it. */
@NullMarked
package org.datman.ingest.queue;

import org.jspecify.annotations.NullMarked;
