package org.datman.contracts.provenance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    /** Of the metadata file. */
    public static final String CONTEXT = "https://w3id.org/ro/crate/1.3/context";

    private static final String PROFILE = "https://w3id.org/ro/wfrun/process/0.5";
    private static final String URN = "urn:datman:";
    private static final String HIDDEN = ".datman/";

    private static final Map<String, String> FORMATS = Map.ofEntries(
            Map.entry("dcm", "application/dicom"),
            Map.entry("json", "application/json"),
            Map.entry("gz", "application/gzip"),
            Map.entry("yml", "application/yaml"),
            Map.entry("html", "text/html"),
            Map.entry("png", "image/png"),
            Map.entry("tsv", "text/tab-separated-values"),
            Map.entry("csv", "text/csv"),
            Map.entry("txt", "text/plain"),
            Map.entry("log", "text/plain"),
            Map.entry("bval", "text/plain"),
            Map.entry("bvec", "text/plain"));

    private final ProvenanceGraph graph;

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

    /**
     * The nodes of a graph.
     *
     * @param entities files
     * @param software programs
     * @param actions runs of programs
     */
    public record Nodes(List<ObjectNode> entities, List<ObjectNode> software, List<ObjectNode> actions) {}

    /** The nodes of a graph. */
    public static Nodes of(ProvenanceGraph graph) {
        RunCrate crate = new RunCrate(graph);
        List<ObjectNode> entities = new ArrayList<>();
        List<ObjectNode> software = new ArrayList<>();
        List<ObjectNode> actions = new ArrayList<>();
        graph.entities().forEach((id, entity) -> entities.add(crate.entity(id, entity)));
        // Accounts are left out: a crate's agents are people and organisations, and an account is neither.
        graph.agents().forEach((id, agent) -> {
            if (agent.software()) {
                software.add(crate.software(id, agent));
            }
        });
        graph.activities().forEach((id, activity) -> actions.add(crate.action(id, activity)));
        return new Nodes(entities, software, actions);
    }

    /** The metadata file of a crate that is small enough for the memory. */
    public static ObjectNode metadata(About about, ProvenanceGraph graph) {
        Nodes nodes = of(graph);
        ObjectNode root = root(about);
        ArrayNode parts = root.putArray("hasPart");
        nodes.entities()
                .forEach(node -> parts.addObject().put("@id", node.path("@id").asText()));
        ArrayNode mentions = root.putArray("mentions");
        nodes.actions().forEach(node -> mentions.addObject()
                .put("@id", node.path("@id").asText()));
        ObjectNode metadata = JsonNodeFactory.instance.objectNode();
        metadata.put("@context", CONTEXT);
        ArrayNode all = metadata.putArray("@graph");
        all.add(descriptor()).add(root);
        all.addAll(about(about));
        all.addAll(nodes.entities());
        all.addAll(nodes.software());
        all.addAll(nodes.actions());
        return metadata;
    }

    /** The node of the metadata file itself. */
    public static ObjectNode descriptor() {
        ObjectNode descriptor = node(METADATA, "CreativeWork");
        link(descriptor, "conformsTo", "https://w3id.org/ro/crate/1.3");
        link(descriptor, "about", "./");
        return descriptor;
    }

    /** The nodes of the profile and of the licence. */
    public static List<ObjectNode> about(About about) {
        List<ObjectNode> nodes = new ArrayList<>();
        ObjectNode profile = node(PROFILE, "CreativeWork");
        profile.putArray("@type").add("CreativeWork").add("Profile");
        nodes.add(profile.put("name", "Process Run Crate").put("version", "0.5"));
        if (isAddress(about.licence())) {
            nodes.add(node(about.licence(), "CreativeWork").put("name", about.licence()));
        }
        return nodes;
    }

    private static boolean isAddress(String licence) {
        return licence.matches("https?://.*");
    }

    /** The path of an archive's file in a crate: crates have no hidden folders. */
    public static String place(String path) {
        return path.startsWith(HIDDEN) ? path.substring(HIDDEN.length()) : path;
    }

    /** The node of the crate, without its parts and runs. */
    public static ObjectNode root(About about) {
        ObjectNode node = node("./", "Dataset");
        link(node, "conformsTo", PROFILE);
        node.put("name", about.name());
        node.put("description", about.description());
        node.put("datePublished", about.published().toString());
        if (isAddress(about.licence())) {
            link(node, "license", about.licence());
        } else {
            node.put("license", about.licence());
        }
        return node;
    }

    private ObjectNode entity(String id, ProvenanceGraph.Entity entity) {
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
        return node;
    }

    /** By the end of its name; empty for what is not known: most images of tools have no media type. */
    private static Optional<String> format(ProvenanceGraph.Entity entity) {
        String path = entity.path() == null ? "" : entity.path();
        if (entity.kind().equals("dicom-instance")) {
            return Optional.of("application/dicom");
        }
        return Optional.ofNullable(FORMATS.get(path.substring(path.lastIndexOf('.') + 1)));
    }

    private ObjectNode software(String id, ProvenanceGraph.Agent agent) {
        ObjectNode node = node(id(id), "SoftwareApplication");
        node.put("name", agent.label());
        String version = agent.version();
        node.put("version", version == null || version.isEmpty() ? "unknown" : version);
        // A program must have an address, and of a tool only its name and version are known.
        node.put("url", URN + encoded(id));
        return node;
    }

    private ObjectNode action(String id, ProvenanceGraph.Activity activity) {
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
        return node;
    }

    private static boolean isSoftware(ProvenanceGraph.@Nullable Agent agent) {
        return agent != null && agent.software();
    }

    private ArrayNode links(ObjectNode node, String key, Set<String> ids) {
        ArrayNode array = node.putArray(key);
        ids.forEach(id -> array.addObject().put("@id", id(id)));
        return array;
    }

    private static ObjectNode node(String id, String type) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
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
        return entity.path() == null ? URN + encoded(id) : encoded(place(entity.path()));
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
