package org.datman.simulator.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.datman.simulator.arrival.SessionFeed;
import org.datman.simulator.http.Handler;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.RequestLog;
import org.datman.simulator.http.Response;
import org.datman.simulator.webhook.Delivery;

/**
 * The simulator's own paths, outside XNAT's name space and without login: {@code POST /_sim/actions}, {@code /_sim/faults},
 * {@code /_sim/webhooks}, {@code /_sim/requests}, {@code GET /_sim/sessions}, {@code GET /_sim/arrivals}. For tests and demos on one machine.
 */
public final class AdminApi implements Handler {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Actions actions;

    public AdminApi(Actions actions) {
        this.actions = actions;
    }

    @Override
    public Response answer(Request request) throws IOException {
        try {
            List<String> path = request.segments();
            String what = request.method() + " " + (path.size() > 1 ? path.get(1) : "");
            return switch (what) {
                case "POST actions" -> Response.json(200, actions.run(body(request)));
                case "GET sessions" -> sessions();
                case "GET arrivals" -> arrivals();
                case "GET requests" -> requests(request);
                case "DELETE requests" -> {
                    actions.log().clear();
                    yield done();
                }
                case "GET faults" -> faults();
                case "POST faults" ->
                    Response.json(
                            201,
                            JsonNodeFactory.instance
                                    .objectNode()
                                    .put("id", actions.faults().add(actions.rule(body(request)))));
                case "DELETE faults" -> {
                    if (path.size() > 2) {
                        actions.faults().remove(path.get(2));
                    } else {
                        actions.faults().clear();
                    }
                    yield done();
                }
                case "GET webhooks" -> deliveries();
                case "POST webhooks" -> webhooks(path.size() > 2 ? path.get(2) : "", request);
                default ->
                    Response.json(404, error("no such admin path: " + request.method() + " " + request.rawPath()));
            };
        } catch (JsonProcessingException e) {
            return Response.json(400, error("the body is no JSON: " + e.getOriginalMessage()));
        } catch (IllegalArgumentException e) {
            return Response.json(400, error(String.valueOf(e.getMessage())));
        }
    }

    private static JsonNode body(Request request) throws JsonProcessingException {
        return JSON.readTree(request.bodyText());
    }

    private static JsonNode error(String message) {
        return JsonNodeFactory.instance.objectNode().put("error", message);
    }

    private static Response done() {
        return Response.json(200, JsonNodeFactory.instance.objectNode().put("done", true));
    }

    private Response sessions() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        actions.archive().sessions().forEach(s -> list.add(Actions.summary(s)));
        return Response.json(200, list);
    }

    private Response arrivals() {
        SessionFeed.Progress progress = actions.arrivals().progress();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("planned", progress.planned()).put("done", progress.done()).put("complete", progress.isComplete());
        ArrayNode failures = node.putArray("failures");
        progress.failures().forEach(failures::add);
        return Response.json(200, node);
    }

    private Response requests(Request request) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        String pattern = request.query("matching");
        List<RequestLog.Entry> entries =
                pattern.isEmpty() ? actions.log().entries() : actions.log().matching(pattern);
        for (RequestLog.Entry e : entries) {
            list.addObject()
                    .put("time", e.time().toString())
                    .put("method", e.method())
                    .put("uri", e.uri())
                    .put("status", e.status())
                    .put("fault", e.fault());
        }
        return Response.json(200, list);
    }

    private Response faults() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        actions.faults().rules().forEach((id, rule) -> list.addObject()
                .put("id", id)
                .put("fault", rule.fault().name())
                .put("path", rule.path().pattern())
                .put("times", rule.times())
                .put("struck", actions.faults().struck(id)));
        return Response.json(200, list);
    }

    private Response deliveries() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Delivery d : actions.webhooks().deliveries()) {
            list.addObject()
                    .put("delivery", d.deliveryId())
                    .put("time", d.time().toString())
                    .put("event", d.event())
                    .put("session", d.sessionId())
                    .put("shape", d.shape().name())
                    .put("status", d.status());
        }
        return Response.json(200, list);
    }

    /** {@code usual} and {@code next} set how events are delivered, {@code release} sends the held ones. */
    private Response webhooks(String what, Request request) throws JsonProcessingException {
        switch (what) {
            case "usual" -> actions.webhooks().usually(Actions.emissionAlone(body(request)));
            case "next" -> actions.webhooks().next(Actions.emissionAlone(body(request)));
            case "release" -> actions.webhooks().release();
            default -> throw new IllegalArgumentException("POST /_sim/webhooks/usual, next or release");
        }
        return done();
    }
}
