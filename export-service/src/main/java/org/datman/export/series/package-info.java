/** From a tagged series to published files: the order of steps, and each outcome. */
@NullMarked
package org.datman.export.series;

import org.jspecify.annotations.NullMarked;
