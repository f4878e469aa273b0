package org.datman.dashboard.review;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.web.Links;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jdbi.v3.core.Jdbi;

/** Finds the next session that has something to review, from the newest to the oldest and then from the start. */
@Path("/review/next")
@RolesAllowed(Role.VIEWER)
public class NextToReview {

    private static final String OLDER = """
            select s.session, s.scan from series s join session x on x.session = s.session
            where s.stage = 'MEASURED' and s.session <> :session and x.status <> 'DELETED'
                and s.since < (select min(o.since) from series o where o.session = :session and o.stage in ('MEASURED', 'REVIEWED'))
            order by s.since desc limit 1
            """;
    private static final String NEWEST = """
            select s.session, s.scan from series s join session x on x.session = s.session
            where s.stage = 'MEASURED' and s.session <> :session and x.status <> 'DELETED'
            order by s.since desc limit 1
            """;

    // SQL, for reading only: the next row of an index over two tables.
    private final Jdbi jdbi;

    NextToReview(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @GET
    @Operation(hidden = true)
    public Response next(@QueryParam("session") @DefaultValue("") String session) {
        String where = find(OLDER, session).or(() -> find(NEWEST, session)).orElse("/");
        return Response.seeOther(URI.create(where)).build();
    }

    private Optional<String> find(String sql, String session) {
        return jdbi.withHandle(handle -> handle.createQuery(sql)
                .bind("session", session)
                .map((row, context) -> Links.series(row.getString("session"), row.getString("scan")))
                .findOne());
    }
}
