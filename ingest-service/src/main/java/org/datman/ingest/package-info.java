/** What the features of ingest share: the service's settings. */
@NullMarked
package org.datman.ingest;

import org.jspecify.annotations.NullMarked;
