/** Noise of many volumes at once: from the background (PIESNO) and from the redundancy of neighbouring voxels (MP-PCA). */
@NullMarked
package org.datman.analysis.noise;

import org.jspecify.annotations.NullMarked;
