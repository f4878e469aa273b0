/** What lies in a dataset: folders, file names, ignored paths, and the contents that rules ask about. */
@NullMarked
package org.datman.bids.dataset;

import org.jspecify.annotations.NullMarked;
