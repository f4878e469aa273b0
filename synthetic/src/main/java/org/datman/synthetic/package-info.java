/**
 * Images with known ground truth: an analytic head and analytic phantoms, sampled afresh at their moved position for every
 * frame (the ground truth is never interpolated), with seeded Rician noise and planted artifacts. Every series is a pure function of its
 * settings and seed; volumes are made one at a time, so memory is bounded by one volume.
 *
 * <p>Conventions: a volume is a {@code float[]} with x fastest, {@code i + nx * (j + ny * k)}; world coordinates are mm in
 * patient R, A, S with the isocentre at 0; indices are 0-based.
 */
@NullMarked
package org.datman.synthetic;

import org.jspecify.annotations.NullMarked;
