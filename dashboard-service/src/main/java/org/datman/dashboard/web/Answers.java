package org.datman.dashboard.web;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Answers to the forms of the pages: a line that the page shows beside the form. */
public final class Answers {

    private Answers() {}

    /** It is done: the parts of the page that show it load themselves again. */
    public static Response done(String message) {
        return Response.ok(message, MediaType.TEXT_PLAIN_TYPE)
                .header("HX-Trigger", "datman-changed")
                .build();
    }

    /** It cannot be done as things are now (409), with the reason. */
    public static Response refused(String message) {
        return Response.status(Response.Status.CONFLICT)
                .type(MediaType.TEXT_PLAIN_TYPE)
                .entity(message)
                .build();
    }
}
