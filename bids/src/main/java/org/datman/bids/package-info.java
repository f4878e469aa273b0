/** Validation of BIDS datasets from the official machine-readable schema: plain Java, a whole dataset or only what changed. */
@NullMarked
package org.datman.bids;

import org.jspecify.annotations.NullMarked;
