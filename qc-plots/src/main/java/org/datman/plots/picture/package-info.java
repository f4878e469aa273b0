/** Pictures of a series: PNG rasters and SVG plots, the same bytes for the same input. */
@NullMarked
package org.datman.plots.picture;

import org.jspecify.annotations.NullMarked;
