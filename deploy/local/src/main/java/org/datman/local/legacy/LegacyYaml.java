package org.datman.local.legacy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.datman.contracts.tree.TreeException;
import org.datman.contracts.tree.TreeNode;
import org.datman.contracts.tree.TreeReader;

/**
 * A YAML file of the old installation.
 *
 * @param values its content; an empty object when the file has none
 */
record LegacyYaml(Path path, TreeNode root, ObjectNode values) {

    /** @throws IOException when it cannot be read, or is no YAML mapping */
    static LegacyYaml read(Path path) throws IOException {
        try {
            Optional<TreeNode> root = TreeReader.yaml(Files.readAllBytes(path));
            JsonNode values = root.map(TreeNode::toJson).orElseGet(JsonNodeFactory.instance::objectNode);
            if (root.isEmpty() || !(values instanceof ObjectNode object)) {
                throw new IOException(path + " has no keys; a configuration file of DATMAN is a YAML mapping");
            }
            return new LegacyYaml(path, root.get(), object);
        } catch (TreeException e) {
            throw new IOException(
                    path + e.place().map(place -> ":" + place.line()).orElse("") + ": " + e.getMessage(), e);
        }
    }

    /** The file's name and the line of a key, or of the nearest of the keys around it that is there. */
    String place(String... keys) {
        TreeNode at = root;
        int line = root.place().line();
        for (String key : keys) {
            Optional<TreeNode.Entry> entry = entry(at, key);
            if (entry.isEmpty()) {
                break;
            }
            line = entry.get().key().place().line();
            at = entry.get().value();
        }
        return path.getFileName() + ":" + line;
    }

    private static Optional<TreeNode.Entry> entry(TreeNode node, String key) {
        return node instanceof TreeNode.Mapping mapping
                ? mapping.entries().stream()
                        .filter(e -> e.key() instanceof TreeNode.Scalar scalar
                                && scalar.text().equals(key))
                        .findFirst()
                : Optional.empty();
    }
}
