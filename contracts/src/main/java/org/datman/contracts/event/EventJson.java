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
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Events to bytes and back: one JSON form for all services. Unknown fields are ignored, so that additions break nobody. */
public final class EventJson {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .addModule(new ParameterNamesModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
            .build();

    private EventJson() {}

    /** The mapper that reads and writes events, for those who store payloads as they are. */
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
            event.key();
            return event;
        } catch (JsonMappingException e) {
            throw new EventFormatException(
                    type.getSimpleName() + " at " + e.getPathReference() + ": " + firstLine(e.getOriginalMessage()), e);
        } catch (JsonProcessingException e) {
            throw new EventFormatException(
                    "not JSON at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": " + firstLine(e.getOriginalMessage()),
                    e);
        } catch (IOException | RuntimeException e) {
            throw new EventFormatException(type.getSimpleName() + ": " + firstLine(String.valueOf(e.getMessage())), e);
        }
    }

    /** An event as it came from Kafka: its {@code ce_} headers as text and its payload. */
    public static Envelope<?> read(Map<String, String> headers, byte[] payload) throws EventFormatException {
        String typeName = required(headers, "ce_type");
        EventType type = EventType.byTypeName(typeName)
                .orElseThrow(
                        () -> new EventFormatException("ce_type is '" + typeName + "', which DATMAN does not know"));
        return envelope(headers, read(payload, type.payload()));
    }

    private static <E extends Event> Envelope<E> envelope(Map<String, String> headers, E event)
            throws EventFormatException {
        String id = required(headers, "ce_id");
        try {
            return new Envelope<>(
                    UUID.fromString(id),
                    required(headers, "ce_source"),
                    Instant.parse(required(headers, "ce_time")),
                    headers.getOrDefault("ce_correlationid", id),
                    Optional.ofNullable(headers.get("ce_causationid")),
                    Optional.ofNullable(headers.get("traceparent")),
                    event);
        } catch (IllegalArgumentException e) {
            throw new EventFormatException("ce_id is '" + id + "'; a UUID was expected", e);
        } catch (DateTimeException e) {
            throw new EventFormatException(
                    "ce_time is '" + headers.get("ce_time") + "'; an RFC 3339 time was expected", e);
        }
    }

    private static String required(Map<String, String> headers, String name) throws EventFormatException {
        String value = headers.get(name);
        if (value == null || value.isBlank()) {
            throw new EventFormatException("header " + name + " is missing; this is not a CloudEvent in binary mode");
        }
        return value;
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}
