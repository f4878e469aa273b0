package org.datman.contracts.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Events to bytes and back: one JSON form for all services. Unknown fields are ignored, so that additions are compatible; a
 * field that is missing, null or of another kind than the record's is an error and never a silent default.
 */
public final class EventJson {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .addModule(new ParameterNamesModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
            .build();

    private EventJson() {}

    /** The mapper that reads and writes events, for code that stores payloads unchanged. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /** The payload's JSON. */
    public static byte[] write(Event event) {
        try {
            return MAPPER.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Event " + event.type() + " cannot be written as JSON", e);
        }
    }

    /** A payload of a known type. */
    public static <E extends Event> E read(byte[] payload, Class<E> type) throws EventFormatException {
        if (payload == null) {
            throw new EventFormatException("the payload is empty; a " + type.getSimpleName() + " was expected");
        }
        try {
            E event = MAPPER.readValue(payload, type);
            if (event == null) {
                throw new EventFormatException("the payload is null; a " + type.getSimpleName() + " was expected");
            }
            return event;
        } catch (JsonMappingException e) {
            throw new EventFormatException(place(type, e.getPath()) + ": " + problem(e), e);
        } catch (JsonProcessingException e) {
            throw new EventFormatException(
                    "not JSON at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": " + firstLine(e.getOriginalMessage()),
                    e);
        } catch (IOException e) {
            throw new EventFormatException(type.getSimpleName() + ": " + firstLine(String.valueOf(e.getMessage())), e);
        }
    }

    /** An event as it came from Kafka: its {@code ce_} headers as text and its payload. */
    public static Envelope<?> read(Map<String, String> headers, byte[] payload) throws EventFormatException {
        String version = required(headers, "ce_specversion");
        if (!version.equals(Envelope.SPEC_VERSION)) {
            throw new EventFormatException(
                    "ce_specversion is '" + version + "'; CloudEvents " + Envelope.SPEC_VERSION + " was expected");
        }
        String typeName = required(headers, "ce_type");
        EventType type = EventType.byTypeName(typeName)
                .orElseThrow(
                        () -> new EventFormatException("ce_type is '" + typeName + "', which DATMAN does not know"));
        return envelope(headers, read(payload, type.payload()));
    }

    private static <E extends Event> Envelope<E> envelope(Map<String, String> headers, E event)
            throws EventFormatException {
        UUID id = id(required(headers, "ce_id"));
        return new Envelope<>(
                id,
                required(headers, "ce_source"),
                time(required(headers, "ce_time")),
                headers.getOrDefault("ce_correlationid", id.toString()),
                Optional.ofNullable(headers.get("ce_causationid")),
                Optional.ofNullable(headers.get("traceparent")),
                event);
    }

    private static UUID id(String text) throws EventFormatException {
        String problem = "ce_id is '" + text + "'; a UUID was expected";
        try {
            UUID id = UUID.fromString(text);
            // UUID.fromString pads short groups with zeros: 1-1-1-1-1 is not an id that was sent.
            if (!id.toString().equalsIgnoreCase(text)) {
                throw new EventFormatException(problem);
            }
            return id;
        } catch (IllegalArgumentException e) {
            throw new EventFormatException(problem, e);
        }
    }

    private static Instant time(String text) throws EventFormatException {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new EventFormatException("ce_time is '" + text + "'; an RFC 3339 time in UTC was expected", e);
        }
    }

    private static String required(Map<String, String> headers, String name) throws EventFormatException {
        String value = headers.get(name);
        if (value == null || value.isBlank()) {
            throw new EventFormatException("header " + name + " is missing; this is not a CloudEvent in binary mode");
        }
        return value;
    }

    /** The path of the field in the payload: {@code SessionSettled.series[0].scan}. */
    private static String place(Class<? extends Event> type, List<JsonMappingException.Reference> path) {
        StringBuilder place = new StringBuilder(type.getSimpleName());
        for (JsonMappingException.Reference step : path) {
            if (step.getFieldName() == null) {
                place.append('[').append(step.getIndex()).append(']');
            } else {
                place.append('.').append(step.getFieldName());
            }
        }
        return place.toString();
    }

    private static String problem(JsonMappingException e) {
        String message = firstLine(e.getOriginalMessage());
        return message.contains("FAIL_ON_NULL") ? "a value is required here and there is none" : message;
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}
