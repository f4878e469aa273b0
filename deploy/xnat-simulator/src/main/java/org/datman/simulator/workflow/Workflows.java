package org.datman.simulator.workflow;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.datman.simulator.archive.ArchiveEvent;
import org.datman.simulator.archive.Session;
import org.datman.simulator.auth.User;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.Response;
import org.datman.simulator.http.Table;
import org.datman.simulator.http.Times;

/** The latest workflows, kept in memory only; {@code /data/workflows} and {@code /xapi/workflows}. Thread-safe. */
public final class Workflows {
    private static final int LIMIT = 5_000;

    private final Deque<Workflow> workflows = new ArrayDeque<>();
    private long lastNumber = 100;

    /** Records an event as a completed workflow. */
    public void note(ArchiveEvent event) {
        open(event.session(), event.kind().workflow, "Complete", event.time());
    }

    /** Opens a workflow, such as the AutoRun pipeline that hangs in {@code Queued}. */
    public synchronized Workflow open(Session session, String pipeline, String status, Instant launched) {
        Workflow workflow = new Workflow(
                ++lastNumber, pipeline, status, session.xsiType(), session.id(), session.project(), launched);
        if (workflows.size() == LIMIT) {
            workflows.removeFirst();
        }
        workflows.addLast(workflow);
        return workflow;
    }

    public synchronized List<Workflow> all() {
        return List.copyOf(workflows);
    }

    private Workflow require(User user, String id) {
        return all().stream()
                .filter(w -> Long.toString(w.id()).equals(id) && user.canRead(w.project()))
                .findFirst()
                .orElseThrow(() -> new Refusal(404, "Unable to find workflow " + id));
    }

    private synchronized void put(Workflow changed) {
        List<Workflow> kept = workflows.stream()
                .map(w -> w.id() == changed.id() ? changed : w)
                .toList();
        workflows.clear();
        workflows.addAll(kept);
    }

    /** Rows for a search over {@code wrk:workflowData}. */
    public List<Map<String, String>> rows(User user) {
        return all().stream()
                .filter(w -> user.canRead(w.project()))
                .map(w -> Table.row(
                        "wrk_workflowdata_id",
                        Long.toString(w.id()),
                        "wrk_workflowData_id",
                        Long.toString(w.id()),
                        "pipeline_name",
                        w.pipeline(),
                        "status",
                        w.status(),
                        "data_type",
                        w.dataType(),
                        "ID",
                        w.dataId(),
                        "ExternalID",
                        w.project(),
                        "launch_time",
                        Times.cell(w.launched())))
                .toList();
    }

    /** {@code /data/workflows/{id}}: read, or given another status. */
    public Response answer(Request request, User user, List<String> path) {
        if (path.size() != 1) {
            throw Refusal.notDone(request.method() + " " + request.rawPath());
        }
        Workflow workflow = require(user, path.get(0));
        request.withMethod("GET", "PUT");
        if (request.method().equals("PUT")) {
            if (!user.canEdit(workflow.project())) {
                throw new Refusal(403, "Insufficient rights.");
            }
            request.withoutBody().knowing("wrk:workflowData/status", "status");
            String status = request.query().getOrDefault("wrk:workflowData/status", request.query("status"));
            if (status.isEmpty()) {
                throw new Refusal(400, "No status was given.");
            }
            put(workflow.withStatus(status));
            return Response.text(200, "");
        }
        request.knowing().givenAs("json");
        ObjectNode item = JsonNodeFactory.instance.objectNode();
        item.putArray("children");
        ObjectNode fields = item.putObject("data_fields");
        rows(user).stream()
                .filter(row -> path.get(0).equals(row.get("wrk_workflowdata_id")))
                .forEach(row -> row.forEach(fields::put));
        item.putObject("meta").put("xsi:type", "wrk:workflowData").put("isHistory", false);
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.putArray("items").add(item);
        return Response.json(200, document);
    }

    /** {@code POST /xapi/workflows}: the workflows of a session, {@code {"id": …, "data_type": …}}. */
    public Response list(Request request, User user) {
        request.withMethod("POST").knowing();
        ObjectNode asked = asked(request);
        asked.fieldNames().forEachRemaining(name -> {
            if (!List.of("id", "data_type").contains(name)) {
                throw Refusal.notDone(name + " of a list of workflows");
            }
        });
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        all().stream()
                .filter(w -> user.canRead(w.project()))
                .filter(w -> !asked.has("id") || asked.path("id").asText().equals(w.dataId()))
                .filter(w -> !asked.has("data_type")
                        || asked.path("data_type").asText().equals(w.dataType()))
                .forEach(w -> list.addObject()
                        .put("wfid", w.id())
                        .put("id", w.dataId())
                        .put("externalId", w.project())
                        .put("dataType", w.dataType())
                        .put("pipelineName", w.pipeline())
                        .put("status", w.status())
                        .put("launchTime", w.launched().toEpochMilli()));
        return Response.json(200, list);
    }

    private static ObjectNode asked(Request request) {
        return request.bodyText().isBlank() ? JsonNodeFactory.instance.objectNode() : request.jsonObject();
    }
}
