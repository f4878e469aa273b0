/** XNAT access of ingest: its single client, and its availability. */
@NullMarked
package org.datman.ingest.xnat;

import org.jspecify.annotations.NullMarked;
