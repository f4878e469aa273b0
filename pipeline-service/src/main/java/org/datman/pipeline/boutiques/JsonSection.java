package org.datman.pipeline.boutiques;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** A JSON object that is read key by key; records the keys that were read, so that any other key is a fault. */
final class JsonSection {

    private final JsonNode node;
    private final String file;
    private final String path;
    private final List<Problem> problems;
    private final Set<String> known = new HashSet<>();

    JsonSection(JsonNode node, String file, String path, List<Problem> problems) {
        this.node = node;
        this.file = file;
        this.path = path;
        this.problems = problems;
        if (!node.isObject()) {
            problems.add(new Problem(file, path, "is no object", "{…}"));
        }
    }

    void fault(String key, String what, String allowed) {
        problems.add(new Problem(file, at(key), what, allowed));
    }

    /** Valid keys that do not affect the run. */
    void informative(String... keys) {
        known.addAll(List.of(keys));
    }

    /** Keys of Boutiques that DATMAN does not support. */
    void unsupported(String... keys) {
        for (String key : keys) {
            if (value(key).isPresent()) {
                fault(key, "is not supported by DATMAN", "descriptors without it");
            }
        }
    }

    boolean has(String key) {
        return value(key).isPresent();
    }

    Optional<JsonNode> value(String key) {
        known.add(key);
        return Optional.ofNullable(node.get(key)).filter(n -> !n.isNull());
    }

    String requiredText(String key, String allowed) {
        Optional<String> text = text(key);
        if (text.isEmpty() && !has(key)) {
            fault(key, "is missing", allowed);
        }
        return text.orElse("");
    }

    Optional<String> text(String key) {
        return typed(key, JsonNode::isTextual, "text").map(JsonNode::textValue);
    }

    boolean bool(String key) {
        return typed(key, JsonNode::isBoolean, "true, false")
                .map(JsonNode::booleanValue)
                .orElse(false);
    }

    Optional<BigDecimal> number(String key) {
        return typed(key, JsonNode::isNumber, "a number").map(JsonNode::decimalValue);
    }

    Optional<Integer> count(String key) {
        return typed(
                        key,
                        n -> n.canConvertToInt() && n.isIntegralNumber() && n.intValue() >= 0,
                        "a whole number, 0 or more")
                .map(JsonNode::intValue);
    }

    /** A list of plain values as text. */
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        typed(key, JsonNode::isArray, "a list")
                .ifPresent(list -> list.forEach(item -> {
                    if (item.isValueNode() && !item.isNull()) {
                        texts.add(item.asText());
                    } else {
                        fault(key + "[" + texts.size() + "]", "is no plain value", "text or a number");
                    }
                }));
        return List.copyOf(texts);
    }

    List<JsonSection> sections(String key) {
        List<JsonSection> sections = new ArrayList<>();
        typed(key, JsonNode::isArray, "a list of objects")
                .ifPresent(list -> list.forEach(item ->
                        sections.add(new JsonSection(item, file, at(key) + "[" + sections.size() + "]", problems))));
        return sections;
    }

    Optional<JsonSection> section(String key) {
        return typed(key, JsonNode::isObject, "an object").map(n -> new JsonSection(n, file, at(key), problems));
    }

    /** To be called last: unread keys are faults, because a misspelt one changes what would run. */
    void done() {
        node.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                fault(key, "is not a key of Boutiques 0.5", String.join(", ", new TreeSet<>(known)));
            }
        });
    }

    private Optional<JsonNode> typed(String key, Predicate<JsonNode> right, String allowed) {
        Optional<JsonNode> value = value(key);
        if (value.isPresent() && !right.test(value.get())) {
            String shown = value.get().toString();
            fault(key, "is " + (shown.length() > 60 ? shown.substring(0, 60) + "…" : shown), allowed);
            return Optional.empty();
        }
        return value;
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
