package org.datman.dashboard.review;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** A refused decision is told in plain words. */
@Provider
public class RefusedMapper implements ExceptionMapper<Reviews.Refused> {

    @Override
    public Response toResponse(Reviews.Refused e) {
        return Response.status(Response.Status.CONFLICT)
                .type(MediaType.TEXT_PLAIN_TYPE)
                .entity(e.getMessage())
                .build();
    }
}
