/** Publishing again: on request of a person, or because the rules changed. */
@NullMarked
package org.datman.ingest.reprocess;

import org.jspecify.annotations.NullMarked;
