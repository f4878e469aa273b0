package org.datman.platform.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Instant;
import java.util.List;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.event.SessionSettledBuilder;
import org.junit.jupiter.api.Test;

class TracesTest {

    private static final Instant NOW = Instant.parse("2026-12-01T10:00:30Z");
    private static final Instant NOTIFIED = Instant.parse("2026-12-01T10:00:00Z");

    private final InMemorySpanExporter ended = InMemorySpanExporter.create();
    private final Traces traces = new Traces(SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(ended))
            .build()
            .get("test"));

    @Test
    void aTraceBeginsWithTheNotificationThatLedToAnEvent() {
        // Given
        Envelope<SessionSettled> first = Envelope.first(event(), "/datman/ingest", NOW);

        // When
        Envelope<SessionSettled> traced = traces.trace(first, NOTIFIED);

        // Then
        SpanData span = ended.getFinishedSpanItems().get(0);
        assertThat(traced.traceParent()).contains("00-" + span.getTraceId() + "-" + span.getSpanId() + "-01");
        assertThat(Instant.ofEpochSecond(0, span.getStartEpochNanos())).isEqualTo(NOTIFIED);
        assertThat(span.getParentSpanContext().isValid()).isFalse();
    }

    @Test
    void anEventOutsideOfASpanBelongsToTheTraceOfItsCause() {
        // Given
        Envelope<SessionSettled> cause = Envelope.first(event(), "/datman/ingest", NOW)
                .withTraceParent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        Envelope<SessionSettled> answer = Envelope.answering(cause, event(), "/datman/qc", NOW);

        // When
        Envelope<SessionSettled> traced = traces.trace(answer, null);

        // Then
        assertThat(traced.traceParent()).isEqualTo(cause.traceParent());
        assertThat(ended.getFinishedSpanItems()).isEmpty();
    }

    @Test
    void withOpenTelemetryOffTheTraceFollowsFromTheEventAlone() {
        // Given
        Traces off = new Traces(TracerProvider.noop().get("test"));
        Envelope<SessionSettled> first = Envelope.first(event(), "/datman/ingest", NOW);

        // When
        Envelope<SessionSettled> traced = off.trace(first, NOTIFIED);

        // Then
        String id = first.id().toString().replace("-", "");
        assertThat(traced.traceParent()).contains("00-" + id + "-" + id.substring(16) + "-01");
    }

    private static SessionSettled event() {
        return SessionSettledBuilder.builder()
                .session(new SessionRef("xnat", "A"))
                .settleRevision(1)
                .cause(SessionSettled.Cause.QUIET)
                .series(List.of())
                .resources(0)
                .firstSeen(NOTIFIED)
                .lastChange(NOW)
                .build();
    }
}
