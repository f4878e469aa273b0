package org.datman.simulator.container;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.datman.simulator.auth.User;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.Response;
import org.jspecify.annotations.Nullable;

/** {@code /xapi/commands}, {@code /xapi/wrappers} and {@code /xapi/containers}, and the same below {@code /xapi/projects/P}. */
public final class ContainerApi {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private final ContainerService containers;

    public ContainerApi(ContainerService containers) {
        this.containers = containers;
    }

    /**
     * Answers.
     *
     * @param project null for the site
     * @param path from {@code commands}, {@code wrappers} or {@code containers} on
     */
    public Response answer(Request request, User user, @Nullable String project, List<String> path) {
        if (project == null ? !user.admin() : !user.canEdit(project)) {
            throw new Refusal(403, "Not authorized.");
        }
        String head = path.get(0);
        if (head.equals("containers")) {
            return containers(request, project, path);
        }
        if (head.equals("wrappers") && path.size() == 3) {
            return enabling(request, containers.wrapper(number(path.get(1))), project, path.get(2));
        }
        if (!head.equals("commands")) {
            throw notDone(request);
        }
        if (path.size() == 5 && path.get(2).equals("wrappers")) {
            Command.Wrapper wrapper = containers.command(number(path.get(1))).wrappers().stream()
                    .filter(w -> w.name().equals(path.get(3)))
                    .findFirst()
                    .orElseThrow(() -> new Refusal(404, "Could not find wrapper " + path.get(3)));
            return enabling(request, wrapper, project, path.get(4));
        }
        if (project != null || path.size() > 2) {
            throw notDone(request);
        }
        return path.size() == 1 ? commands(request) : command(request, number(path.get(1)));
    }

    private static Refusal notDone(Request request) {
        return Refusal.notDone(request.method() + " " + request.rawPath());
    }

    private static long number(String text) {
        if (!text.matches("\\d{1,9}")) {
            throw new Refusal(400, "Not a number: " + text);
        }
        return Long.parseLong(text);
    }

    private Response commands(Request request) {
        if (request.withMethod("GET", "POST").method().equals("POST")) {
            request.knowing().givenAs();
            return Response.json(
                    201, NODES.numberNode(containers.add(request.jsonObject()).id()));
        }
        request.knowing("name", "version", "image").givenAs("json");
        ArrayNode list = NODES.arrayNode();
        containers.commands().stream()
                .map(Command::document)
                .filter(c -> List.of("name", "version", "image").stream()
                        .allMatch(key -> request.query(key).isEmpty()
                                || request.query(key).equals(c.path(key).asText())))
                .forEach(list::add);
        return Response.json(200, list);
    }

    private Response command(Request request, long id) {
        request.withMethod("GET", "DELETE").knowing().givenAs("json");
        if (request.method().equals("DELETE")) {
            request.withoutBody();
            containers.delete(id);
            return Response.text(204, "");
        }
        return Response.json(200, containers.command(id).document());
    }

    private Response enabling(Request request, Command.Wrapper wrapper, @Nullable String project, String what) {
        request.knowing("reason").givenAs("json");
        if (what.equals("enabled") && request.reads()) {
            return Response.json(200, NODES.booleanNode(containers.isEnabled(wrapper.id(), project)));
        }
        if (!what.equals("enabled") && !what.equals("disabled")) {
            throw notDone(request);
        }
        request.withMethod("PUT").withoutBody();
        containers.enable(wrapper.id(), project, what.equals("enabled"));
        return Response.text(200, "");
    }

    private Response containers(Request request, @Nullable String project, List<String> path) {
        request.withMethod("GET").knowing().givenAs("json");
        List<Container> visible = containers.containers().stream()
                .filter(c -> project == null || c.project().equals(project))
                .toList();
        if (path.size() == 1) {
            ArrayNode list = NODES.arrayNode();
            visible.forEach(c -> list.add(json(c)));
            return Response.json(200, list);
        }
        Container one = visible.stream()
                .filter(c -> Long.toString(c.id()).equals(path.get(1)))
                .findFirst()
                .orElseThrow(() -> new Refusal(404, "Could not find container " + path.get(1)));
        if (path.size() == 2) {
            return Response.json(200, json(one));
        }
        if (path.size() == 4 && path.get(2).equals("logs") && path.get(3).equals("stdout")) {
            return Response.text(200, one.output());
        }
        throw notDone(request);
    }

    private static ObjectNode json(Container container) {
        return NODES.objectNode()
                .put("id", container.id())
                .put("command-id", container.commandId())
                .put("wrapper-id", container.wrapperId())
                .put("wrapper-name", container.wrapper())
                .put("project", container.project())
                .put("user-id", container.user())
                .put("command-line", container.commandLine())
                .put("workflow-id", Long.toString(container.id()))
                .put("status", container.status())
                .put("status-time", container.time().toEpochMilli());
    }
}
