package org.datman.bids.expression;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as {@link Values}, and what is known about its shape. */
public final class JsonValues {

    private JsonValues() {}

    /** The same value without Jackson's types; all numbers are doubles, as in the language. */
    public static Object of(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> map = new LinkedHashMap<>();
            node.properties().forEach(entry -> map.put(entry.getKey(), of(entry.getValue())));
            return map;
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>(node.size());
            node.forEach(each -> list.add(of(each)));
            return list;
        }
        if (node.isNumber()) {
            return node.doubleValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isTextual() ? node.textValue() : Absent.NULL;
    }

    /** The value as an object; empty if it is none. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> object(Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    /** The object under a key; empty if there is none. */
    public static Map<String, Object> object(Map<String, Object> owner, String key) {
        return object(owner.getOrDefault(key, Absent.UNDEFINED));
    }

    /** The texts in an array; a text alone counts as one; empty for anything else. */
    public static List<String> texts(Object value) {
        if (value instanceof String text) {
            return List.of(text);
        }
        return value instanceof List<?> list
                ? list.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }

    /** The texts under a key. */
    public static List<String> texts(Map<String, Object> owner, String key) {
        return texts(owner.getOrDefault(key, Absent.UNDEFINED));
    }

    /** The text under a key; empty if there is none. */
    public static String text(Map<String, Object> owner, String key) {
        return owner.getOrDefault(key, Absent.UNDEFINED) instanceof String text ? text : "";
    }
}
