/** Reference images of earlier sessions that later ones of the same protocol are compared with. */
@NullMarked
package org.datman.metrics.reference;

import org.jspecify.annotations.NullMarked;
