/** Project listings: sessions seen, the sweeps over them, and the confirmation that a missing session is deleted. */
package org.datman.ingest.listing;
