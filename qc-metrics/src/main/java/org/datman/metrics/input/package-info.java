/** Reads the files of a series into the input of the measurements: image, sidecar, axes of slices and phase encoding, repetition time. */
@NullMarked
package org.datman.metrics.input;

import org.jspecify.annotations.NullMarked;
