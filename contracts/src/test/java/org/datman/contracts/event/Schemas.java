package org.datman.contracts.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
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
    private static final Map<EventType, Schema> SCHEMAS = new EnumMap<>(EventType.class);

    static {
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemaRegistryConfig(SchemaRegistryConfig.builder()
                        .formatAssertionsEnabled(true)
                        .build()));
        Arrays.stream(EventType.values())
                .forEach(type -> SCHEMAS.put(type, registry.getSchema(text(type).toString(), InputFormat.JSON)));
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
        return SCHEMAS.get(type).validate(payload.toString(), InputFormat.JSON).stream()
                .map(Error::toString)
                .sorted()
                .toList();
    }

    /** JSON as it is, without any of DATMAN's own reading. */
    static JsonNode json(byte[] bytes) throws IOException {
        return PLAIN.readTree(bytes);
    }
}
