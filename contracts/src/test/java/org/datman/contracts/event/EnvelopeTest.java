package org.datman.contracts.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CloudEvents in binary mode: what is written, and the error for what cannot be read. */
class EnvelopeTest {

    private static final Instant TIME = Instant.parse("2026-11-02T09:14:05Z");
    private static final SessionSettled SETTLED = SessionSettledBuilder.builder()
            .session(new SessionRef("lab", "SPN_E00042"))
            .settleRevision(3)
            .cause(SessionSettled.Cause.QUIET)
            .series(List.of(new SessionSettled.SettledSeries("2", 1)))
            .resources(0)
            .firstSeen(TIME)
            .lastChange(TIME)
            .build();

    @Test
    void theHeadersOfAFirstEventAreBinaryMode() {
        // Given
        Envelope<SessionSettled> envelope = Envelope.first(SETTLED, "/datman/ingest", TIME);

        // When
        Map<String, String> headers = envelope.headers();

        // Then
        String id = EventId.of(SETTLED).toString();
        assertThat(headers)
                .containsExactly(
                        entry("ce_specversion", "1.0"),
                        entry("ce_id", id),
                        entry("ce_source", "/datman/ingest"),
                        entry("ce_type", "org.datman.session.settled.v1"),
                        entry("ce_time", "2026-11-02T09:14:05Z"),
                        entry("ce_subject", "lab/SPN_E00042"),
                        entry("ce_dataschema", "https://datman.org/schemas/session-settled.v1.schema.json"),
                        entry("ce_correlationid", id),
                        entry("content-type", "application/json"));
    }

    @Test
    void anAnswerKeepsTheChainAndNamesItsCause() {
        // Given
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        Envelope<SessionSettled> cause = new Envelope<>(
                EventId.of(SETTLED), "/datman/ingest", TIME, "first", Optional.empty(), Optional.of(trace), SETTLED);

        // When
        Envelope<SessionSettled> answer = Envelope.answering(cause, SETTLED, "/datman/qc", TIME.plusSeconds(1));

        // Then
        assertThat(answer.headers())
                .contains(
                        entry("ce_correlationid", "first"),
                        entry("ce_causationid", cause.id().toString()),
                        entry("ce_source", "/datman/qc"),
                        entry("traceparent", trace));
    }

    @Test
    void anEnvelopeIsReadBackEqual() throws Exception {
        // Given
        Envelope<SessionSettled> envelope = Envelope.first(SETTLED, "/datman/ingest", TIME);

        // When
        Envelope<?> read = EventJson.read(envelope.headers(), EventJson.write(SETTLED));

        // Then
        assertThat(read).isEqualTo(envelope);
    }

    @Test
    void anOutsideProducerMayLeaveOutOurOwnAttributes() throws Exception {
        // Given
        Map<String, String> headers =
                Envelope.first(SETTLED, "/lab/script", TIME).headers();
        headers.keySet().removeAll(List.of("ce_subject", "ce_dataschema", "ce_correlationid", "content-type"));

        // When
        Envelope<?> read = EventJson.read(headers, EventJson.write(SETTLED));

        // Then
        assertThat(read.correlationId()).isEqualTo(read.id().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time"})
    void aMissingOrEmptyHeaderIsNamed(String name) {
        // Given
        Map<String, String> without = Envelope.first(SETTLED, "/x", TIME).headers();
        without.remove(name);
        Map<String, String> blank = Envelope.first(SETTLED, "/x", TIME).headers();
        blank.put(name, " ");

        // When
        List<EventFormatException> refusals =
                List.of(refusal(without, EventJson.write(SETTLED)), refusal(blank, EventJson.write(SETTLED)));

        // Then
        assertThat(refusals)
                .allSatisfy(refusal -> assertThat(refusal).hasMessageContaining("header " + name + " is missing"));
    }

    @ParameterizedTest
    @CsvSource({
        "ce_specversion, 0.3",
        "ce_type, org.datman.session.settled.v9",
        "ce_type, SESSION_SETTLED",
        "ce_id, 17",
        "ce_id, 1-1-1-1-1",
        "ce_id, 5f0b4a1e7d0c5c559a5764d1b7a54f3b",
        "ce_time, yesterday",
        "ce_time, 2026-11-02",
        "ce_time, 1793610845",
    })
    void aBadHeaderIsNamedWithItsValue(String name, String value) {
        // Given
        Map<String, String> headers = Envelope.first(SETTLED, "/x", TIME).headers();
        headers.put(name, value);

        // When
        EventFormatException refusal = refusal(headers, EventJson.write(SETTLED));

        // Then
        assertThat(refusal).hasMessageContaining(name).hasMessageContaining("'" + value + "'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                                        | SessionSettled: No content",
                "{                                         | line 1",
                "{}                                        | SessionSettled.settleRevision: a value is required",
                "null                                      | null",
                "[]                                        | SessionSettled",
                "\"text\"                                  | SessionSettled",
                "{\"session\":{\"server\":\"lab\"}}        | SessionSettled.session.accession: a value is required",
                "{\"session\":null,\"settleRevision\":1,\"resources\":0} | SessionSettled.session: a value is required",
                "{\"settleRevision\":1.5}                  | SessionSettled.settleRevision",
                "{\"settleRevision\":99999999999999999999} | settleRevision",
                "{\"settleRevision\":\"many\"}             | SessionSettled.settleRevision",
                "{\"cause\":0}                             | SessionSettled.cause",
                "{\"cause\":\"quiet\"}                     | SessionSettled.cause",
                "{\"series\":[{\"scan\":\"2\"}]}           | SessionSettled.series[0].seriesRevision: a value is required",
                "{\"firstSeen\":\"noon\"}                  | SessionSettled.firstSeen",
                "<xml/>                                    | line 1",
            })
    void aBadPayloadIsRefusedWithThePlace(String payload, String place) {
        // Given
        Map<String, String> headers = Envelope.first(SETTLED, "/x", TIME).headers();

        // When
        EventFormatException refusal = refusal(headers, payload.getBytes(StandardCharsets.UTF_8));

        // Then
        assertThat(refusal).hasMessageContaining(place);
    }

    @Test
    void whatFollowsThePayloadIsNotIgnored() {
        // Given
        byte[] twice =
                (new String(EventJson.write(SETTLED), StandardCharsets.UTF_8) + "{}").getBytes(StandardCharsets.UTF_8);

        // When
        EventFormatException refusal =
                refusal(Envelope.first(SETTLED, "/x", TIME).headers(), twice);

        // Then
        assertThat(refusal).hasMessageContaining("SessionSettled");
    }

    @Test
    void noPayloadIsReportedAsSuch() {
        // Given
        Map<String, String> headers = Envelope.first(SETTLED, "/x", TIME).headers();

        // When
        EventFormatException refusal = refusal(headers, null);

        // Then
        assertThat(refusal).hasMessageContaining("the payload is empty").hasMessageContaining("SessionSettled");
    }

    @Test
    void aFieldOfTomorrowIsIgnored() throws Exception {
        // Given
        String json = new String(EventJson.write(SETTLED), StandardCharsets.UTF_8);
        byte[] payload =
                json.replaceFirst("\\{", "{\"weather\":{\"rain\":true},").getBytes(StandardCharsets.UTF_8);

        // When
        SessionSettled read = EventJson.read(payload, SessionSettled.class);

        // Then
        assertThat(read).isEqualTo(SETTLED);
    }

    private static EventFormatException refusal(Map<String, String> headers, byte[] payload) {
        EventFormatException refusal =
                catchThrowableOfType(EventFormatException.class, () -> EventJson.read(headers, payload));
        assertThat(refusal).as("EventFormatException").isNotNull();
        return refusal;
    }
}
