package org.datman.bids.validation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.bids.expression.Absent;
import org.datman.bids.expression.JsonValues;
import org.datman.bids.expression.Patterns;

/** The part of JSON Schema that definitions of metadata use. A keyword for another kind of value says nothing. */
final class ValueSchema {

    private final Map<String, Object> schema;
    private final Map<String, String> formats;

    ValueSchema(Map<String, Object> schema, Map<String, String> formats) {
        this.schema = schema;
        this.formats = formats;
    }

    /** What is wrong with a value; empty if nothing is. */
    Optional<String> fault(Object value) {
        List<String> types = JsonValues.texts(schema, "type");
        if (!types.isEmpty() && types.stream().noneMatch(type -> isOfType(value, type))) {
            return Optional.of("must be of type " + String.join(" or ", types));
        }
        if (schema.get("enum") instanceof List<?> allowed && !allowed.contains(value)) {
            return Optional.of("must be one of " + allowed);
        }
        if (schema.get("anyOf") instanceof List<?> choices
                && choices.stream().allMatch(choice -> part(choice).fault(value).isPresent())) {
            return Optional.of("must be one of " + choices.size() + " kinds of value, and is none");
        }
        if (value instanceof Double number) {
            return numberFault(number);
        }
        if (value instanceof String text) {
            return textFault(text);
        }
        return value instanceof List<?> list ? listFault(list) : objectFault(value);
    }

    private ValueSchema part(Object definition) {
        return new ValueSchema(JsonValues.object(definition), formats);
    }

    private static boolean isOfType(Object value, String type) {
        return switch (type) {
            case "string" -> value instanceof String;
            case "number" -> value instanceof Double;
            case "integer" -> value instanceof Double number && number == Math.rint(number);
            case "boolean" -> value instanceof Boolean;
            case "array" -> value instanceof List<?>;
            case "object" -> value instanceof Map<?, ?>;
            case "null" -> value == Absent.NULL;
            default -> true;
        };
    }

    private Optional<String> numberFault(double number) {
        if (number < limit("minimum", Double.NEGATIVE_INFINITY)) {
            return Optional.of("must be at least " + schema.get("minimum"));
        }
        if (number > limit("maximum", Double.POSITIVE_INFINITY)) {
            return Optional.of("must be at most " + schema.get("maximum"));
        }
        if (schema.get("exclusiveMinimum") instanceof Double least && number <= least) {
            return Optional.of("must be more than " + least);
        }
        return schema.get("exclusiveMaximum") instanceof Double most && number >= most
                ? Optional.of("must be less than " + most)
                : Optional.empty();
    }

    private double limit(String key, double none) {
        return schema.get(key) instanceof Double limit ? limit : none;
    }

    /** The official validator looks for a format anywhere in a text. */
    private Optional<String> textFault(String text) {
        String format = JsonValues.text(schema, "format");
        String pattern = formats.getOrDefault(format, "");
        if (!Patterns.of(pattern).matcher(text).find()) {
            return Optional.of("must have the format " + format);
        }
        return Patterns.of(JsonValues.text(schema, "pattern")).matcher(text).find()
                ? Optional.empty()
                : Optional.of("must match " + schema.get("pattern"));
    }

    private Optional<String> listFault(List<?> list) {
        if (list.size() < limit("minItems", 0)) {
            return Optional.of("must have at least " + schema.get("minItems") + " items");
        }
        if (list.size() > limit("maxItems", Double.POSITIVE_INFINITY)) {
            return Optional.of("must have at most " + schema.get("maxItems") + " items");
        }
        ValueSchema items = part(schema.getOrDefault("items", Map.of()));
        return list.stream()
                .map(items::fault)
                .flatMap(Optional::stream)
                .findFirst()
                .map(fault -> "an item " + fault);
    }

    private Optional<String> objectFault(Object value) {
        if (!(value instanceof Map<?, ?>)) {
            return Optional.empty();
        }
        Map<String, Object> object = JsonValues.object(value);
        for (String key : JsonValues.texts(schema, "required")) {
            if (!object.containsKey(key)) {
                return Optional.of("must have " + key);
            }
        }
        Map<String, Object> properties = JsonValues.object(schema, "properties");
        Object others = schema.getOrDefault("additionalProperties", true);
        for (Map.Entry<String, Object> entry : object.entrySet()) {
            Object definition = properties.getOrDefault(entry.getKey(), others);
            if (definition == Boolean.FALSE) {
                return Optional.of("must not have " + entry.getKey());
            }
            Optional<String> fault = part(definition).fault(entry.getValue());
            if (fault.isPresent()) {
                return fault.map(text -> entry.getKey() + " " + text);
            }
        }
        return Optional.empty();
    }
}
