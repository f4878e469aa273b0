package org.datman.platform.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesDiscoveredBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.topic.Topics;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class EventConsumerTest {

    @Inject
    ScriptedHandler handler;

    private EventsOnKafka events;

    @BeforeEach
    void connect() {
        events = EventsOnKafka.ofTests();
    }

    @AfterEach
    void disconnect() {
        events.close();
    }

    @Test
    void outageIsWaitedOutInOrderAndNothingIsSetAside() {
        // Given
        handler.script.put("outage-1", new ArrayList<>(Collections.nCopies(6, new ConnectException("refused"))));

        // When
        events.publish(series("order", "outage-1"));
        events.publish(series("order", "outage-2"));

        // Then
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(handler.handled).containsSubsequence("outage-1", "outage-2"));
        List<ProcessingFailed> said = events.all(ProcessingFailed.class).stream()
                .map(Envelope::event)
                .filter(failed -> failed.scan().equals(Optional.of("outage-1")))
                .toList();
        // Then its end is said, too, as a later state of the same failure
        assertThat(said).extracting(failed -> failed.reason().code()).containsExactly("outage", "outage-resumed");
        assertThat(said).extracting(ProcessingFailed::kind).containsOnly(ProcessingFailed.Kind.TRANSIENT);
        assertThat(said)
                .extracting(ProcessingFailed::identity)
                .containsOnly(said.get(0).identity());
        assertThat(said.get(1).time()).isAfter(said.get(0).time());
    }

    @Test
    void whatCanNeverSucceedIsSetAsideWithItsReasonAndTheNextGoesOn() {
        // Given
        Reason reason = new Reason("no-way", "It cannot be done", "Do something else");
        handler.script.put("never", new ArrayList<>(List.of(new PermanentException(reason))));

        // When
        Envelope<SeriesDiscovered> cause = events.publish(series("permanent", "never"));
        events.publish(series("permanent", "after-never"));

        // Then
        Envelope<ProcessingFailed> failed =
                events.await(ProcessingFailed.class, event -> event.scan().equals(Optional.of("never")));
        assertThat(failed.event().reason()).isEqualTo(reason);
        assertThat(failed.event().cause()).contains(cause.id().toString());
        assertThat(failed.causationId()).contains(cause.id().toString());
        assertThat(events.awaitRaw(
                        "series-discovered.tagging.dlq", value -> new String(value, UTF_8).contains("\"never\"")))
                .containsEntry("ce_id", cause.id().toString());
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(handler.handled).contains("after-never"));
    }

    @Test
    void theHandlingOfAnEventIsASpanOfItsTraceAndParentOfWhatFollows() {
        // Given
        handler.script.put(
                "traced",
                new ArrayList<>(List.of(
                        new ConnectException("refused"),
                        new PermanentException(new Reason("no-way", "It cannot be done", "Do something else")))));
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        String parent = "00f067aa0ba902b7";

        // When
        events.publish(Envelope.first(series("traces", "traced"), "/datman/ingest", Instant.EPOCH)
                .withTraceParent("00-" + trace + "-" + parent + "-01"));

        // Then
        String published = events.await(
                        ProcessingFailed.class, event -> event.scan().equals(Optional.of("traced")))
                .traceParent()
                .orElseThrow();
        SpanData span = await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> SpansOfTests.ENDED.getFinishedSpanItems().stream()
                                .filter(one -> one.getTraceId().equals(trace))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
        assertThat(published).isEqualTo("00-" + trace + "-" + span.getSpanId() + "-01");
        assertThat(span.getParentSpanId()).isEqualTo(parent);
        assertThat(span.getName()).isEqualTo("tag series-discovered");
        assertThat(span.getStatus()).isEqualTo(StatusData.create(StatusCode.ERROR, "no-way"));
        assertThat(span.getEvents()).extracting(EventData::getName).containsExactly("retry after an outage");
    }

    @Test
    void anUnexpectedErrorIsTriedAgainAndThenSetAside() {
        // Given
        handler.script.put("bug", new ArrayList<>(Collections.nCopies(3, new IllegalStateException("a bug"))));

        // When
        events.publish(series("fault", "bug"));

        // Then
        Envelope<ProcessingFailed> failed =
                events.await(ProcessingFailed.class, event -> event.scan().equals(Optional.of("bug")));
        assertThat(failed.event().attempts()).isEqualTo(3);
        assertThat(failed.event().reason().message()).contains("a bug");
    }

    @Test
    void poisonIsSetAsideUnchangedAndTheNextGoesOn() {
        // Given
        byte[] poison = "this is no event".getBytes(UTF_8);

        // When
        events.publishRaw("series-discovered", "poison", poison);
        events.publish(series("poison", "after-poison"));

        // Then
        Envelope<ProcessingFailed> failed =
                events.await(ProcessingFailed.class, event -> event.kind() == ProcessingFailed.Kind.POISON);
        assertThat(failed.event().reason().message())
                .contains("series-discovered-")
                .contains("ce_type");
        events.awaitRaw("series-discovered.tagging.dlq", value -> java.util.Arrays.equals(value, poison));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(handler.handled).contains("after-poison"));
    }

    @Test
    void aLargeUnreadableRecordIsSetAsideWholeAndTheNextGoesOn() {
        // Given
        byte[] large = bytes(2_000_000);

        // When
        events.publishRaw("series-discovered", "large", large);
        events.publish(series("large", "after-large"));

        // Then
        events.awaitRaw("series-discovered.tagging.dlq", value -> java.util.Arrays.equals(value, large));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(handler.handled).contains("after-large"));
    }

    @Test
    void ofARecordThatLeavesNoRoomTheHeadIsSetAsideWithItsOffset() {
        // Given
        byte[] full = bytes(Topics.MOST_BYTES - 1_000);

        // When
        events.publishRaw("series-discovered", "full", full);
        events.publish(series("full", "after-full"));

        // Then
        byte[] head = java.util.Arrays.copyOf(full, DeadLetter.HEAD);
        Map<String, String> headers =
                events.awaitRaw("series-discovered.tagging.dlq", value -> java.util.Arrays.equals(value, head));
        assertThat(headers)
                .containsEntry("dead-letter-topic", "series-discovered")
                .containsEntry("dead-letter-size", Integer.toString(full.length))
                .containsKey("dead-letter-offset");
        Envelope<ProcessingFailed> failed = events.await(
                ProcessingFailed.class, event -> event.reason().action().contains("too large to be copied"));
        assertThat(failed.event().cause())
                .contains("series-discovered-" + headers.get("dead-letter-partition") + "@"
                        + headers.get("dead-letter-offset"));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(handler.handled).contains("after-full"));
    }

    @Test
    void aRecordWithoutValueIsSetAsideAndTheNextGoesOn() {
        // Given
        byte[] nothing = null;

        // When
        events.publishRaw("series-discovered", "nothing", nothing);
        events.publish(series("nothing", "after-nothing"));

        // Then
        events.await(
                ProcessingFailed.class,
                event -> event.reason().code().equals("unreadable-event")
                        && event.kind() == ProcessingFailed.Kind.POISON);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(handler.handled).contains("after-nothing"));
    }

    @Test
    void storageThatIsAwayIsWaitedFor() {
        // Given
        handler.script.put(
                "read-only",
                new ArrayList<>(Collections.nCopies(
                        6, new java.nio.file.FileSystemException("/a/x.part", null, "Read-only file system"))));

        // When
        events.publish(series("storage", "read-only"));

        // Then
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(handler.handled).contains("read-only"));
        assertThat(events.all(ProcessingFailed.class))
                .extracting(Envelope::event)
                .filteredOn(event -> event.scan().equals(Optional.of("read-only")))
                .extracting(ProcessingFailed::kind)
                .containsOnly(ProcessingFailed.Kind.TRANSIENT);
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        java.util.Arrays.fill(bytes, (byte) '{');
        return bytes;
    }

    private static SeriesDiscovered series(String accession, String scan) {
        return SeriesDiscoveredBuilder.builder()
                .session(new SessionRef("test", accession))
                .seriesRevision(1)
                .status(SeriesDiscovered.Status.PRESENT)
                .project("P")
                .subjectLabel("S")
                .sessionLabel("L")
                .scan(scan)
                .description("d")
                .xnatType("t")
                .xsiType("xnat:mrScanData")
                .quality("usable")
                .imageType(List.of())
                .echoNumbers(new TreeSet<>())
                .header(Map.of())
                .fileCount(0)
                .byteCount(0)
                .fingerprint("f")
                .seriesNumber(Optional.of(1L))
                .build();
    }
}
