package org.datman.header;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Parameter records as JSON, for storage: origins, and values with their provenance. Conflicts and remarks are those of the day they were found. */
public final class RecordJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private RecordJson() {}

    /** The record as one line. */
    public static String write(ParameterRecord header) {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode origins = root.putArray("origins");
        header.origins().stream().sorted().forEach(origin -> origins.add(origin.name()));
        ObjectNode fields = root.putObject("fields");
        header.parameters().forEach((name, parameter) -> {
            ObjectNode field = fields.putObject(name);
            ArrayNode values = field.putArray("value");
            if (parameter.value() instanceof Value.Numbers numbers) {
                numbers.all().forEach(values::add);
            } else if (parameter.value() instanceof Value.Texts texts) {
                texts.all().forEach(values::add);
            }
            ArrayNode sources = field.putArray("sources");
            parameter.sources().forEach(sources::add);
        });
        return root.toString();
    }

    /** Reads back what {@link #write} wrote; fields that the table no longer has are left out. */
    public static ParameterRecord read(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            Set<Origin> origins = EnumSet.noneOf(Origin.class);
            root.path("origins").forEach(origin -> origins.add(Origin.valueOf(origin.asText())));
            Map<String, Parameter> parameters = new TreeMap<>();
            root.path("fields").properties().forEach(entry -> {
                if (FieldTable.field(entry.getKey()).isPresent()) {
                    List<String> sources = new ArrayList<>();
                    entry.getValue().path("sources").forEach(source -> sources.add(source.asText()));
                    parameters.put(
                            entry.getKey(), new Parameter(value(entry.getValue().path("value")), sources));
                }
            });
            return ParameterRecord.of(origins, parameters);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no parameter record: " + e.getOriginalMessage(), e);
        }
    }

    private static Value value(JsonNode values) {
        List<Double> numbers = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        values.forEach(value -> {
            if (value.isNumber()) {
                numbers.add(value.asDouble());
            } else {
                texts.add(value.asText());
            }
        });
        return texts.isEmpty() && !numbers.isEmpty() ? new Value.Numbers(numbers) : new Value.Texts(texts);
    }
}
