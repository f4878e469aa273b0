package org.datman.dashboard.web;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.ForbiddenException;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.datman.platform.event.OutageException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Error responses: problem+json (RFC 9457) at {@code /api}, plain text to a form, a page in our layout to a person who followed
 * a link.
 */
public class ErrorResponses {

    private static final Logger LOG = Logger.getLogger(ErrorResponses.class);
    private static final String PROBLEM = "application/problem+json";

    @CheckedTemplate(basePath = "ErrorResponses")
    static class Templates {
        static native TemplateInstance error(int status, String title, String detail);
    }

    @ServerExceptionMapper
    public Response webApplication(WebApplicationException e, ContainerRequestContext request) {
        Response given = e.getResponse();
        if (given.getStatus() < 400 || given.hasEntity()) {
            return given;
        }
        if (e.getCause() instanceof MismatchedInputException mismatch) {
            return mismatched(mismatch, request);
        }
        String detail =
                switch (given.getStatus()) {
                    case 404 ->
                        Optional.ofNullable(e.getMessage())
                                .filter(message -> !message.startsWith("HTTP 404"))
                                .orElseGet(() -> "There is nothing at "
                                        + request.getUriInfo().getPath());
                    case 405 ->
                        request.getMethod() + " is not possible at "
                                + request.getUriInfo().getPath();
                    case 413 -> "What was sent is too long. Shorten it";
                    case 415 ->
                        "The content type "
                                + (request.getMediaType() == null ? "(none)" : request.getMediaType())
                                + " is not read here";
                    default -> message(e);
                };
        Response answer = of(request, given.getStatus(), detail, Map.of());
        Response.ResponseBuilder with = Response.fromResponse(answer);
        given.getHeaders().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("Content-Type")) {
                values.forEach(value -> with.header(name, value));
            }
        });
        return with.build();
    }

    @ServerExceptionMapper
    public Response badParameter(BadParameterException e, ContainerRequestContext request) {
        return of(request, 400, message(e), Map.of("parameter", e.name(), "allowed", e.allowed()));
    }

    /** A required system is unavailable. It recovers by itself or its message says what to do. */
    @ServerExceptionMapper
    public Response unavailable(OutageException e, ContainerRequestContext request) {
        LOG.warnf("Not answered now path=%s error=%s", request.getUriInfo().getPath(), e.getMessage());
        return of(request, Response.Status.SERVICE_UNAVAILABLE.getStatusCode(), message(e), Map.of());
    }

    @ServerExceptionMapper
    public Response forbidden(ForbiddenException e, ContainerRequestContext request) {
        return of(request, 403, "Your account may not do this. Ask your DATMAN admin", Map.of());
    }

    @ServerExceptionMapper
    public Response invalid(ConstraintViolationException e, ContainerRequestContext request) {
        String detail = e.getConstraintViolations().stream()
                .map(violation -> lastPart(violation.getPropertyPath().toString()) + " " + violation.getMessage())
                .sorted()
                .collect(Collectors.joining("; "));
        return of(request, 400, detail, Map.of());
    }

    @ServerExceptionMapper
    public Response mismatched(MismatchedInputException e, ContainerRequestContext request) {
        String field = e.getPath().stream()
                .map(JsonMappingException.Reference::getFieldName)
                .filter(name -> name != null)
                .collect(Collectors.joining("."));
        if (e instanceof InvalidFormatException format && format.getTargetType().isEnum()) {
            return badParameter(
                    new BadParameterException(
                            field,
                            String.valueOf(format.getValue()),
                            Arrays.stream(format.getTargetType().getEnumConstants())
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(", "))),
                    request);
        }
        return of(
                request,
                400,
                field.isEmpty()
                        ? "The body is not the JSON that is expected here; see /api/openapi"
                        : "'" + field + "' is not as expected here; see /api/openapi",
                Map.of());
    }

    private static String message(Exception e) {
        return Objects.requireNonNullElse(e.getMessage(), e.toString());
    }

    private static String lastPart(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    /**
     * An answer in the form that fits the request.
     *
     * @param detail the error message for the person
     * @param more further members of the problem for programs
     */
    public static Response of(ContainerRequestContext request, int status, String detail, Map<String, ?> more) {
        Response.StatusType known = Response.Status.fromStatusCode(status);
        String title = known == null ? "HTTP " + status : known.getReasonPhrase();
        String path = request.getUriInfo().getPath();
        if (path.equals("/api") || path.startsWith("/api/")) {
            Map<String, Object> problem = new LinkedHashMap<>();
            problem.put("type", "about:blank");
            problem.put("title", title);
            problem.put("status", status);
            problem.put("detail", detail);
            problem.putAll(more);
            return Response.status(status).type(PROBLEM).entity(problem).build();
        }
        boolean page = request.getMethod().equals("GET") && request.getHeaderString("HX-Request") == null;
        return page
                ? Response.status(status)
                        .type(MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"))
                        .entity(Templates.error(status, title, detail).render())
                        .build()
                : Response.status(status)
                        .type(MediaType.TEXT_PLAIN_TYPE.withCharset("UTF-8"))
                        .entity(detail)
                        .build();
    }
}
