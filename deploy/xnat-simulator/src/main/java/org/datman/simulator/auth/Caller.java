package org.datman.simulator.auth;

/**
 * The sender of a request.
 *
 * @param user null for a guest
 * @param sessionId the server session of this request
 */
public record Caller(User user, String sessionId) {
    public boolean isGuest() {
        return user == null;
    }
}
