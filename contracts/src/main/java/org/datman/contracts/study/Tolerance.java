package org.datman.contracts.study;

/** How far a numeric header field may be from the standard: {@code |a - b| <= absolute + relative * |b|}. */
public record Tolerance(double absolute, double relative) {}
