/** From files to what the measurements work on: image, sidecar, axes of slices and phase encoding, repetition time. */
package org.datman.metrics.input;
