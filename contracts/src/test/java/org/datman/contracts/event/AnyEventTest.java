package org.datman.contracts.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every event. */
class AnyEventTest {

    @Property(tries = 600)
    void whatARecordCanHoldIsValid(@ForAll("events") Event event) throws Exception {
        // Given
        JsonNode payload = Schemas.json(EventJson.write(event));

        // When
        List<String> problems = Schemas.problems(event.type(), payload);

        // Then
        assertThat(problems).isEmpty();
    }

    @Property(tries = 600)
    void whatWasWrittenIsReadBackEqual(@ForAll("events") Event event) throws Exception {
        // Given
        byte[] payload = EventJson.write(event);

        // When
        Event read = EventJson.read(payload, event.type().payload());

        // Then
        assertThat(read).isEqualTo(event);
        assertThat(EventId.of(read)).isEqualTo(EventId.of(event));
    }

    @Property(tries = 300)
    void onlyDeclaredFieldsAreWritten(@ForAll("events") Event event) throws Exception {
        // Given
        Set<String> declared = Arrays.stream(event.getClass().getRecordComponents())
                .map(component -> component.getName())
                .collect(Collectors.toSet());

        // When
        JsonNode payload = Schemas.json(EventJson.write(event));

        // Then
        Set<String> written = new TreeSet<>();
        payload.fieldNames().forEachRemaining(written::add);
        assertThat(declared).containsAll(written);
    }

    @Property(tries = 300)
    void anEnvelopeComesBackFromItsHeaders(@ForAll("events") Event event, @ForAll("causes") Optional<String> trace)
            throws Exception {
        // Given
        Instant time = Instant.parse("2026-11-02T09:14:05.123456Z");
        Envelope<Event> envelope = new Envelope<>(EventId.of(event), "/datman/qc", time, "c-1", trace, trace, event);

        // When
        Envelope<?> read = EventJson.read(envelope.headers(), EventJson.write(event));

        // Then
        assertThat(read).isEqualTo(envelope);
    }

    @Provide
    Arbitrary<Event> events() {
        return Arbitraries.of(EventType.class)
                .flatMap(type -> Arbitraries.randomValue(random -> AnyEvent.of(type, random)));
    }

    @Provide
    Arbitrary<Optional<String>> causes() {
        return Arbitraries.of(Optional.empty(), Optional.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    }
}
