/** The archive folder: where files lie, and how they are written so that nobody ever sees half a file. */
package org.datman.platform.archive;
