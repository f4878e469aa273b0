package org.datman.dashboard.live;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import org.datman.dashboard.access.Access;
import org.datman.dashboard.access.AccessScope;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Server-sent events: {@code changed} with the session's key, and a regular heartbeat. */
@Path("/live")
@Authenticated
public class LiveResource {

    private static final Duration AT_ONCE = Duration.ofMillis(1);
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(20);

    /** Then the browser connects again, and the roles of the person are read anew. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Changes changes;
    private final Access access;

    LiveResource(Changes changes, Access access) {
        this.changes = changes;
        this.access = access;
    }

    /**
     * @param study only this study's changes; empty for all
     * @param session only this session's changes; empty for all
     */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(summary = "Notices of change as server-sent events")
    public Multi<String> live(
            @QueryParam("study") @DefaultValue("") String study,
            @QueryParam("session") @DefaultValue("") String session) {
        AccessScope scope = access.scope();
        Multi<String> changed = changes.stream()
                .filter(change -> change.session().isEmpty() || scope.site(change.study(), change.site()))
                .filter(change -> change.session().isEmpty()
                        || ((study.isEmpty() || study.equals(change.study()))
                                && (session.isEmpty() || session.equals(change.session()))))
                .map(change -> "changed " + change.session());
        Multi<String> alive = Multi.createFrom()
                .ticks()
                .startingAfter(AT_ONCE)
                .every(SIGN_OF_LIFE)
                .onOverflow()
                .drop()
                .map(tick -> "alive");
        return Multi.createBy().merging().streams(alive, changed).select().first(LONGEST);
    }
}
