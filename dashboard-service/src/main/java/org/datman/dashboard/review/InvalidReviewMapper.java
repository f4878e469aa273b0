package org.datman.dashboard.review;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import org.datman.dashboard.web.ErrorResponses;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Maps a rejected decision to a response with its message. */
public class InvalidReviewMapper {

    @ServerExceptionMapper
    public Response refused(Reviews.InvalidReviewException e, ContainerRequestContext request) {
        return ErrorResponses.of(
                request,
                Response.Status.CONFLICT.getStatusCode(),
                e.message(),
                e.open().isEmpty() ? Map.of() : Map.of("open", e.open()));
    }
}
