/** Metrics that every kind of image has: noise, background, entropy, energy, smoothness, storage. */
package org.datman.metrics.common;
