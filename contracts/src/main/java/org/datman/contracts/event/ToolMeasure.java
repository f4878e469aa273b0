package org.datman.contracts.event;

/**
 * A number that a tool computed of a session.
 *
 * @param measure what was measured, such as {@code fractional_anisotropy_mean}
 * @param region where, such as {@code brain_mask} or {@code ctx-lh-precuneus}
 * @param unit of the value; {@code 1} for none
 * @param value finite
 */
public record ToolMeasure(String measure, String region, String unit, double value) {}
