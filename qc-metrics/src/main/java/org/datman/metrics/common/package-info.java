/** Metrics that every kind of image has: noise, background, entropy, energy, smoothness, storage. */
@NullMarked
package org.datman.metrics.common;

import org.jspecify.annotations.NullMarked;
