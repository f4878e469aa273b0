package org.datman.dashboard.web;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;
import java.util.Set;

/**
 * Rejects every request that changes something without the header {@code X-Requested-With}: another site's page cannot set it
 * without our consent (CORS), which is never given. The login cookie is same-site strict besides.
 */
@Provider
public class CsrfFilter implements ContainerRequestFilter {

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    @Override
    public void filter(ContainerRequestContext request) {
        if (!SAFE.contains(request.getMethod()) && request.getHeaderString("X-Requested-With") == null) {
            request.abortWith(ErrorResponses.of(
                    request,
                    Response.Status.FORBIDDEN.getStatusCode(),
                    "The header X-Requested-With is missing. Send it with any value",
                    Map.of()));
        }
    }
}
