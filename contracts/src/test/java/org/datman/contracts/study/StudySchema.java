package org.datman.contracts.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The published schema of the study file, and which part of it describes which part of a study. */
final class StudySchema {

    static final Path FILE = Path.of(System.getProperty("datman.root"), "docs/study-configuration.schema.json");

    /** Reads YAML as editors do: a date is a text. */
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private static final String DEFINITIONS = "#/definitions/";
    private static final String OPEN = "additionalProperties";

    private final JsonNode json;
    private final Schema validator;

    private StudySchema(JsonNode json) {
        this.json = json;
        this.validator = SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_7,
                        builder -> builder.schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build()))
                .getSchema(json.toString(), InputFormat.JSON);
    }

    static StudySchema published() {
        try {
            return new StudySchema(new ObjectMapper().readTree(Files.readString(FILE)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A value of a study and the part of the schema that describes it.
     *
     * @param definition the nearest named part of the schema
     * @param schema the part itself
     * @param pointer JSON pointer of the value in the study
     */
    record Place(String definition, JsonNode schema, String pointer) {

        boolean isClosed() {
            return StudySchema.isClosed(schema);
        }
    }

    static JsonNode study(String yaml) {
        try {
            return YAML.readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] yaml(JsonNode study) {
        try {
            return YAML.writeValueAsBytes(study);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What an editor underlines. */
    List<String> problems(JsonNode study) {
        return validator.validate(study.toString(), InputFormat.JSON).stream()
                .map(Error::toString)
                .sorted()
                .toList();
    }

    /** Names of the parts that list all their keys. */
    Set<String> closedDefinitions() {
        Set<String> closed = new TreeSet<>();
        json.get("definitions").properties().forEach(entry -> {
            if (isClosed(entry.getValue())) {
                closed.add(entry.getKey());
            }
        });
        return closed;
    }

    JsonNode definition(String name) {
        return json.get("definitions").get(name);
    }

    /** The keys that the named part of the schema lists. */
    Set<String> keys(String definition) {
        Set<String> keys = new TreeSet<>();
        definition(definition).get("properties").fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    /** The values of an {@code enum}. */
    static Set<String> words(JsonNode schema) {
        Set<String> words = new TreeSet<>();
        schema.get("enum").forEach(word -> words.add(word.asText()));
        return words;
    }

    /** Every {@code enum} of texts, by the part that has it. */
    List<JsonNode> enumerations() {
        return json.findParents("enum").stream()
                .filter(schema -> StreamSupport.stream(schema.get("enum").spliterator(), false)
                        .allMatch(JsonNode::isTextual))
                .toList();
    }

    /** All parts of the study with their schema; a value has several places where it may be of several types. */
    List<Place> places(JsonNode study) {
        List<Place> places = new ArrayList<>();
        walk("", json, study, "", places);
        return places;
    }

    private void walk(String definition, JsonNode schema, JsonNode data, String pointer, List<Place> places) {
        if (schema.has("$ref")) {
            String name = schema.get("$ref").asText().substring(DEFINITIONS.length());
            walk(name, definition(name), data, pointer, places);
            return;
        }
        places.add(new Place(definition, schema, pointer));
        Stream.of("allOf", "anyOf", "oneOf")
                .map(schema::path)
                .forEach(choices -> choices.forEach(choice -> {
                    if (mayBe(choice, data)) {
                        walk(definition, choice, data, pointer, places);
                    }
                }));
        if (data instanceof ObjectNode object) {
            object.properties().forEach(entry -> {
                JsonNode listed = schema.path("properties").path(entry.getKey());
                JsonNode below = listed.isMissingNode() ? schema.path(OPEN) : listed;
                if (below.isObject()) {
                    walk(definition, below, entry.getValue(), pointer + "/" + escaped(entry.getKey()), places);
                }
            });
        }
        if (data instanceof ArrayNode array && schema.has("items")) {
            for (int i = 0; i < array.size(); i++) {
                walk(definition, schema.get("items"), array.get(i), pointer + "/" + i, places);
            }
        }
    }

    private boolean mayBe(JsonNode choice, JsonNode data) {
        JsonNode schema = choice;
        while (schema.has("$ref")) {
            schema = definition(schema.get("$ref").asText().substring(DEFINITIONS.length()));
        }
        String type = schema.path("type").asText();
        return switch (type) {
            case "object" -> data.isObject();
            case "array" -> data.isArray();
            case "string" -> data.isTextual();
            default -> true;
        };
    }

    private static boolean isClosed(JsonNode schema) {
        return schema.path(OPEN).isBoolean() && !schema.path(OPEN).asBoolean();
    }

    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }
}
