package org.datman.contracts.event;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * An event with its CloudEvents 1.0 attributes. In binary mode each attribute is a Kafka header with the prefix {@code ce_}.
 *
 * @param id deterministic, see {@link EventId}
 * @param source the publishing service: {@code /datman/ingest}
 * @param time when it was published
 * @param correlationId the id of the first event of the chain: all events that follow from one webhook or one sweep share it
 * @param causationId the id of the event that caused this one; empty for the first of a chain
 * @param traceParent W3C trace context, if there is one
 * @param event the payload
 */
public record Envelope<E extends Event>(
        UUID id,
        String source,
        Instant time,
        String correlationId,
        Optional<String> causationId,
        Optional<String> traceParent,
        E event) {

    /** The CloudEvents version that all events have. */
    static final String SPEC_VERSION = "1.0";

    public Envelope {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(correlationId, "correlationId");
        Objects.requireNonNull(event, "event");
    }

    /** A first event, not caused by another event. */
    public static <E extends Event> Envelope<E> first(E event, String source, Instant time) {
        UUID id = EventId.of(event);
        return new Envelope<>(id, source, time, id.toString(), Optional.empty(), Optional.empty(), event);
    }

    /** An event caused by {@code cause}. */
    public static <E extends Event> Envelope<E> answering(Envelope<?> cause, E event, String source, Instant time) {
        return new Envelope<>(
                EventId.of(event),
                source,
                time,
                cause.correlationId(),
                Optional.of(cause.id().toString()),
                cause.traceParent(),
                event);
    }

    /** The same event in another trace. */
    public Envelope<E> withTraceParent(String trace) {
        return new Envelope<>(id, source, time, correlationId, causationId, Optional.of(trace), event);
    }

    /** The headers of binary mode, in a fixed order. */
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ce_specversion", SPEC_VERSION);
        headers.put("ce_id", id.toString());
        headers.put("ce_source", source);
        headers.put("ce_type", event.type().typeName());
        headers.put("ce_time", time.toString());
        headers.put("ce_subject", event.identity());
        headers.put("ce_dataschema", event.type().dataSchema());
        headers.put("ce_correlationid", correlationId);
        causationId.ifPresent(cause -> headers.put("ce_causationid", cause));
        traceParent.ifPresent(trace -> headers.put("traceparent", trace));
        headers.put("content-type", "application/json");
        return headers;
    }
}
