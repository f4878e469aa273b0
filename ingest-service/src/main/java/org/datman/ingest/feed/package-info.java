/** Hints from a server that numbers its changes, such as an Orthanc. */
@NullMarked
package org.datman.ingest.feed;

import org.jspecify.annotations.NullMarked;
