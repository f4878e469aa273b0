package org.datman.dashboard.audit.page;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.audit.AuditLog;
import org.datman.dashboard.audit.AuditLog.Entry;
import org.datman.dashboard.audit.AuditLog.Filter;
import org.datman.dashboard.audit.AuditLog.Logged;
import org.datman.dashboard.web.Cells;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The audit log as JSON, and all of it as CSV. */
@Path("/api/audit")
@RolesAllowed(Role.ADMIN)
public class AuditApi {

    private static final int MOST = 1_000;

    private final AuditLog log;

    AuditApi(AuditLog log) {
        this.log = log;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "The audit log, the newest first, at most 1000 entries",
            description = "Give the id of the last entry as 'before' for those before it.")
    public List<Logged> json(
            @QueryParam("actor") @DefaultValue("") String actor,
            @QueryParam("action") @DefaultValue("") String action,
            @QueryParam("study") @DefaultValue("") String study,
            @QueryParam("from") @DefaultValue("") String from,
            @QueryParam("to") @DefaultValue("") String to,
            @QueryParam("before") @DefaultValue("") String before) {
        return log.find(AuditPages.filter(actor, action, study, from, to, before), MOST);
    }

    @GET
    @Path("entries.csv")
    @Produces("text/csv")
    @Operation(summary = "The whole audit log as CSV (RFC 4180), the newest first; itself an entry of the log")
    public StreamingOutput csv(
            @QueryParam("actor") @DefaultValue("") String actor,
            @QueryParam("action") @DefaultValue("") String action,
            @QueryParam("study") @DefaultValue("") String study,
            @QueryParam("from") @DefaultValue("") String from,
            @QueryParam("to") @DefaultValue("") String to) {
        Filter filter = AuditPages.filter(actor, action, study, from, to, "");
        log.record(new Entry("audit-exported", study, "audit", ""));
        return out -> {
            CSVPrinter table = new CSVPrinter(
                    new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)), CSVFormat.RFC4180);
            table.printRecord("id", "time", "actor", "address", "action", "study", "subject", "detail");
            List<Logged> some = log.find(filter, MOST);
            while (!some.isEmpty()) {
                for (Logged one : some) {
                    table.printRecord(
                            one.id(),
                            one.time(),
                            Cells.text(one.actor()),
                            one.address(),
                            one.action(),
                            Cells.text(one.study()),
                            Cells.text(one.subject()),
                            Cells.text(one.detail()));
                }
                some = log.find(
                        new Filter(
                                filter.actor(),
                                filter.action(),
                                filter.study(),
                                filter.from(),
                                filter.to(),
                                some.get(some.size() - 1).id()),
                        MOST);
            }
            table.flush();
        };
    }
}
