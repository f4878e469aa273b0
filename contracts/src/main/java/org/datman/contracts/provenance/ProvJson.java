package org.datman.contracts.provenance;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A provenance graph as <a href="https://www.w3.org/submissions/prov-json/">W3C PROV-JSON</a>. */
public final class ProvJson {

    private static final String PREFIX = "datman";

    private final ObjectNode root = JsonNodeFactory.instance.objectNode();
    private int relations;

    private ProvJson() {}

    /** The document. */
    public static ObjectNode of(ProvenanceGraph graph) {
        ProvJson json = new ProvJson();
        ObjectNode prefixes = json.root.putObject("prefix");
        prefixes.put(PREFIX, "urn:datman:");
        prefixes.put("xsd", "http://www.w3.org/2001/XMLSchema#");
        graph.entities().forEach(json::entity);
        graph.agents().forEach(json::agent);
        graph.activities().forEach(json::activity);
        return json.root;
    }

    private void entity(String id, ProvenanceGraph.Entity entity) {
        ObjectNode node = root.withObjectProperty("entity").putObject(name(id));
        node.put("prov:label", entity.label());
        if (entity.kind().equals("study-text")) {
            ObjectNode type = node.putObject("prov:type");
            type.put("$", "prov:Plan");
            type.put("type", "prov:QUALIFIED_NAME");
        }
        node.put(PREFIX + ":role", entity.kind());
        if (entity.path() != null) {
            node.put(PREFIX + ":path", entity.path());
        }
        if (entity.sha256() != null) {
            node.put(PREFIX + ":sha256", entity.sha256());
        }
        if (entity.size() != null) {
            ObjectNode size = node.putObject(PREFIX + ":size");
            size.put("$", entity.size().toString());
            size.put("type", "xsd:long");
        }
    }

    private void agent(String id, ProvenanceGraph.Agent agent) {
        ObjectNode node = root.withObjectProperty("agent").putObject(name(id));
        node.put("prov:label", agent.label());
        if (agent.software()) {
            ObjectNode type = node.putObject("prov:type");
            type.put("$", "prov:SoftwareAgent");
            type.put("type", "prov:QUALIFIED_NAME");
        }
        if (agent.version() != null && !agent.version().isEmpty()) {
            node.put(PREFIX + ":version", agent.version());
        }
    }

    private void activity(String id, ProvenanceGraph.Activity activity) {
        ObjectNode node = root.withObjectProperty("activity").putObject(name(id));
        time(node, "prov:startTime", activity.started());
        time(node, "prov:endTime", activity.ended());
        node.put("prov:label", activity.label());
        activity.facts().forEach((fact, value) -> node.put(PREFIX + ":" + fact, value));
        for (String used : activity.used()) {
            relation("used", "prov:activity", id, "prov:entity", used);
        }
        for (String made : activity.generated()) {
            relation("wasGeneratedBy", "prov:entity", made, "prov:activity", id);
        }
        derived(id, activity);
        for (String agent : activity.agents()) {
            ObjectNode association = relation("wasAssociatedWith", "prov:activity", id, "prov:agent", agent);
            if (activity.plan() != null) {
                association.put("prov:plan", name(activity.plan()));
            }
        }
    }

    /** From one file; or from the collection of all, since each from each would be as many relations as there are pairs. */
    private void derived(String id, ProvenanceGraph.Activity activity) {
        if (activity.used().isEmpty() || activity.generated().isEmpty()) {
            return;
        }
        String source = activity.used().iterator().next();
        if (activity.used().size() > 1) {
            source = "inputs/" + id;
            ObjectNode collection = root.withObjectProperty("entity").putObject(name(source));
            collection.put("prov:label", "inputs of " + activity.label());
            ObjectNode type = collection.putObject("prov:type");
            type.put("$", "prov:Collection");
            type.put("type", "prov:QUALIFIED_NAME");
            for (String member : activity.used()) {
                relation("hadMember", "prov:collection", source, "prov:entity", member);
            }
        }
        for (String made : activity.generated()) {
            relation("wasDerivedFrom", "prov:generatedEntity", made, "prov:usedEntity", source)
                    .put("prov:activity", name(id));
        }
    }

    private ObjectNode relation(String kind, String firstRole, String first, String secondRole, String second) {
        ObjectNode relation = root.withObjectProperty(kind).putObject("_:r" + ++relations);
        relation.put(firstRole, name(first));
        relation.put(secondRole, name(second));
        return relation;
    }

    private static void time(ObjectNode node, String key, @Nullable Instant time) {
        if (time != null) {
            node.put(key, time.toString());
        }
    }

    /** The qualified name of an id: characters that a local name may not have are percent-encoded. */
    public static String name(String id) {
        StringBuilder local = new StringBuilder(PREFIX).append(':');
        for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "/_.-@".indexOf(c) >= 0)) {
                local.append(c);
            } else {
                local.append("%%%02X".formatted((int) c));
            }
        }
        return local.toString();
    }
}
