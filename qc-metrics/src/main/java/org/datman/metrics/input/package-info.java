/** Reads the files of a series into the input of the measurements: image, sidecar, axes of slices and phase encoding, repetition time. */
package org.datman.metrics.input;
