/**
 * Images for the metrics: voxel grids with their axes in the patient, volumes as {@code float[]}, and 4-D series that
 * are read slab by slab to avoid a second copy. Nothing is ever interpolated here.
 */
@NullMarked
package org.datman.analysis.image;

import org.jspecify.annotations.NullMarked;
