package org.datman.contracts.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.datman.contracts.event.Examples.Example;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an event of any type knows of itself: session, scan, order, summary. */
class EventTest {

    static Stream<Example> valid() {
        return Stream.of(EventType.values()).flatMap(type -> Examples.of(type, "valid"));
    }

    @ParameterizedTest
    @MethodSource("valid")
    void sessionAndScanAreThoseOfThePayload(Example example) throws Exception {
        // Given
        JsonNode payload = Schemas.json(example.payload());
        Event event = EventJson.read(example.payload(), example.type().payload());

        // When
        List<Optional<String>> about = List.of(
                event.sessionRef().map(SessionRef::identity), event.scanId().map(ScanId::text));

        // Then
        assertThat(about)
                .containsExactly(
                        Optional.ofNullable(payload.get("session"))
                                .map(session -> session.get("server").asText() + "/"
                                        + session.get("accession").asText()),
                        Optional.ofNullable(payload.get("scan")).map(JsonNode::asText));
    }

    @ParameterizedTest
    @MethodSource("valid")
    void aSummaryIsOneLineThatNamesWhatItIsAbout(Example example) throws Exception {
        // Given
        Event event = EventJson.read(example.payload(), example.type().payload());

        // When
        String summary = event.summary();

        // Then
        assertThat(summary).hasSizeGreaterThan(15).doesNotContain("Optional", "\n", "null");
        assertThat(summary)
                .containsAnyOf("eries", "ession", "file", "pload", "heck", "ipeline", "tudy", "ould not", "standard");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Of two revisions the larger is newer, whatever the second key.
                "series-exported   | seriesRevision=2,exportRevision=9          | seriesRevision=3,exportRevision=1",
                "series-exported   | seriesRevision=3,exportRevision=9          | seriesRevision=3,exportRevision=10",
                "session-checked   | settleRevision=1,checkRevision=4           | settleRevision=2,checkRevision=1",
                "session-checked   | settleRevision=2,checkRevision=1           | settleRevision=2,checkRevision=2",
                "qc-complete       | seriesRevision=1,finished=2026-11-03T00:00:00Z | seriesRevision=2,finished=2026-11-02T00:00:00Z",
                "qc-complete       | finished=2026-11-02T00:00:00.001Z          | finished=2026-11-02T00:00:00.002Z",
                "pipeline-updated  | attempt=1,state=FAILED                     | attempt=2,state=RUNNING",
                "pipeline-updated  | attempt=2,state=RUNNING                    | attempt=2,state=SUCCEEDED",
                // What has no revision is ordered by time; failures by attempts only within one time.
                "qc-reviewed       | time=2026-11-02T09:00:00Z                  | time=2026-11-02T09:00:01Z",
                "gold-standard-set | time=2026-11-02T09:00:00Z                  | time=2026-11-02T09:00:01Z",
                "series-assigned   | time=2026-11-02T09:00:00Z                  | time=2026-11-02T09:00:01Z",
                "configuration-confirmed | time=2026-11-02T09:00:00Z            | time=2026-11-02T09:00:01Z",
                "pipeline-cancelled | time=2026-11-02T09:00:00Z                 | time=2026-11-02T09:00:01Z",
                "pipeline-answered | time=2026-11-02T09:00:00Z                  | time=2026-11-02T09:00:01Z",
                "pipeline-paused   | time=2026-11-02T09:00:00Z                  | time=2026-11-02T09:00:01Z",
                "pipeline-requested | time=2026-11-02T09:00:00Z                 | time=2026-11-02T09:00:01Z",
                "reprocess-requested | time=2026-11-02T09:00:00Z                | time=2026-11-02T09:00:01Z",
                "processing-failed | attempts=9,time=2026-11-02T09:00:00Z       | attempts=1,time=2026-11-02T09:00:01Z",
                "processing-failed | attempts=1,time=2026-11-02T09:00:00Z       | attempts=2,time=2026-11-02T09:00:00Z",
            })
    void theNewerOfTwoEventsIsLarger(String topic, String older, String newer) throws Exception {
        // Given
        EventType type = EventType.byTopic(topic).orElseThrow();
        Event first = with(type, older);
        Event second = with(type, newer);

        // When
        List<Boolean> olderThan = List.of(
                first.order().isOlderThan(second.order()), second.order().isOlderThan(first.order()));

        // Then
        assertThat(olderThan).containsExactly(true, false);
    }

    /** Before header dates were checked, events had what a header had; they stay in the topics and are read again. */
    @ParameterizedTest
    @CsvSource({"series-discovered", "series-tagged", "series-exported", "session-checked"})
    void aDateThatIsNoDayIsNoDateAndNoPoison(String topic) throws Exception {
        // Given
        EventType type = EventType.byTopic(topic).orElseThrow();
        ObjectNode payload = (ObjectNode)
                Schemas.json(Examples.one(type, "valid", "all-fields.json").payload());
        payload.put("date", "0000-00-00");

        // When
        Event read = EventJson.read(payload.toString().getBytes(StandardCharsets.UTF_8), type.payload());

        // Then
        assertThat(Schemas.json(EventJson.write(read)).has("date")).isFalse();
    }

    /** The example with all fields, some of them changed. */
    private static Event with(EventType type, String fields) throws Exception {
        ObjectNode payload = (ObjectNode)
                Schemas.json(Examples.one(type, "valid", "all-fields.json").payload());
        for (String field : fields.split(",")) {
            String[] nameAndValue = field.split("=", 2);
            assertThat(payload.has(nameAndValue[0])).as(nameAndValue[0]).isTrue();
            if (payload.get(nameAndValue[0]).isNumber()) {
                payload.put(nameAndValue[0], Long.parseLong(nameAndValue[1]));
            } else {
                payload.put(nameAndValue[0], nameAndValue[1]);
            }
        }
        return EventJson.read(payload.toString().getBytes(StandardCharsets.UTF_8), type.payload());
    }
}
