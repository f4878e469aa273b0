package org.datman.simulator.rest;

import java.io.IOException;
import java.util.List;
import org.datman.simulator.archive.Archive;
import org.datman.simulator.auth.Visitor;
import org.datman.simulator.container.ContainerApi;
import org.datman.simulator.eventservice.EventServiceApi;
import org.datman.simulator.http.Call;
import org.datman.simulator.http.Reply;
import org.datman.simulator.workflow.Workflows;

/** Everything under `/xapi`. */
final class Xapi {
    private final Archive archive;
    private final SiteInfo site;
    private final EventServiceApi events;
    private final ContainerApi containers;
    private final Workflows workflows;

    Xapi(Archive archive, SiteInfo site, EventServiceApi events, ContainerApi containers, Workflows workflows) {
        this.archive = archive;
        this.site = site;
        this.events = events;
        this.containers = containers;
        this.workflows = workflows;
    }

    Reply answer(Call call, List<String> path, Visitor visitor) throws IOException {
        if (path.size() > 2 && path.get(0).equals("projects")) {
            var project = path.get(1);
            if (archive.project(project) == null || !visitor.user().canRead(project)) {
                return Reply.error(404, "Unable to identify project " + project);
            }
            return answer(call, path.subList(2, path.size()), visitor, project);
        }
        return answer(call, path, visitor, null);
    }

    private Reply answer(Call call, List<String> path, Visitor visitor, String project) throws IOException {
        var head = path.isEmpty() ? "" : path.get(0);
        return switch (head) {
            case "events" -> events.answer(call, visitor.user(), project, path.subList(1, path.size()));
            case "commands", "wrappers", "containers" -> containers.answer(call, visitor.user(), project, path);
            default ->
                project == null && path.equals(List.of("workflows"))
                        ? workflows.list(call, visitor.user())
                        : site.xapi(call, project == null ? path : List.of("projects", project, head), visitor);
        };
    }
}
