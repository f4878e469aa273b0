package org.datman.contracts.tree;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/** A value of a YAML or JSON file, with its place. */
public sealed interface TreeNode {

    Place place();

    /** The value without its places. */
    JsonNode toJson();

    /** Whether it is written as nothing. */
    default boolean isNull() {
        return this instanceof Scalar scalar && scalar.kind() == Kind.NULL;
    }

    /** Where a value begins; line and column count from 1. */
    record Place(int line, int column) {}

    /** What a plain value is by the rules of its format. */
    enum Kind {
        TEXT,
        NUMBER,
        BOOLEAN,
        NULL
    }

    /**
     * A plain value.
     *
     * @param text as it is written
     */
    record Scalar(Place place, String text, Kind kind) implements TreeNode {

        private static final Set<String> TRUE = Set.of("true", "True", "yes", "on");

        @Override
        public JsonNode toJson() {
            JsonNodeFactory json = JsonNodeFactory.instance;
            return switch (kind) {
                case TEXT -> json.textNode(text);
                case BOOLEAN -> json.booleanNode(TRUE.contains(text));
                case NULL -> json.nullNode();
                case NUMBER -> {
                    try {
                        yield json.numberNode(new BigDecimal(text));
                    } catch (NumberFormatException e) {
                        // YAML has more ways to write numbers (0x1F, .inf) than JSON has; such a value stays text.
                        yield json.textNode(text);
                    }
                }
            };
        }
    }

    /** A list. */
    record Sequence(Place place, List<TreeNode> items) implements TreeNode {

        @Override
        public JsonNode toJson() {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            items.forEach(item -> array.add(item.toJson()));
            return array;
        }
    }

    /** Keys and their values in the order of the file; a key may stand there twice. */
    record Mapping(Place place, List<Entry> entries) implements TreeNode {

        @Override
        public JsonNode toJson() {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            entries.forEach(entry -> {
                if (entry.key() instanceof Scalar key) {
                    object.set(key.text(), entry.value().toJson());
                }
            });
            return object;
        }
    }

    /** One key and its value. */
    record Entry(TreeNode key, TreeNode value) {}
}
