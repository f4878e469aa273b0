package org.datman.simulator.eventservice;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.datman.simulator.auth.User;
import org.datman.simulator.container.ContainerService;
import org.datman.simulator.http.Call;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Reply;

/** `/xapi/events` and its twin below `/xapi/projects/P`. */
public final class EventServiceApi {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> KEYS =
            Set.of("name", "active", "action-key", "attributes", "event-filter", "event-selector", "act-as-event-user");
    /** What the server says of a subscription; a client may say it back, and change none of it. */
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
     * @param path what follows `events`
     */
    public Reply answer(Call call, User user, String project, List<String> path) {
        if (project == null ? !user.admin() : !user.canEdit(project)) throw new Refusal(403, "Not authorized.");
        call.givenAs("json");
        var head = path.isEmpty() ? "" : path.get(0);
        var route = head + "/" + path.size();
        return switch (route) {
            case "prefs/1" -> prefs(call, project);
            case "events/1" -> types(call);
            case "actions/1", "allactions/1" -> actions(call.withMethod("GET"), project);
            case "subscriptions/1" -> list(call, s -> isOf(s, project));
            case "subscription/1" -> create(call.withMethod("POST").knowing(), user, project);
            case "subscription/2" -> one(call, project, number(call, path.get(1)));
            case "subscription/3" -> activate(call, project, number(call, path.get(1)), path.get(2));
            case "delivered/1", "delivered/2" -> delivered(call, project, path);
            default -> throw notDone(call);
        };
    }

    private static Refusal notDone(Call call) {
        return Refusal.notDone(call.method() + " " + call.rawPath());
    }

    private static long number(Call call, String text) {
        if (!text.matches("\\d{1,9}")) throw notDone(call);
        return Long.parseLong(text);
    }

    private static boolean isOf(Subscription subscription, String project) {
        return project == null || subscription.projects().equals(List.of(project));
    }

    private Reply prefs(Call call, String project) {
        if (project != null) throw notDone(call);
        call.withMethod("GET", "PUT").knowing();
        if (call.method().equals("PUT")) {
            var body = body(call);
            body.fieldNames().forEachRemaining(name -> {
                if (!name.equals("enabled")) throw Refusal.notDone("the preference " + name + " of the Event Service");
            });
            if (!body.path("enabled").isBoolean()) throw new Refusal(400, "enabled must be true or false.");
            events.enable(body.path("enabled").asBoolean());
        }
        return Reply.json(200, NODES.objectNode().put("enabled", events.isEnabled()));
    }

    private static ObjectNode body(Call call) {
        try {
            if (JSON.readTree(call.bodyText()) instanceof ObjectNode object) return object;
        } catch (JsonProcessingException malformed) {
            throw new Refusal(400, "Not JSON: " + malformed.getOriginalMessage());
        }
        throw new Refusal(400, "The body must be a JSON object.");
    }

    private static Reply types(Call call) {
        call.withMethod("GET").knowing();
        var list = NODES.arrayNode();
        for (var type : EventType.values()) {
            var node = list.addObject()
                    .put("id", type.id())
                    .put("type", type.id())
                    .put("display-name", type.name)
                    .put("xnat-type", type.xnatType)
                    .put("is-xsi-type", true);
            type.statuses.forEach(node.putArray("statuses")::add);
            node.putArray("event-scope").add("PROJECT").add("SITE");
        }
        return Reply.json(200, list);
    }

    private Reply actions(Call call, String project) {
        call.knowing("projectid", "event-type");
        var asked = call.query("projectid").isEmpty() ? project : call.query("projectid");
        if (project != null && !project.equals(asked)) throw new Refusal(403, "Not an action of project " + project);
        var of = asked;
        var type = call.query("event-type").isEmpty() ? null : EventType.of(call.query("event-type"));
        var list = NODES.arrayNode();
        list.add(action(EventService.LOGGING_ACTION, "Logging Action"));
        containers.wrappers().stream()
                .filter(wrapper -> containers.isEnabled(wrapper.id(), of))
                .filter(wrapper -> type == null || (type == EventType.SESSION && wrapper.takesSession()))
                .forEach(wrapper -> list.add(action(EventService.COMMAND_ACTION + wrapper.id(), wrapper.label())));
        return Reply.json(200, list);
    }

    private static ObjectNode action(String key, String name) {
        var node = NODES.objectNode()
                .put("id", key.substring(key.indexOf(':') + 1))
                .put("display-name", name)
                .put("action-key", key);
        node.putObject("attributes");
        return node;
    }

    // ---- subscriptions ---------------------------------------------------------------------------------------------

    private Reply create(Call call, User user, String project) {
        var fresh = new Subscription(0, "", true, "", "", "", List.of(), user.name(), clock.instant());
        var created = events.put(read(body(call), fresh, project));
        return Reply.text(201, created.name() + ":" + created.id());
    }

    /** A subscription with what a body says of it; what it says and is not kept is refused. */
    private static Subscription read(JsonNode body, Subscription old, String project) {
        var known = json(old);
        body.properties().forEach(said -> {
            boolean heeded = KEYS.contains(said.getKey())
                    || (OF_THE_SERVER.contains(said.getKey())
                            && (said.getValue().isNull()
                                    || said.getValue()
                                            .asText()
                                            .equals(known.path(said.getKey()).asText(null))));
            if (!heeded) throw Refusal.notDone(said.getKey() + " " + said.getValue() + " of a subscription");
        });
        if (flag(body, "act-as-event-user", false)) throw Refusal.notDone("acting as the user of an event");
        var filter = body.path("event-filter");
        if (!filter.isMissingNode() && !filter.isObject()) throw new Refusal(400, "event-filter must be an object.");
        filter.fieldNames().forEachRemaining(name -> {
            if (!FILTER_KEYS.contains(name)) throw Refusal.notDone(name + " of a filter of events");
        });
        for (var unheeded : List.of("payload-filter", "schedule")) {
            if (!filter.path(unheeded).asText("").isEmpty()) throw Refusal.notDone(unheeded + " of a filter of events");
        }
        if (!body.path("attributes").isEmpty()) throw Refusal.notDone("attributes of a subscription");
        var selector = body.path("event-selector").asText("");
        var type = filter.path("event-type").asText(old.eventType());
        var status = filter.path("status").asText(old.status());
        if (!selector.isEmpty() && !selector.equals(type + ":" + status)) {
            throw new Refusal(424, "event-selector " + selector + " is not the filter's " + type + ":" + status);
        }
        var projects = new ArrayList<String>();
        var ids = filter.path("project-ids");
        if (!ids.isMissingNode() && !ids.isNull() && !ids.isArray()) {
            throw new Refusal(400, "project-ids must be a list: of no project it means all.");
        }
        if (filter.has("project-ids")) ids.forEach(id -> projects.add(id.asText()));
        else projects.addAll(old.projects());
        if (project != null && !projects.equals(List.of(project))) {
            throw new Refusal(403, "A subscription of project " + project + " must be for that project only.");
        }
        var name = body.path("name").asText(old.name());
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
        var value = body.path(name);
        if (value.isMissingNode()) return otherwise;
        if (!value.isBoolean()) throw new Refusal(400, name + " must be true or false.");
        return value.asBoolean();
    }

    private Subscription require(String project, long id) {
        var found = events.subscription(id);
        if (!isOf(found, project)) throw new Refusal(403, "Not a subscription of project " + project);
        return found;
    }

    private Reply one(Call call, String project, long id) {
        call.withMethod("GET", "PUT", "DELETE").knowing();
        var old = require(project, id);
        switch (call.method()) {
            case "PUT" -> {
                events.put(read(body(call), old, project));
                return Reply.text(200, "");
            }
            case "DELETE" -> {
                call.withoutBody();
                events.delete(id);
                return Reply.text(204, "");
            }
            default -> {
                return Reply.json(200, json(old));
            }
        }
    }

    private Reply activate(Call call, String project, long id, String what) {
        if (!what.equals("activate") && !what.equals("deactivate")) throw notDone(call);
        call.withMethod("POST").withoutBody().knowing();
        events.put(require(project, id).withActive(what.equals("activate")));
        return Reply.text(200, "");
    }

    private Reply list(Call call, Predicate<Subscription> which) {
        call.withMethod("GET").knowing();
        var list = NODES.arrayNode();
        events.subscriptions().stream().filter(which).map(EventServiceApi::json).forEach(list::add);
        return Reply.json(200, list);
    }

    private static ObjectNode json(Subscription s) {
        var node = NODES.objectNode()
                .put("id", s.id())
                .put("name", s.name())
                .put("active", s.active())
                .put("action-key", s.actionKey())
                .put("act-as-event-user", false)
                .put("subscription-owner", s.owner())
                .put("valid", true)
                .put("created", s.created().toEpochMilli());
        node.putObject("attributes");
        var filter =
                node.putObject("event-filter").put("event-type", s.eventType()).put("status", s.status());
        s.projects().forEach(filter.putArray("project-ids")::add);
        return node;
    }

    // ---- deliveries ------------------------------------------------------------------------------------------------

    private Reply delivered(Call call, String project, List<String> path) {
        var all = events.delivered().stream()
                .filter(d -> project == null || d.event().session().project().equals(project))
                .toList();
        if (path.size() == 1) {
            call.withMethod("POST").knowing("project", "subscription-id");
            if (!call.bodyText().isBlank() && !body(call).isEmpty()) throw Refusal.notDone("pages of deliveries");
            var list = NODES.arrayNode();
            chosen(call, all).forEach(d -> list.add(json(d)));
            return Reply.json(200, list);
        }
        call.withMethod("GET");
        if (path.get(1).equals("count")) {
            call.knowing("project", "subscription-id");
            return Reply.json(200, NODES.numberNode(chosen(call, all).size()));
        }
        call.knowing();
        long id = number(call, path.get(1));
        return all.stream()
                .filter(d -> d.id() == id)
                .findFirst()
                .map(d -> Reply.json(200, json(d)))
                .orElseThrow(() -> new Refusal(404, "Could not find delivery with id " + id));
    }

    private static List<Delivered> chosen(Call call, List<Delivered> all) {
        var project = call.query("project");
        var subscription = call.query("subscription-id");
        return all.stream()
                .filter(d -> project.isEmpty() || d.event().session().project().equals(project))
                .filter(d -> subscription.isEmpty()
                        || Long.toString(d.subscription().id()).equals(subscription))
                .toList();
    }

    private static ObjectNode json(Delivered d) {
        var session = d.event().session();
        var node = NODES.objectNode()
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
        var steps = node.putArray("status");
        for (int i = 0; i < d.steps().size(); i++) {
            steps.addObject()
                    .put("status", d.steps().get(i))
                    .put("timestamp", d.time().toString())
                    .put("message", i == d.steps().size() - 1 ? d.message() : "");
        }
        return node;
    }
}
