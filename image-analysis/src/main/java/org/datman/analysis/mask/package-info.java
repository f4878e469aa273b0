/** Voxel sets: object, head, brain, air. Every mask has an id that the metrics taken over it name. */
package org.datman.analysis.mask;
