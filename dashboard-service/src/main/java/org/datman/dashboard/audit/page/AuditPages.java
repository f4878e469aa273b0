package org.datman.dashboard.audit.page;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Locale;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.audit.AuditLog;
import org.datman.dashboard.audit.AuditLog.Filter;
import org.datman.dashboard.audit.AuditLog.Logged;
import org.datman.dashboard.web.BadParameterException;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The page of the audit log. */
@Path("/audit")
@RolesAllowed(Role.ADMIN)
public class AuditPages {

    private static final int PAGE = 200;

    private final AuditLog log;

    AuditPages(AuditLog log) {
        this.log = log;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance audit(List<Logged> entries, Filter filter, String older);
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    @Operation(hidden = true)
    public TemplateInstance audit(
            @QueryParam("actor") @DefaultValue("") String actor,
            @QueryParam("action") @DefaultValue("") String action,
            @QueryParam("study") @DefaultValue("") String study,
            @QueryParam("from") @DefaultValue("") String from,
            @QueryParam("to") @DefaultValue("") String to,
            @QueryParam("before") @DefaultValue("") String before) {
        Filter filter = filter(actor, action, study, from, to, before);
        List<Logged> entries = log.find(filter, PAGE);
        String older = entries.size() < PAGE
                ? ""
                : Long.toString(entries.get(entries.size() - 1).id());
        return Templates.audit(entries, filter, older);
    }

    static Filter filter(String actor, String action, String study, String from, String to, String before) {
        return new Filter(
                actor.strip().toLowerCase(Locale.ROOT),
                action.strip(),
                study.strip(),
                BadParameterException.day("from", from).orElse(null),
                BadParameterException.day("to", to).orElse(null),
                before.isEmpty() ? null : (long) BadParameterException.number("before", before, 1, Integer.MAX_VALUE));
    }
}
