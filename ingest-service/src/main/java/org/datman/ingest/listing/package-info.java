/** Project listings: sessions seen, the sweeps over them, and the confirmation that a missing session is deleted. */
@NullMarked
package org.datman.ingest.listing;

import org.jspecify.annotations.NullMarked;
