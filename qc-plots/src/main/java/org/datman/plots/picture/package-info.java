/** Pictures of a series: PNG rasters and SVG plots, the same bytes for the same input. */
package org.datman.plots.picture;
