package org.datman.simulator.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.datman.simulator.archive.Assessor;
import org.datman.simulator.archive.Project;
import org.datman.simulator.archive.Resource;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.datman.simulator.archive.Share;
import org.datman.simulator.archive.SimulatedArchive;
import org.datman.simulator.archive.Subject;
import org.datman.simulator.http.Markup;
import org.datman.simulator.http.Times;
import org.jspecify.annotations.Nullable;

/** Single objects: XNAT's {@code items[].data_fields} with children, typed; and the XML document that is given without {@code format=json}. */
final class Items {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private final SimulatedArchive archive;

    Items(SimulatedArchive archive) {
        this.archive = archive;
    }

    /** {@code {"items":[…]}}. */
    static ObjectNode document(ObjectNode item) {
        ObjectNode document = NODES.objectNode();
        document.putArray("items").add(item);
        return document;
    }

    private static ObjectNode item(String xsiType, Instant inserted, ObjectNode fields, ArrayNode children) {
        ObjectNode item = NODES.objectNode();
        item.set("children", children);
        item.set("data_fields", fields);
        item.putObject("meta")
                .put("create_event_id", inserted.getEpochSecond() % 100_000)
                .put("xsi:type", xsiType)
                .put("isHistory", false)
                .put("start_date", Times.startDate(inserted));
        return item;
    }

    private static void child(ArrayNode children, String field, List<ObjectNode> items) {
        if (items.isEmpty()) {
            return;
        }
        ArrayNode array = NODES.arrayNode();
        items.forEach(array::add);
        children.addObject().put("field", field).set("items", array);
    }

    private static void put(ObjectNode fields, String name, Object value) {
        if (value == null || value.equals("")) {
            return;
        } // an absent value is an absent key
        if (value instanceof Integer i) {
            fields.put(name, i);
        } else if (value instanceof Long l) {
            fields.put(name, l);
        } else if (value instanceof Double d) {
            fields.put(name, d);
        } else {
            fields.put(name, value.toString());
        }
    }

    ObjectNode project(Project project) {
        ObjectNode fields = NODES.objectNode();
        put(fields, "ID", project.id());
        put(fields, "id", project.id());
        put(fields, "name", project.name());
        put(fields, "secondary_ID", project.secondaryId());
        put(fields, "description", project.description());
        put(fields, "active", "true");
        ArrayNode children = NODES.arrayNode();
        String path = "/data/xnat/archive/" + project.id() + "/resources/";
        child(children, "resources/resource", resources(project.resources(), path, null, project.inserted()));
        return item("xnat:projectData", project.inserted(), fields, children);
    }

    ObjectNode subject(Subject subject) {
        ObjectNode fields = NODES.objectNode();
        put(fields, "ID", subject.id());
        put(fields, "id", subject.id());
        put(fields, "label", subject.label());
        put(fields, "project", subject.project());
        subject.fields().forEach((name, value) -> put(fields, name, value));
        ArrayNode children = NODES.arrayNode();
        child(children, "sharing/share", shares(subject.shares(), subject.inserted()));
        List<ObjectNode> sessions = archive.sessions().stream()
                .filter(s -> s.subjectId().equals(subject.id()))
                .map(this::session)
                .toList();
        child(children, "experiments/experiment", sessions);
        String path = "/data/xnat/archive/" + subject.project() + "/subjects/" + subject.label() + "/";
        child(children, "resources/resource", resources(subject.resources(), path, null, subject.inserted()));
        return item("xnat:subjectData", subject.inserted(), fields, children);
    }

    ObjectNode session(Session session) {
        ObjectNode fields = NODES.objectNode();
        put(fields, "ID", session.id());
        put(fields, "id", session.id());
        put(fields, "label", session.label());
        put(fields, "project", session.project());
        put(fields, "subject_ID", session.subjectId());
        put(fields, "UID", session.uid());
        put(fields, "date", session.date());
        put(fields, "time", session.time());
        put(fields, "modality", session.modality());
        session.fields().forEach((name, value) -> put(fields, name, value));
        ArrayNode children = NODES.arrayNode();
        child(
                children,
                "scans/scan",
                session.scans().stream().map(s -> scan(session, s)).toList());
        child(
                children,
                "resources/resource",
                resources(session.resources(), folder(session) + "RESOURCES/", null, session.inserted()));
        child(children, "sharing/share", shares(session.shares(), session.inserted()));
        child(
                children,
                "fields/field",
                session.variables().entrySet().stream()
                        .map(v -> variable(v, session.inserted()))
                        .toList());
        return item(session.xsiType(), session.inserted(), fields, children);
    }

    static ObjectNode assessor(Session session, Assessor assessor) {
        ObjectNode fields = NODES.objectNode();
        put(fields, "ID", assessor.id());
        put(fields, "id", assessor.id());
        put(fields, "label", assessor.label());
        put(fields, "project", session.project());
        put(fields, "imageSession_ID", session.id());
        return item(assessor.xsiType(), assessor.inserted(), fields, NODES.arrayNode());
    }

    private static ObjectNode variable(Map.Entry<String, String> variable, Instant inserted) {
        ObjectNode fields = NODES.objectNode();
        put(fields, "name", variable.getKey());
        put(fields, "field", variable.getValue());
        return item("xnat:experimentData_field", inserted, fields, NODES.arrayNode());
    }

    /** The folder of a session in the simulated server's archive. */
    static String folder(Session session) {
        return "/data/xnat/archive/" + session.project() + "/arc001/" + session.archiveDir() + "/";
    }

    ObjectNode scan(Session session, Scan scan) {
        ObjectNode fields = NODES.objectNode();
        put(fields, "ID", scan.id());
        put(fields, "UID", scan.uid());
        put(fields, "type", scan.type());
        put(fields, "series_description", scan.description());
        put(fields, "quality", scan.quality());
        put(fields, "note", scan.note());
        put(fields, "modality", scan.modality());
        put(fields, "frames", scan.frames());
        put(fields, "image_session_ID", session.id());
        put(fields, "xnat_imagescandata_id", scan.rowId());
        put(fields, "xnat_imageScanData_id", scan.rowId());
        scan.fields().forEach((name, value) -> put(fields, name, value));
        ArrayNode children = NODES.arrayNode();
        child(
                children,
                "file",
                resources(scan.resources(), folder(session) + "SCANS/" + scan.id() + "/", scan.id(), scan.inserted()));
        child(
                children,
                "parameters/addParam",
                scan.addParams().entrySet().stream()
                        .map(p -> {
                            ObjectNode row = NODES.objectNode();
                            put(row, "name", p.getKey());
                            put(row, "addField", p.getValue());
                            return item("xnat:addField", scan.inserted(), row, NODES.arrayNode());
                        })
                        .toList());
        return item(scan.xsiType(), scan.inserted(), fields, children);
    }

    private static List<ObjectNode> shares(List<Share> shares, Instant inserted) {
        return shares.stream()
                .map(s -> {
                    ObjectNode row = NODES.objectNode();
                    put(row, "project", s.project());
                    put(row, "label", s.label());
                    return item("xnat:experimentData_share", inserted, row, NODES.arrayNode());
                })
                .toList();
    }

    private static List<ObjectNode> resources(
            List<Resource> resources, String folder, @Nullable String scanId, Instant inserted) {
        return resources.stream()
                .map(r -> resource(r, folder, scanId, inserted))
                .toList();
    }

    private static ObjectNode resource(Resource resource, String folder, @Nullable String scanId, Instant inserted) {
        ObjectNode fields = NODES.objectNode();
        put(fields, "xnat_abstractresource_id", resource.id());
        put(fields, "label", resource.label());
        put(fields, "URI", folder + resource.folder() + "/" + Catalogs.fileName(resource, scanId));
        put(fields, "content", resource.content());
        put(fields, "format", resource.format());
        put(fields, "file_count", number(resource.countText()));
        put(fields, "file_size", number(resource.sizeText()));
        return item("xnat:resourceCatalog", inserted, fields, NODES.arrayNode());
    }

    private static Object number(String text) {
        try {
            return text.isEmpty() ? "" : Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            return text;
        }
    }

    // ---- XML -------------------------------------------------------------------------------------------------------

    private static final String NAMESPACES =
            " xmlns:xnat=\"http://nrg.wustl.edu/xnat\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";

    static String xml(Project project) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xnat:Project ID=\"" + Markup.escape(project.id())
                + "\" secondary_ID=\"" + Markup.escape(project.secondaryId()) + "\"" + NAMESPACES + ">\n<xnat:name>"
                + Markup.escape(project.name()) + "</xnat:name>\n</xnat:Project>\n";
    }

    static String xml(Subject subject) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xnat:Subject ID=\"" + Markup.escape(subject.id())
                + "\" project=\"" + Markup.escape(subject.project()) + "\" label=\"" + Markup.escape(subject.label())
                + "\"" + NAMESPACES + "/>\n";
    }

    static String xml(Session session) {
        String name = session.xsiType().equals("xnat:mrSessionData")
                ? "MRSession"
                : session.xsiType().equals("xnat:petSessionData")
                        ? "PETSession"
                        : session.xsiType().equals("xnat:ctSessionData") ? "CTSession" : "OtherDicomSession";
        StringBuilder text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xnat:").append(name);
        attribute(text, "ID", session.id());
        attribute(text, "project", session.project());
        attribute(text, "label", session.label());
        attribute(text, "modality", session.modality());
        attribute(text, "UID", session.uid());
        text.append(NAMESPACES).append(">\n<xnat:subject_ID>").append(Markup.escape(session.subjectId()));
        text.append("</xnat:subject_ID>\n<xnat:date>").append(session.date()).append("</xnat:date>\n<xnat:scans>\n");
        for (Scan scan : session.scans()) {
            text.append(element(session, scan, "scan", ""));
        }
        return text.append("</xnat:scans>\n</xnat:").append(name).append(">\n").toString();
    }

    static String xml(Session session, Assessor assessor) {
        StringBuilder text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xnat:ImageAssessor");
        attribute(text, "ID", assessor.id());
        attribute(text, "project", session.project());
        attribute(text, "label", assessor.label());
        attribute(text, "xsi:type", assessor.xsiType());
        return text.append(NAMESPACES)
                .append(">\n<xnat:imageSession_ID>")
                .append(Markup.escape(session.id()))
                .append("</xnat:imageSession_ID>\n</xnat:ImageAssessor>\n")
                .toString();
    }

    static String xml(Session session, Scan scan) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + element(session, scan, rootOf(scan.xsiType()), NAMESPACES);
    }

    /** Name of the element of a type: {@code xnat:petScanData} is a {@code PETScan}. */
    private static String rootOf(String xsiType) {
        String stem = xsiType.replaceFirst("^xnat:", "").replaceFirst("Data$", "");
        return switch (stem) {
            case "mrScan", "petScan", "ctScan", "scScan", "srScan" ->
                stem.replaceFirst("Scan$", "").toUpperCase(Locale.ROOT) + "Scan";
            default -> Character.toUpperCase(stem.charAt(0)) + stem.substring(1);
        };
    }

    private static String element(Session session, Scan scan, String name, String namespaces) {
        StringBuilder text = new StringBuilder("<xnat:").append(name);
        attribute(text, "ID", scan.id());
        attribute(text, "type", scan.type());
        attribute(text, "UID", scan.uid());
        attribute(text, "xsi:type", scan.xsiType());
        text.append(namespaces).append(">\n<xnat:series_description>").append(Markup.escape(scan.description()));
        text.append("</xnat:series_description>\n");
        for (Resource resource : scan.resources()) {
            text.append("<xnat:file");
            attribute(text, "label", resource.label());
            attribute(text, "file_count", resource.countText());
            attribute(text, "file_size", resource.sizeText());
            attribute(text, "content", resource.content());
            attribute(text, "format", resource.format());
            attribute(
                    text,
                    "URI",
                    folder(session) + "SCANS/" + scan.id() + "/" + resource.folder() + "/"
                            + Catalogs.fileName(resource, scan.id()));
            attribute(text, "xsi:type", "xnat:resourceCatalog");
            text.append("/>\n");
        }
        return text.append("</xnat:").append(name).append(">\n").toString();
    }

    private static void attribute(StringBuilder text, String name, String value) {
        text.append(' ').append(name).append("=\"").append(Markup.escape(value)).append('"');
    }
}
