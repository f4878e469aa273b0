package org.datman.simulator.webhook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.temporal.ChronoUnit;
import org.datman.simulator.archive.ArchiveEvent;
import org.datman.simulator.archive.Resource;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;

/** The three body shapes. Events that the Event Service does not have use the canonical shape: only scripts send them. */
public final class Bodies {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Bodies() {}

    static ObjectNode body(ArchiveEvent event, Shape shape, String project, String source, long workflow) {
        if (shape == Shape.EVENT_SERVICE && event.kind().serviceEvent != null) {
            return service(event, project);
        }
        return shape == Shape.SCRIPT ? script(event, project) : canonical(event, project, source, workflow);
    }

    private static ObjectNode canonical(ArchiveEvent event, String project, String source, long workflow) {
        return NODES.objectNode()
                .put("source", source)
                .put("event", event.kind().workflow)
                .put("status", "Complete")
                .put("eventClass", "org.nrg.xft.event.entities.WorkflowStatusEvent")
                .put("workflowId", Long.toString(workflow))
                .put("dataType", event.session().xsiType())
                .put("dataId", event.session().id())
                .put("externalId", project)
                .put("user", "admin")
                .put("time", event.time().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private static ObjectNode script(ArchiveEvent event, String project) {
        return NODES.objectNode()
                .put("dataId", event.session().id())
                .put("externalId", project)
                .put("event", event.kind().workflow)
                .put("status", "Complete");
    }

    /** The session of an event as the Event Service describes it. */
    public static ObjectNode service(ArchiveEvent event, String project) {
        Session session = event.session();
        ObjectNode body = NODES.objectNode().put("type", "Session").put("id", session.id());
        if (event.kind() == ArchiveEvent.Kind.DELETED) {
            return body;
        } // a deleted object has only its id
        body.put("label", session.label())
                .put("xsiType", session.xsiType())
                .put("uri", "/archive/experiments/" + session.id())
                .put("project-id", project)
                .put("subject-id", session.subjectId())
                .put("directory", "/data/xnat/archive/" + session.project() + "/arc001/" + session.archiveDir() + "/");
        ArrayNode modalities = body.putArray("modalities-in-study");
        session.scans().stream().map(Scan::modality).distinct().forEach(modalities::add);
        ArrayNode scans = body.putArray("scans");
        session.scans().forEach(s -> scans.add(scan(session, s)));
        body.putArray("assessors");
        ArrayNode resources = body.putArray("resources");
        session.resources().forEach(r -> resources.add(resource("/archive/experiments/" + session.id(), r)));
        return body;
    }

    static ObjectNode scan(Session session, Scan scan) {
        String uri = "/archive/experiments/" + session.id() + "/scans/" + scan.id();
        ObjectNode body = NODES.objectNode()
                .put("type", "Scan")
                .put("id", scan.id())
                .put("label", scan.id() + " - " + scan.type())
                .put("xsiType", scan.xsiType())
                .put("uri", uri)
                .put("integer-id", scan.rowId())
                .put("scan-type", scan.type())
                .put("session-id", session.id())
                .put("project-id", session.project())
                .put("quality", scan.quality())
                .put("frames", scan.frames())
                .put("modality", scan.modality())
                .put("series-description", scan.description())
                .put("uid", scan.uid());
        ArrayNode resources = body.putArray("resources");
        scan.resources().forEach(r -> resources.add(resource(uri, r)));
        return body;
    }

    static ObjectNode resource(String owner, Resource resource) {
        return NODES.objectNode()
                .put("type", "Resource")
                .put("id", resource.label())
                .put("label", resource.label())
                .put("xsiType", "xnat:resourceCatalog")
                .put("uri", owner + "/resources/" + resource.id())
                .put("integer-id", resource.id());
    }
}
