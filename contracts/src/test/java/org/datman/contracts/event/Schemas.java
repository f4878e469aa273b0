package org.datman.contracts.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The published schemas as outside producers have them: draft 2020-12, formats asserted, each one alone. */
final class Schemas {

    private static final ObjectMapper PLAIN = new ObjectMapper();
    private static final Map<EventType, JsonSchema> SCHEMAS = new EnumMap<>(EventType.class);

    static {
        JsonSchemaFactory factory = JsonSchemaFactory.getInstance(VersionFlag.V202012);
        SchemaValidatorsConfig config =
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
        Arrays.stream(EventType.values()).forEach(type -> SCHEMAS.put(type, factory.getSchema(text(type), config)));
    }

    private Schemas() {}

    /** The schema file of that type. */
    static JsonNode text(EventType type) {
        try (InputStream in = Schemas.class.getClassLoader().getResourceAsStream(type.schemaResource())) {
            if (in == null) {
                throw new AssertionError(type + " has no schema at " + type.schemaResource());
            }
            return PLAIN.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(type.schemaResource(), e);
        }
    }

    /** What is wrong with a payload of that type; empty when it is valid. */
    static List<String> problems(EventType type, JsonNode payload) {
        return SCHEMAS.get(type).validate(payload).stream()
                .map(ValidationMessage::getMessage)
                .sorted()
                .toList();
    }

    /** JSON as it is, without any of DATMAN's own reading. */
    static JsonNode json(byte[] bytes) throws IOException {
        return PLAIN.readTree(bytes);
    }
}
