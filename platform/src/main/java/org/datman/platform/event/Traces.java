package org.datman.platform.event;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.jspecify.annotations.Nullable;

/**
 * Traces of events: what follows from the discovery of a series, in all services, is one trace. The header {@code traceparent} of each event
 * names the span in which it was published. It is set with OpenTelemetry off, too, by the event's id: then a service that has it on
 * belongs to the right trace.
 *
 * <p>Spans have the identity of what an event is about, as the record on Kafka has; no label, and no message of an error.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>
 */
@ApplicationScoped
public class Traces {

    private static final String HEADER = "traceparent";
    private static final TextMapGetter<String> ONE_HEADER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String carrier) {
            return List.of(HEADER);
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
            return key.equals(HEADER) ? carrier : null;
        }
    };

    private final Tracer tracer;

    Traces(Tracer tracer) {
        this.tracer = tracer;
    }

    /** The handling of a record by a stage of this service, as a span; the current one until it is closed. */
    @SuppressWarnings("MustBeClosedChecker") // Handling closes it
    Handling handling(Envelope<?> envelope, String stage) {
        Span span = tracer.spanBuilder(stage + " " + envelope.event().type().topic())
                .setSpanKind(SpanKind.CONSUMER)
                .setParent(parent(envelope.traceParent().orElse(null)))
                .setAttribute("messaging.system", "kafka")
                .setAttribute(
                        "messaging.destination.name", envelope.event().type().topic())
                .setAttribute("messaging.message.id", envelope.id().toString())
                .setAttribute("datman.subject", envelope.event().identity())
                .setAttribute("datman.correlation", envelope.correlationId())
                .startSpan();
        return new Handling(span, span.makeCurrent());
    }

    /** A span that is the current one of its thread. */
    record Handling(Span span, Scope scope) implements AutoCloseable {

        /** The record was given up, by the code of a reason. */
        void failed(String code) {
            span.setStatus(StatusCode.ERROR, code);
        }

        /** It is tried again. */
        void retried(boolean outage) {
            span.addEvent(outage ? "retry after an outage" : "retry");
        }

        @Override
        public void close() {
            scope.close();
            span.end();
        }
    }

    /**
     * An event of this service in its trace: of the span in which it is published, else of its cause; else a trace begins with it.
     *
     * @param since when what it tells began, as by a notification; null for now
     */
    public <E extends Event> Envelope<E> trace(Envelope<E> envelope, @Nullable Instant since) {
        SpanContext current = Span.current().getSpanContext();
        if (current.isValid()) {
            return envelope.withTraceParent(header(current));
        }
        return envelope.traceParent().isPresent() ? envelope : envelope.withTraceParent(begin(envelope, since));
    }

    private String begin(Envelope<?> envelope, @Nullable Instant since) {
        var builder = tracer.spanBuilder("publish " + envelope.event().type().topic())
                .setSpanKind(SpanKind.PRODUCER)
                .setNoParent()
                .setAttribute("messaging.system", "kafka")
                .setAttribute(
                        "messaging.destination.name", envelope.event().type().topic())
                .setAttribute("messaging.message.id", envelope.id().toString())
                .setAttribute("datman.subject", envelope.event().identity())
                .setAttribute("datman.correlation", envelope.correlationId());
        if (since != null) {
            builder.setStartTimestamp(since);
        }
        Span span = builder.startSpan();
        span.end();
        String id = envelope.id().toString().replace("-", "");
        return span.getSpanContext().isValid()
                ? header(span.getSpanContext())
                : "00-" + id + "-" + id.substring(16) + "-01";
    }

    private static String header(SpanContext context) {
        return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                + context.getTraceFlags().asHex();
    }

    private static Context parent(@Nullable String traceParent) {
        return W3CTraceContextPropagator.getInstance().extract(Context.root(), traceParent, ONE_HEADER);
    }
}
