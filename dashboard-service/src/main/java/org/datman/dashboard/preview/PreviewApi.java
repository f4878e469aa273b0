package org.datman.dashboard.preview;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.datman.contracts.study.ConfigurationError;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.web.BadParameterException;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The preview of a study text that somebody sends: nothing is stored or changed. */
@Path("/api/rules/preview")
@RolesAllowed(Role.MANAGER)
public class PreviewApi {

    private static final int MOST_EXAMPLES = 1_000;
    private static final int FAULTY = 422;

    private final Previews previews;

    PreviewApi(Previews previews) {
        this.previews = previews;
    }

    /** Why a text cannot be previewed, each with file, line and column. */
    public record Faults(List<String> faults) {}

    @POST
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "What a study text, sent as YAML, would change in the known series; 422 with its faults",
            description = "Only the rules of the named study are replaced. Nothing is stored")
    public Response preview(
            @QueryParam("file") @DefaultValue("candidate.yml") String file,
            @QueryParam("examples") @DefaultValue("10") String examples,
            byte[] text) {
        int most = BadParameterException.number("examples", examples, 0, MOST_EXAMPLES);
        StudyConfigurations read = StudyConfigurations.ofText(file, text);
        if (!read.errors().isEmpty()) {
            return faulty(
                    read.errors().stream().map(ConfigurationError::toString).toList());
        }
        try {
            return Response.ok(previews.of(read.valid().values().iterator().next(), most))
                    .build();
        } catch (IllegalArgumentException conflict) {
            return faulty(List.of(String.valueOf(conflict.getMessage())));
        }
    }

    private static Response faulty(List<String> faults) {
        return Response.status(FAULTY).entity(new Faults(faults)).build();
    }
}
