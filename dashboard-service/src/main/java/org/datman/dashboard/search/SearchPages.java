package org.datman.dashboard.search;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.listing.SessionListing;
import org.datman.dashboard.listing.SessionListing.Filter;
import org.datman.dashboard.listing.SessionListing.Sort;
import org.datman.dashboard.web.Links;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jdbi.v3.core.Jdbi;

/**
 * Finds sessions by any name they have or had, by accession, by file name, by SeriesInstanceUID, by digest, by event or run
 * id. A single hit redirects to the session.
 */
@Path("/search")
@RolesAllowed(Role.VIEWER)
public class SearchPages {

    private static final int MOST = 100;

    // SQL, for reading only: one query over the indexes of jsonb that have ids.
    private final Jdbi jdbi;
    private final SessionListing sessions;

    SearchPages(Jdbi jdbi, SessionListing sessions) {
        this.jdbi = jdbi;
        this.sessions = sessions;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance search(String text, List<SessionListing.Listed> found, int most);
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public Response search(@QueryParam("q") @DefaultValue("") String asked) {
        String text = asked.strip().replace("\0", "");
        if (text.isEmpty()) {
            return Response.seeOther(URI.create("/")).build();
        }
        if (isStudy(text)) {
            return Response.seeOther(URI.create(Links.study(text.toUpperCase(Locale.ROOT))))
                    .build();
        }
        Optional<String> exact = byExactId(text);
        if (exact.isPresent()) {
            return Response.seeOther(URI.create(Links.session(exact.get()))).build();
        }
        List<SessionListing.Listed> found = sessions.page(
                        new Filter(null, sessionPart(text), "", "", "", "", "", false, "", "", Sort.CHANGED, "", MOST))
                .sessions();
        if (found.size() == 1) {
            return Response.seeOther(URI.create(Links.session(found.get(0).session())))
                    .build();
        }
        return Response.ok(Templates.search(text, found, MOST)).build();
    }

    private boolean isStudy(String text) {
        return jdbi.withHandle(handle -> handle.createQuery("select exists (select 1 from session where study = :text)")
                .bind("text", text.toUpperCase(Locale.ROOT))
                .mapTo(Boolean.class)
                .one());
    }

    private Optional<String> byExactId(String text) {
        List<String> found = jdbi.withHandle(handle -> handle.createQuery("""
                        select session from (
                            select session from session where accession = :text
                            union select session from latest_event where topic = 'series-discovered'
                                and payload ->> 'uid' = :text
                            union select session from timeline_event where event_id = :uuid
                            union select session from latest_event where topic = 'series-exported'
                                and payload ->> 'runKey' = lower(:text)
                            union select session from latest_event where topic = 'pipeline-updated'
                                and payload ->> 'runKey' = lower(:text)
                        ) found where session <> '' limit 2
                        """)
                .bind("text", text)
                .bind("uuid", uuid(text))
                .mapTo(String.class)
                .list());
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    /** The id of an event; one that no event has when the text is none. */
    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException noEventId) {
            return new UUID(0, 0);
        }
    }

    /** Of a file name or path, the session's part: {@code SPN01_CMH_0001_01_01} of {@code …_T1_02_SagT1.nii.gz}. */
    private static String sessionPart(String text) {
        String name = text.substring(text.lastIndexOf('/') + 1);
        String[] fields = name.split("_", -1);
        boolean looksLikeAFile = fields.length > 6 || name.contains(".nii") || name.endsWith(".dcm");
        if (!looksLikeAFile || fields.length < 4) {
            return text;
        }
        boolean phantom = fields[2].equals("PHA");
        int parts = phantom ? 4 : 5;
        return fields.length <= parts ? text : String.join("_", List.of(fields).subList(0, parts));
    }
}
