package org.datman.contracts.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventType;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.event.SessionSettledBuilder;
import org.junit.jupiter.api.Test;

/** The page for newcomers agrees with the code. */
class EventContractsPageTest {

    @Test
    void theTableHasOneRowPerTopicAsDeclared() throws IOException {
        // Given
        List<String> declared = Arrays.stream(EventType.values())
                .map(type -> type.topic() + " said by " + String.join(", ", Topics.publishersOf(type)) + ", heard by "
                        + String.join(", ", Topics.consumersOf(type)))
                .toList();

        // When
        List<String[]> rows = page().lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\s*\\|\\s*"))
                .filter(cells -> cells.length == 6)
                .toList();

        // Then
        assertThat(rows)
                .extracting(cells -> cells[1].replace("`", "") + " said by " + cells[3] + ", heard by " + cells[4])
                .isEqualTo(declared);
        assertThat(rows).allSatisfy(cells -> assertThat(cells[5]).isNotBlank());
    }

    @Test
    void thePictureHasAnArrowForEachPublisherAndConsumer() throws IOException {
        // Given
        List<String> declared = Arrays.stream(EventType.values())
                .filter(type -> type != EventType.PROCESSING_FAILED)
                .flatMap(type -> Topics.publishersOf(type).stream().flatMap(from -> Topics.consumersOf(type).stream()
                        .filter(to -> !to.equals("dashboard") && !to.equals(from))
                        .map(to -> from + " -- " + type.topic() + " --> " + to)))
                .toList();

        // When
        List<String> arrows = page().lines()
                .map(String::strip)
                .filter(line -> line.contains(" --> "))
                .filter(line -> EventType.byTopic(line.split(" ")[2]).isPresent())
                .toList();

        // Then
        assertThat(arrows).containsExactlyInAnyOrderElementsOf(declared);
    }

    @Test
    void everyHeaderIsExplained() throws IOException {
        // Given
        SessionSettled event = SessionSettledBuilder.builder()
                .session(new SessionRef("lab", "E1"))
                .settleRevision(1)
                .cause(SessionSettled.Cause.QUIET)
                .series(List.of())
                .resources(0)
                .firstSeen(Instant.EPOCH)
                .lastChange(Instant.EPOCH)
                .build();

        // When
        List<String> headers =
                List.copyOf(Envelope.first(event, "/x", Instant.EPOCH).headers().keySet());

        // Then
        assertThat(page())
                .contains(headers.stream().map(name -> "`" + name + "`").toList());
    }

    private static String page() throws IOException {
        return Files.readString(Path.of(System.getProperty("datman.root"), "docs/event-contracts.md"));
    }
}
