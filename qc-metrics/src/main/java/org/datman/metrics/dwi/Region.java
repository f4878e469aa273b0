package org.datman.metrics.dwi;

/** The part of a slice of a mean: all of it, or one of the four halves along the in-plane axes. */
enum Region {
    WHOLE,
    LOW_U,
    HIGH_U,
    LOW_W,
    HIGH_W
}
