package org.datman.simulator.auth;

/**
 * The sender of a request.
 *
 * @param user {@link User#GUEST} when nobody has logged in
 * @param sessionId the server session of this request
 */
public record Caller(User user, String sessionId) {}
