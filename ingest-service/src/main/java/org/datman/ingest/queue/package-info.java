/** The queue of sessions to read from XNAT, and the tasks that workers claim from it. */
package org.datman.ingest.queue;
