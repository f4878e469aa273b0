package org.datman.simulator.rest;

import java.io.IOException;
import java.util.List;
import org.datman.simulator.archive.SimulatedArchive;
import org.datman.simulator.auth.Caller;
import org.datman.simulator.container.ContainerApi;
import org.datman.simulator.dicomweb.DicomWebApi;
import org.datman.simulator.eventservice.EventServiceApi;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.Response;
import org.datman.simulator.workflow.Workflows;
import org.jspecify.annotations.Nullable;

/** Everything under {@code /xapi}. */
final class Xapi {
    private final SimulatedArchive archive;
    private final SiteInfo site;
    private final EventServiceApi events;
    private final ContainerApi containers;
    private final Workflows workflows;
    private final @Nullable DicomWebApi dicomWeb;

    Xapi(
            SimulatedArchive archive,
            SiteInfo site,
            EventServiceApi events,
            ContainerApi containers,
            Workflows workflows,
            @Nullable DicomWebApi dicomWeb) {
        this.archive = archive;
        this.site = site;
        this.events = events;
        this.containers = containers;
        this.workflows = workflows;
        this.dicomWeb = dicomWeb;
    }

    Response answer(Request request, List<String> path, Caller caller) throws IOException {
        if (path.size() > 2 && path.get(0).equals("projects")) {
            String project = path.get(1);
            if (archive.project(project) == null || !caller.user().canRead(project)) {
                return Response.error(404, "Unable to identify project " + project);
            }
            return answer(request, path.subList(2, path.size()), caller, project);
        }
        if (!path.isEmpty() && path.get(0).equals("dicomweb")) {
            return dicomWeb == null
                    ? Response.error(404, "Not found: " + request.rawPath())
                    : dicomWeb.answer(request, caller, path.subList(1, path.size()));
        }
        return answer(request, path, caller, null);
    }

    private Response answer(Request request, List<String> path, Caller caller, @Nullable String project)
            throws IOException {
        String head = path.isEmpty() ? "" : path.get(0);
        return switch (head) {
            case "events" -> events.answer(request, caller.user(), project, path.subList(1, path.size()));
            case "commands", "wrappers", "containers" -> containers.answer(request, caller.user(), project, path);
            default ->
                project == null && path.equals(List.of("workflows"))
                        ? workflows.list(request, caller.user())
                        : site.xapi(request, project == null ? path : List.of("projects", project, head), caller);
        };
    }
}
