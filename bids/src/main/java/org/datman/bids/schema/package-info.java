/** The BIDS schema, read from its JSON. */
@NullMarked
package org.datman.bids.schema;

import org.jspecify.annotations.NullMarked;
