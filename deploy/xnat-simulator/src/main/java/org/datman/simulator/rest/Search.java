package org.datman.simulator.rest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.datman.simulator.auth.User;
import org.datman.simulator.http.Refusal;
import org.datman.simulator.http.Request;
import org.datman.simulator.http.Response;
import org.datman.simulator.http.Table;
import org.datman.simulator.workflow.Workflows;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * {@code POST /data/search}: a search written in XML, over sessions, subjects, projects and workflows. Fields are those of the lists; a field
 * that no list has, and an unknown comparison, is rejected.
 */
final class Search {
    private static final Set<String> PARTS =
            Set.of("root_element_name", "search_field", "search_where", "brief-description", "description");
    private static final Map<String, String> NAMES = Map.of(
            "session_id", "ID",
            "subject_id", "subject_ID",
            "subjectid", "ID",
            "sub_project_identifier", "label",
            "subject_label", "label",
            "projects", "project");

    private final Listings listings;
    private final Workflows workflows;

    Search(Listings listings, Workflows workflows) {
        this.listings = listings;
        this.workflows = workflows;
    }

    private record Field(String element, String id) {}

    Response answer(Request request, User user) throws IOException {
        request.knowing().givenAs("json", "csv", "xml", "html");
        if (request.body() == null) {
            return Response.error(400, "The search is missing.");
        }
        Element search;
        try {
            search = parse(request);
        } catch (SAXException malformed) {
            return Response.error(400, "The search is not well-formed XML: " + malformed.getMessage());
        }
        String root = text(search, "root_element_name");
        Optional<List<Map<String, String>>> rows = rows(root, user);
        if (rows.isEmpty()) {
            return Response.error(501, "The simulator does not search " + root + ".");
        }
        List<Field> fields = elements(search, "search_field").stream()
                .map(field -> new Field(text(field, "element_name"), text(field, "field_ID")))
                .toList();
        for (Map<String, String> row : rows.get()) {
            for (Field field : fields) {
                if (value(row, root, field).isEmpty()) {
                    return Response.error(400, "Unknown field " + field.element() + "." + field.id());
                }
            }
        }
        for (Element child : children(search)) {
            if (!PARTS.contains(child.getLocalName())) {
                throw Refusal.notDone("searching with " + child.getLocalName());
            }
        }
        List<Element> where = elements(search, "search_where");
        List<String> columns = fields.stream().map(field -> header(root, field)).toList();
        List<Map<String, String>> found = new ArrayList<>();
        for (Map<String, String> row : rows.get()) {
            if (!where.stream().allMatch(set -> matches(set, row, root))) {
                continue;
            }
            Map<String, String> projected = new LinkedHashMap<>();
            for (Field field : fields) {
                projected.put(header(root, field), value(row, root, field).orElse(""));
            }
            found.add(projected);
        }
        return Response.rows(new Table("Search results", columns, found, true, false), request.format());
    }

    /** Entities are rejected: a search does not need them. */
    private static Element parse(Request request) throws IOException, SAXException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setNamespaceAware(true);
            try (InputStream in = Files.newInputStream(request.body())) {
                return factory.newDocumentBuilder().parse(in).getDocumentElement();
            }
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("Every Java has an XML parser", e);
        }
    }

    private Optional<List<Map<String, String>>> rows(String root, User user) {
        Request all = new Request("GET", "/", "", Map.of(), null);
        return switch (root) {
            case "xnat:projectData" -> Optional.of(listings.projectRows(user));
            case "wrk:workflowData" -> Optional.of(workflows.rows(user));
            case "xnat:subjectData" -> Optional.of(listings.subjectRows(user));
            default ->
                root.endsWith("SessionData") ? Optional.of(listings.sessionRows(all, user, root)) : Optional.empty();
        };
    }

    private static Optional<String> value(Map<String, String> row, String root, Field field) {
        String id = field.id().toLowerCase(Locale.ROOT);
        boolean own = field.element().isEmpty() || field.element().equals(root);
        String name = own ? NAMES.getOrDefault(id, field.id()) : "subject_" + id.replace("subject_", "");
        return Optional.ofNullable(ListQuery.value(row, name))
                .or(() -> Optional.ofNullable(ListQuery.value(row, field.id())));
    }

    /** The name of a column: that of the display field, whether the field was named by it or by its path. */
    private static String header(String root, Field field) {
        String id = field.id().toLowerCase(Locale.ROOT);
        if (id.contains("/")) {
            id = id.substring(id.lastIndexOf('/') + 1);
            if (id.equals("id") && root.endsWith("SessionData")) {
                return "session_id";
            }
            if (id.equals("id") && root.equals("xnat:subjectData")) {
                return "subjectid";
            }
        }
        if (id.equals("wrk_workflowdata_id")) {
            return "workflow_id";
        }
        return field.element().isEmpty() || field.element().equals(root)
                ? id
                : field.element().toLowerCase(Locale.ROOT).replace(':', '_') + "_" + id;
    }

    private static boolean matches(Element set, Map<String, String> row, String root) {
        boolean or = set.getAttribute("method").equalsIgnoreCase("OR");
        List<Boolean> results = new ArrayList<>();
        for (Element child : children(set)) {
            switch (child.getLocalName()) {
                case "criteria" -> results.add(criterion(child, row, root));
                case "child_set" -> results.add(matches(child, row, root));
                default -> throw Refusal.notDone("searching with " + child.getLocalName());
            }
        }
        if (results.isEmpty()) {
            return true;
        }
        return or ? results.contains(true) : !results.contains(false);
    }

    private static boolean criterion(Element criteria, Map<String, String> row, String root) {
        String path = text(criteria, "schema_field");
        int separator = Math.max(path.lastIndexOf('/'), path.lastIndexOf('.'));
        String element = separator < 0 ? root : path.substring(0, separator);
        Field field = new Field(element.contains("/") ? root : element, path.substring(separator + 1));
        String actual = value(row, root, field).orElseThrow(() -> new Refusal(400, "Unknown field " + path));
        return Comparison.of(text(criteria, "comparison_type")).holds(actual, text(criteria, "value"));
    }

    private static List<Element> children(Element parent) {
        List<Element> result = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                result.add(element);
            }
        }
        return result;
    }

    private static List<Element> elements(Element parent, String name) {
        return children(parent).stream()
                .filter(child -> child.getLocalName().equals(name))
                .toList();
    }

    private static String text(Element parent, String name) {
        return elements(parent, name).stream()
                .map(Node::getTextContent)
                .map(String::strip)
                .findFirst()
                .orElse("");
    }
}
