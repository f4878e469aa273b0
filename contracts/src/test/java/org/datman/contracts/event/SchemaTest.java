package org.datman.contracts.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each event has a valid schema, and record and schema agree. */
class SchemaTest {

    @ParameterizedTest
    @EnumSource
    void aSchemaIsNamedAsTheEnvelopeNamesIt(EventType type) {
        // Given a kind of event

        // When
        JsonNode schema = Schemas.text(type);

        // Then
        assertThat(schema.path("$schema").asText()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
        assertThat(schema.path("$id").asText()).isEqualTo(type.dataSchema());
        assertThat(schema.path("title").asText()).isEqualTo(type.typeName());
    }

    @ParameterizedTest
    @EnumSource
    void aSchemaIsValidJsonSchema(EventType type) {
        // Given
        var metaSchema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

        // When
        var problems = metaSchema.validate(Schemas.text(type).toString(), InputFormat.JSON);

        // Then
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void recordAndSchemaAgree(EventType type) {
        // Given
        JsonNode schema = Schemas.text(type);

        // When
        List<String> differences = new Comparison(schema).differences(type.payload());

        // Then
        assertThat(differences).isEmpty();
    }

    /** Record and schema side by side, down to the last nested record. */
    private static final class Comparison {

        private final JsonNode root;
        private final List<String> differences = new ArrayList<>();

        Comparison(JsonNode root) {
            this.root = root;
        }

        List<String> differences(Class<?> event) {
            compareRecord(event.getSimpleName(), event, root);
            return differences;
        }

        private void compareRecord(String at, Class<?> type, JsonNode schema) {
            expect(at + " type", "object", schema.path("type").asText());
            if (schema.has("additionalProperties") || schema.has("unevaluatedProperties")) {
                differences.add(at + ": unknown fields must stay allowed, or an addition would break outside readers");
            }
            describe(at, schema);
            List<String> names = new ArrayList<>();
            List<String> required = new ArrayList<>();
            for (RecordComponent component : type.getRecordComponents()) {
                names.add(component.getName());
                Type fieldType = component.getGenericType();
                if (component.getType() == Optional.class) {
                    fieldType = ((ParameterizedType) fieldType).getActualTypeArguments()[0];
                } else {
                    required.add(component.getName());
                }
                String field = at + "." + component.getName();
                JsonNode property = schema.path("properties").path(component.getName());
                if (!property.isMissingNode()) {
                    describe(field, property);
                    compare(field, fieldType, property);
                }
            }
            List<String> properties = new ArrayList<>();
            schema.path("properties").fieldNames().forEachRemaining(properties::add);
            expect(at + " properties", names, properties);
            expect(at + " required", required, texts(schema.path("required")));
        }

        private void compare(String at, Type type, JsonNode schema) {
            if (type instanceof ParameterizedType generic) {
                Class<?> raw = (Class<?>) generic.getRawType();
                Type[] arguments = generic.getActualTypeArguments();
                if (raw == Map.class) {
                    expect(at + " type", "object", schema.path("type").asText());
                    compare(at + ".*", arguments[1], schema.path("additionalProperties"));
                } else if (raw == List.class || raw == SortedSet.class) {
                    expect(at + " type", "array", schema.path("type").asText());
                    expect(
                            at + " uniqueItems",
                            raw == SortedSet.class,
                            schema.path("uniqueItems").asBoolean());
                    compare(at + "[]", arguments[0], schema.path("items"));
                } else {
                    differences.add(at + ": " + type + " has no form in JSON that this test knows");
                }
                return;
            }
            Class<?> plain = (Class<?>) type;
            if (plain.isRecord()) {
                String pointer = schema.path("$ref").asText("#/missing").substring(1);
                compareRecord(at, plain, root.at(pointer));
            } else if (plain == FileRole.class) {
                // Open: a role that is new is additive, so the schema names the roles and allows others.
                expect(at + " type", "string", schema.path("type").asText());
                expect(at + " enum", List.of(), texts(schema.path("enum")));
                List<String> words = List.of(schema.path("description").asText().split("[^a-z-]+"));
                Arrays.stream(FileRole.values())
                        .filter(role -> role != FileRole.STATE && !words.contains(role.key()))
                        .forEach(role -> differences.add(at + ": the description does not name " + role));
            } else if (plain.isEnum()) {
                expect(at + " type", "string", schema.path("type").asText());
                List<String> constants = Arrays.stream(plain.getEnumConstants())
                        .map(Object::toString)
                        .toList();
                expect(at + " enum", constants, texts(schema.path("enum")));
            } else {
                expect(at + " type", jsonType(plain), schema.path("type").asText());
                if (plain == Instant.class || plain == LocalDate.class) {
                    String format = plain == Instant.class ? "date-time" : "date";
                    expect(at + " format", format, schema.path("format").asText());
                }
            }
        }

        private static String jsonType(Class<?> type) {
            if (type == String.class || type == Instant.class || type == LocalDate.class) {
                return "string";
            }
            if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
                return "integer";
            }
            if (type == double.class || type == Double.class) {
                return "number";
            }
            if (type == boolean.class || type == Boolean.class) {
                return "boolean";
            }
            return "(no JSON type for " + type.getName() + ")";
        }

        private void describe(String at, JsonNode schema) {
            if (schema.path("description").asText().isBlank()) {
                differences.add(at + ": a description is missing");
            }
        }

        private void expect(String what, Object byRecord, Object bySchema) {
            if (!byRecord.equals(bySchema)) {
                differences.add(what + ": the record says " + byRecord + ", the schema " + bySchema);
            }
        }

        private static List<String> texts(JsonNode array) {
            return StreamSupport.stream(array.spliterator(), false)
                    .map(JsonNode::asText)
                    .toList();
        }
    }
}
