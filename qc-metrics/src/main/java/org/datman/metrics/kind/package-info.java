/** The interface that the measurement of each kind of series implements, and the time of its stages. */
@NullMarked
package org.datman.metrics.kind;

import org.jspecify.annotations.NullMarked;
