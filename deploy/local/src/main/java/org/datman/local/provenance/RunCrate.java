package org.datman.local.provenance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A provenance graph as the metadata of an <a href="https://w3id.org/ro/crate/1.3">RO-Crate 1.3</a> with the profile <a
 * href="https://w3id.org/ro/wfrun/process/0.5">Process Run Crate 0.5</a>.
 */
public final class RunCrate {

    /** Name of the metadata file in the root of a crate. */
    public static final String METADATA = "ro-crate-metadata.json";

    private static final String PROFILE = "https://w3id.org/ro/wfrun/process/0.5";
    private static final String HIDDEN = ".datman/";

    private final ProvenanceGraph graph;
    private final ArrayNode nodes = JsonNodeFactory.instance.arrayNode();

    private RunCrate(ProvenanceGraph graph) {
        this.graph = graph;
    }

    /**
     * What a crate says about itself.
     *
     * @param licence address or text
     * @param published when the crate was made
     */
    public record About(String name, String description, String licence, Instant published) {}

    /** The metadata file. */
    public static ObjectNode of(ProvenanceGraph graph, About about) {
        RunCrate crate = new RunCrate(graph);
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("@context", "https://w3id.org/ro/crate/1.3/context");
        crate.descriptor();
        crate.root(about);
        graph.entities().forEach(crate::entity);
        graph.agents().forEach(crate::software);
        graph.activities().forEach(crate::action);
        root.set("@graph", crate.nodes);
        return root;
    }

    /** The path of an archive's file in a crate: crates have no hidden folders. */
    static String place(String path) {
        return path.startsWith(HIDDEN) ? path.substring(HIDDEN.length()) : path;
    }

    private void descriptor() {
        ObjectNode node = node(METADATA, "CreativeWork");
        link(node, "conformsTo", "https://w3id.org/ro/crate/1.3");
        link(node, "about", "./");
    }

    private void root(About about) {
        ObjectNode node = node("./", "Dataset");
        link(node, "conformsTo", PROFILE);
        node.put("name", about.name());
        node.put("description", about.description());
        node.put("datePublished", about.published().toString());
        if (about.licence().matches("https?://.*")) {
            link(node, "license", about.licence());
        } else {
            node.put("license", about.licence());
        }
        ArrayNode parts = node.putArray("hasPart");
        graph.entities().forEach((id, entity) -> parts.addObject().put("@id", id(id)));
        ArrayNode runs = node.putArray("mentions");
        graph.activities().keySet().forEach(id -> runs.addObject().put("@id", id(id)));
        ObjectNode profile = node(PROFILE, "CreativeWork");
        profile.put("name", "Process Run Crate");
        profile.put("version", "0.5");
        if (about.licence().matches("https?://.*")) {
            node(about.licence(), "CreativeWork").put("name", about.licence());
        }
    }

    private void entity(String id, ProvenanceGraph.Entity entity) {
        ObjectNode node = node(id(id), "File");
        node.put("name", entity.label());
        node.put("additionalType", entity.kind());
        if (entity.sha256() != null) {
            node.put("sha256", entity.sha256());
        }
        if (entity.size() != null) {
            node.put("contentSize", entity.size().toString());
        }
        format(entity).ifPresent(format -> node.put("encodingFormat", format));
    }

    private static Optional<String> format(ProvenanceGraph.Entity entity) {
        String path = entity.path() == null ? "" : entity.path();
        if (entity.kind().equals("dicom-instance") || path.endsWith(".dcm")) {
            return Optional.of("application/dicom");
        }
        if (path.endsWith(".json")) {
            return Optional.of("application/json");
        }
        if (path.endsWith(".nii.gz")) {
            return Optional.of("application/gzip");
        }
        if (path.endsWith(".yml")) {
            return Optional.of("application/yaml");
        }
        return path.endsWith(".html")
                ? Optional.of("text/html")
                : path.endsWith(".png")
                        ? Optional.of("image/png")
                        : Optional.of("text/plain").filter(t -> !path.isEmpty());
    }

    /** Accounts are left out: a crate's agents are people and organisations, and an account is neither. */
    private void software(String id, ProvenanceGraph.Agent agent) {
        if (agent.software()) {
            ObjectNode node = node(id(id), "SoftwareApplication");
            node.put("name", agent.label());
            if (agent.version() != null && !agent.version().isEmpty()) {
                node.put("softwareVersion", agent.version());
            }
        }
    }

    private void action(String id, ProvenanceGraph.Activity activity) {
        ObjectNode node = node(id(id), "CreateAction");
        node.put("name", activity.label());
        node.put(
                "description",
                String.join(
                        "; ",
                        activity.facts().entrySet().stream()
                                .map(fact -> fact.getKey() + ": " + fact.getValue())
                                .toList()));
        if (activity.started() != null) {
            node.put("startTime", activity.started().toString());
        }
        if (activity.ended() != null) {
            node.put("endTime", activity.ended().toString());
        }
        link(node, "actionStatus", "http://schema.org/CompletedActionStatus");
        ArrayNode instruments = node.putArray("instrument");
        activity.agents().stream()
                .filter(agent -> isSoftware(graph.agents().get(agent)))
                .forEach(agent -> instruments.addObject().put("@id", id(agent)));
        ArrayNode objects = links(node, "object", activity.used());
        if (activity.plan() != null) {
            objects.addObject().put("@id", id(activity.plan()));
        }
        links(node, "result", activity.generated());
    }

    private static boolean isSoftware(ProvenanceGraph.@Nullable Agent agent) {
        return agent != null && agent.software();
    }

    private ArrayNode links(ObjectNode node, String key, Set<String> ids) {
        ArrayNode array = node.putArray(key);
        ids.forEach(id -> array.addObject().put("@id", id(id)));
        return array;
    }

    private ObjectNode node(String id, String type) {
        ObjectNode node = nodes.addObject();
        node.put("@id", id);
        node.put("@type", type);
        return node;
    }

    private static void link(ObjectNode node, String key, String id) {
        node.putObject(key).put("@id", id);
    }

    /** Files of the archive by their path in the crate, others by a URN, programs and runs within the metadata. */
    private String id(String id) {
        ProvenanceGraph.Entity entity = graph.entities().get(id);
        if (entity == null) {
            return "#" + encoded(id);
        }
        return entity.path() == null ? "urn:datman:" + encoded(id) : encoded(place(entity.path()));
    }

    private static String encoded(String path) {
        try {
            return new URI(null, null, path.startsWith("/") ? path : "/" + path, null)
                    .getRawPath()
                    .substring(1);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("A path can always be encoded: " + path, e);
        }
    }
}
