/** What was published last about each session, and when its upload counts as complete. */
@NullMarked
package org.datman.ingest.published;

import org.jspecify.annotations.NullMarked;
