/** Makes an exported image the gold standard of its study, site and tag. */
@NullMarked
package org.datman.dashboard.goldstandard;

import org.jspecify.annotations.NullMarked;
