package org.datman.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The objects of a folder with a {@code kustomization.yaml}, for machines without kustomize: of its keys those that our files use, and
 * an error for any other. KustomizationTest compares it with kustomize itself where that is there.
 */
final class Kustomization {

    static final ObjectMapper YAML =
            new ObjectMapper(YAMLFactory.builder().build()).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private static final Set<String> KEYS = Set.of("apiVersion", "kind", "namespace", "resources", "patches");

    private Kustomization() {}

    static List<JsonNode> objects(Path folder) {
        JsonNode kustomization = documents(folder.resolve("kustomization.yaml")).get(0);
        kustomization.fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException(folder + ": this test does not know the key " + key);
            }
        });
        List<JsonNode> objects = new ArrayList<>();
        for (JsonNode resource : kustomization.path("resources")) {
            Path path = folder.resolve(resource.asText()).normalize();
            objects.addAll(Files.isDirectory(path) ? objects(path) : documents(path));
        }
        for (JsonNode patch : kustomization.path("patches")) {
            patch(objects, patch);
        }
        return objects;
    }

    /** The documents of a YAML file; a key that is there twice is an error. */
    static List<JsonNode> documents(Path file) {
        try (JsonParser parser = YAML.getFactory().createParser(Files.readString(file))) {
            return YAML.readValues(parser, JsonNode.class).readAll();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + e.getMessage(), e);
        }
    }

    private static void patch(List<JsonNode> objects, JsonNode patch) {
        JsonNode target = patch.path("target");
        String version = Stream.of(target.path("group"), target.path("version"))
                .map(JsonNode::asText)
                .filter(part -> !part.isEmpty())
                .reduce((group, of) -> group + "/" + of)
                .orElseThrow();
        int patched = 0;
        for (int i = 0; i < objects.size(); i++) {
            JsonNode object = objects.get(i);
            if (object.path("apiVersion").asText().equals(version)
                    && object.path("kind").equals(target.path("kind"))
                    && (!target.has("name") || target.path("name").equals(object.at("/metadata/name")))) {
                objects.set(i, JsonPatch.apply(read(patch.path("patch").asText()), object));
                patched++;
            }
        }
        if (patched == 0) {
            throw new IllegalArgumentException("a patch that nothing is changed by: " + target);
        }
    }

    /** An object of a JSON or YAML text. */
    static JsonNode read(String yaml) {
        try {
            return YAML.readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same object without what kustomize adds: its namespace, and that of accounts. */
    static JsonNode withoutNamespace(JsonNode object) {
        ObjectNode copy = object.deepCopy();
        if (copy.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("namespace");
        }
        copy.path("subjects").forEach(subject -> ((ObjectNode) subject).remove("namespace"));
        return copy;
    }
}
