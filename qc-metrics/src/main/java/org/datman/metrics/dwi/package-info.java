/**
 * Quality of diffusion series: lost slices and volumes, motion, neighbour correlation, gradient tables, drift, noise and tensor
 * sanity. {@link org.datman.metrics.dwi.DwiMeasurement} is the entry point; every other class decides one thing and does no I/O.
 */
@NullMarked
package org.datman.metrics.dwi;

import org.jspecify.annotations.NullMarked;
