package org.datman.simulator.eventservice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.datman.simulator.archive.Session;
import org.datman.simulator.auth.User;
import org.datman.simulator.container.ContainerService;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.Response;
import org.jspecify.annotations.Nullable;

/** {@code /xapi/events} and the same below {@code /xapi/projects/P}. */
public final class EventServiceApi {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> KEYS =
            Set.of("name", "active", "action-key", "attributes", "event-filter", "event-selector", "act-as-event-user");
    /** Read-only members of a subscription; a client may send them back unchanged. */
    private static final Set<String> OF_THE_SERVER =
            Set.of("id", "subscription-owner", "valid", "validation-message", "created");

    private static final Set<String> FILTER_KEYS =
            Set.of("event-type", "project-ids", "status", "payload-filter", "schedule");

    private final EventService events;
    private final ContainerService containers;
    private final Clock clock;

    public EventServiceApi(EventService events, ContainerService containers, Clock clock) {
        this.events = events;
        this.containers = containers;
        this.clock = clock;
    }

    /**
     * Answers.
     *
     * @param project null for the site
     * @param path what follows {@code events}
     */
    public Response answer(Request request, User user, @Nullable String project, List<String> path) {
        if (project == null ? !user.admin() : !user.canEdit(project)) {
            throw new Refusal(403, "Not authorized.");
        }
        request.givenAs("json");
        String head = path.isEmpty() ? "" : path.get(0);
        String route = head + "/" + path.size();
        return switch (route) {
            case "prefs/1" -> prefs(request, project);
            case "events/1" -> types(request);
            case "actions/1", "allactions/1" -> actions(request.withMethod("GET"), project);
            case "subscriptions/1" -> list(request, s -> isOf(s, project));
            case "subscription/1" -> create(request.withMethod("POST").knowing(), user, project);
            case "subscription/2" -> one(request, project, number(request, path.get(1)));
            case "subscription/3" -> activate(request, project, number(request, path.get(1)), path.get(2));
            case "delivered/1", "delivered/2" -> delivered(request, project, path);
            default -> throw notDone(request);
        };
    }

    private static Refusal notDone(Request request) {
        return Refusal.notDone(request.method() + " " + request.rawPath());
    }

    private static long number(Request request, String text) {
        if (!text.matches("\\d{1,9}")) {
            throw notDone(request);
        }
        return Long.parseLong(text);
    }

    private static boolean isOf(Subscription subscription, @Nullable String project) {
        return project == null || subscription.projects().equals(List.of(project));
    }

    private Response prefs(Request request, @Nullable String project) {
        if (project != null) {
            throw notDone(request);
        }
        request.withMethod("GET", "PUT").knowing();
        if (request.method().equals("PUT")) {
            ObjectNode body = request.jsonObject();
            body.fieldNames().forEachRemaining(name -> {
                if (!name.equals("enabled")) {
                    throw Refusal.notDone("the preference " + name + " of the Event Service");
                }
            });
            if (!body.path("enabled").isBoolean()) {
                throw new Refusal(400, "enabled must be true or false.");
            }
            events.enable(body.path("enabled").asBoolean());
        }
        return Response.json(200, NODES.objectNode().put("enabled", events.isEnabled()));
    }

    private static Response types(Request request) {
        request.withMethod("GET").knowing();
        ArrayNode list = NODES.arrayNode();
        for (ServiceEventType type : ServiceEventType.values()) {
            ObjectNode node = list.addObject()
                    .put("id", type.id())
                    .put("type", type.id())
                    .put("display-name", type.name)
                    .put("xnat-type", type.xnatType)
                    .put("is-xsi-type", true);
            type.statuses.forEach(node.putArray("statuses")::add);
            node.putArray("event-scope").add("PROJECT").add("SITE");
        }
        return Response.json(200, list);
    }

    private Response actions(Request request, @Nullable String project) {
        request.knowing("projectid", "event-type");
        String of = request.query("projectid").isEmpty() ? project : request.query("projectid");
        if (project != null && !project.equals(of)) {
            throw new Refusal(403, "Not an action of project " + project);
        }
        ServiceEventType type =
                request.query("event-type").isEmpty() ? null : ServiceEventType.of(request.query("event-type"));
        ArrayNode list = NODES.arrayNode();
        list.add(action(EventService.LOGGING_ACTION, "Logging Action"));
        containers.wrappers().stream()
                .filter(wrapper -> containers.isEnabled(wrapper.id(), of))
                .filter(wrapper -> type == null || (type == ServiceEventType.SESSION && wrapper.takesSession()))
                .forEach(wrapper -> list.add(action(EventService.COMMAND_ACTION + wrapper.id(), wrapper.label())));
        return Response.json(200, list);
    }

    private static ObjectNode action(String key, String name) {
        ObjectNode node = NODES.objectNode()
                .put("id", key.substring(key.indexOf(':') + 1))
                .put("display-name", name)
                .put("action-key", key);
        node.putObject("attributes");
        return node;
    }

    // ---- subscriptions ---------------------------------------------------------------------------------------------

    private Response create(Request request, User user, @Nullable String project) {
        Subscription fresh = new Subscription(0, "", true, "", "", "", List.of(), user.name(), clock.instant());
        Subscription created = events.put(read(request.jsonObject(), fresh, project));
        return Response.text(201, created.name() + ":" + created.id());
    }

    /** A subscription with the members of a body; members that are not kept are rejected. */
    private static Subscription read(JsonNode body, Subscription old, @Nullable String project) {
        ObjectNode known = json(old);
        body.properties().forEach(member -> {
            boolean supported = KEYS.contains(member.getKey())
                    || (OF_THE_SERVER.contains(member.getKey())
                            && (member.getValue().isNull()
                                    || member.getValue()
                                            .asText()
                                            .equals(known.path(member.getKey()).asText(null))));
            if (!supported) {
                throw Refusal.notDone(member.getKey() + " " + member.getValue() + " of a subscription");
            }
        });
        if (flag(body, "act-as-event-user", false)) {
            throw Refusal.notDone("acting as the user of an event");
        }
        JsonNode filter = body.path("event-filter");
        if (!filter.isMissingNode() && !filter.isObject()) {
            throw new Refusal(400, "event-filter must be an object.");
        }
        filter.fieldNames().forEachRemaining(name -> {
            if (!FILTER_KEYS.contains(name)) {
                throw Refusal.notDone(name + " of a filter of events");
            }
        });
        for (String unheeded : List.of("payload-filter", "schedule")) {
            if (!filter.path(unheeded).asText("").isEmpty()) {
                throw Refusal.notDone(unheeded + " of a filter of events");
            }
        }
        if (!body.path("attributes").isEmpty()) {
            throw Refusal.notDone("attributes of a subscription");
        }
        String selector = body.path("event-selector").asText("");
        String type = filter.path("event-type").asText(old.eventType());
        String status = filter.path("status").asText(old.status());
        if (!selector.isEmpty() && !selector.equals(type + ":" + status)) {
            throw new Refusal(424, "event-selector " + selector + " is not the filter's " + type + ":" + status);
        }
        List<String> projects = new ArrayList<>();
        JsonNode ids = filter.path("project-ids");
        if (!ids.isMissingNode() && !ids.isNull() && !ids.isArray()) {
            throw new Refusal(400, "project-ids must be a list: of no project it means all.");
        }
        if (filter.has("project-ids")) {
            ids.forEach(id -> projects.add(id.asText()));
        } else {
            projects.addAll(old.projects());
        }
        if (project != null && !projects.equals(List.of(project))) {
            throw new Refusal(403, "A subscription of project " + project + " must be for that project only.");
        }
        String name = body.path("name").asText(old.name());
        return new Subscription(
                old.id(),
                name.isEmpty() ? type + " " + status : name,
                flag(body, "active", old.active()),
                body.path("action-key").asText(old.actionKey()),
                type,
                status,
                projects,
                old.owner(),
                old.created());
    }

    private static boolean flag(JsonNode body, String name, boolean otherwise) {
        JsonNode value = body.path(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw new Refusal(400, name + " must be true or false.");
        }
        return value.asBoolean();
    }

    private Subscription require(@Nullable String project, long id) {
        Subscription found = events.subscription(id);
        if (!isOf(found, project)) {
            throw new Refusal(403, "Not a subscription of project " + project);
        }
        return found;
    }

    private Response one(Request request, @Nullable String project, long id) {
        request.withMethod("GET", "PUT", "DELETE").knowing();
        Subscription old = require(project, id);
        switch (request.method()) {
            case "PUT" -> {
                events.put(read(request.jsonObject(), old, project));
                return Response.text(200, "");
            }
            case "DELETE" -> {
                request.withoutBody();
                events.delete(id);
                return Response.text(204, "");
            }
            default -> {
                return Response.json(200, json(old));
            }
        }
    }

    private Response activate(Request request, @Nullable String project, long id, String what) {
        if (!what.equals("activate") && !what.equals("deactivate")) {
            throw notDone(request);
        }
        request.withMethod("POST").withoutBody().knowing();
        events.put(require(project, id).withActive(what.equals("activate")));
        return Response.text(200, "");
    }

    private Response list(Request request, Predicate<Subscription> which) {
        request.withMethod("GET").knowing();
        ArrayNode list = NODES.arrayNode();
        events.subscriptions().stream().filter(which).map(EventServiceApi::json).forEach(list::add);
        return Response.json(200, list);
    }

    private static ObjectNode json(Subscription s) {
        ObjectNode node = NODES.objectNode()
                .put("id", s.id())
                .put("name", s.name())
                .put("active", s.active())
                .put("action-key", s.actionKey())
                .put("act-as-event-user", false)
                .put("subscription-owner", s.owner())
                .put("valid", true)
                .put("created", s.created().toEpochMilli());
        node.putObject("attributes");
        ObjectNode filter =
                node.putObject("event-filter").put("event-type", s.eventType()).put("status", s.status());
        s.projects().forEach(filter.putArray("project-ids")::add);
        return node;
    }

    // ---- deliveries ------------------------------------------------------------------------------------------------

    private Response delivered(Request request, @Nullable String project, List<String> path) {
        List<Delivered> all = events.delivered().stream()
                .filter(d -> project == null || d.event().session().project().equals(project))
                .toList();
        if (path.size() == 1) {
            request.withMethod("POST").knowing("project", "subscription-id");
            if (!request.bodyText().isBlank() && !request.jsonObject().isEmpty()) {
                throw Refusal.notDone("pages of deliveries");
            }
            ArrayNode list = NODES.arrayNode();
            chosen(request, all).forEach(d -> list.add(json(d)));
            return Response.json(200, list);
        }
        request.withMethod("GET");
        if (path.get(1).equals("count")) {
            request.knowing("project", "subscription-id");
            return Response.json(200, NODES.numberNode(chosen(request, all).size()));
        }
        request.knowing();
        long id = number(request, path.get(1));
        return all.stream()
                .filter(d -> d.id() == id)
                .findFirst()
                .map(d -> Response.json(200, json(d)))
                .orElseThrow(() -> new Refusal(404, "Could not find delivery with id " + id));
    }

    private static List<Delivered> chosen(Request request, List<Delivered> all) {
        String project = request.query("project");
        String subscription = request.query("subscription-id");
        return all.stream()
                .filter(d -> project.isEmpty() || d.event().session().project().equals(project))
                .filter(d -> subscription.isEmpty()
                        || Long.toString(d.subscription().id()).equals(subscription))
                .toList();
    }

    private static ObjectNode json(Delivered d) {
        Session session = d.event().session();
        ObjectNode node = NODES.objectNode()
                .put("id", d.id())
                .put("event-type", d.subscription().eventType())
                .put("timestamp", d.time().toString())
                .put("user", d.subscription().owner())
                .put("project", session.project())
                .put("error", d.failed());
        node.set("subscription", json(d.subscription()));
        node.putObject("trigger")
                .put("event-name", d.event().kind().serviceEvent)
                .put("status", d.event().kind().serviceStatus)
                .put("is-xsi-type", true)
                .put("xnat-type", session.xsiType())
                .put("URI", "/archive/experiments/" + session.id())
                .put("label", session.label());
        ArrayNode steps = node.putArray("status");
        for (int i = 0; i < d.steps().size(); i++) {
            steps.addObject()
                    .put("status", d.steps().get(i))
                    .put("timestamp", d.time().toString())
                    .put("message", i == d.steps().size() - 1 ? d.message() : "");
        }
        return node;
    }
}
