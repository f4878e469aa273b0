package org.datman.contracts.study;

/** Series that are expected but not wanted, and why. */
public record IgnoreRule(SeriesPattern pattern, AppliesTo appliesTo, String reason) {}
