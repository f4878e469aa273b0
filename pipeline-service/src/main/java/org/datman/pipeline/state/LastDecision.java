package org.datman.pipeline.state;

/**
 * The last decision on a pipeline of a session.
 *
 * @param what as it is stored
 * @param count number of decisions so far
 */
public record LastDecision(String what, int count) {}
