/** Series of no special kind: localizers, field maps, derived maps. Only what every image has. */
@NullMarked
package org.datman.metrics.other;

import org.jspecify.annotations.NullMarked;
