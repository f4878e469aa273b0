/** Voxel sets: object, head, brain, air. Every mask has an id that the metrics taken over it name. */
@NullMarked
package org.datman.analysis.mask;

import org.jspecify.annotations.NullMarked;
