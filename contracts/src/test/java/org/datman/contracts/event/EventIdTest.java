package org.datman.contracts.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Event ids are the same for ever, and differ where facts differ. */
class EventIdTest {

    private static final UUID NAME_SPACE = UUID.fromString("5f0b4a1e-7d0c-5c55-9a57-64d1b7a54f3b");

    @ParameterizedTest
    @MethodSource
    void anIdIsAsItWasWrittenDown(EventType type, UUID expected) throws Exception {
        // Given
        byte[] payload = Examples.one(type, "v1-2026-11", "all-fields.json").payload();
        Event event = EventJson.read(payload, type.payload());

        // When
        UUID id = EventId.of(event);

        // Then
        assertThat(id).isEqualTo(expected);
    }

    static Stream<Arguments> anIdIsAsItWasWrittenDown() {
        List<String> rows;
        try (InputStream in = Objects.requireNonNull(EventIdTest.class.getResourceAsStream("/event-ids.tsv"))) {
            rows = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(rows).hasSameSizeAs(EventType.values());
        return rows.stream()
                .map(row -> row.split("\t"))
                .map(cells -> Arguments.of(EventType.byTopic(cells[0]).orElseThrow(), UUID.fromString(cells[1])));
    }

    @Test
    void anIdIsSha1OfNameSpaceAndNameAsRfc9562States() throws Exception {
        // Given
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        sha1.update(ByteBuffer.allocate(16)
                .putLong(NAME_SPACE.getMostSignificantBits())
                .putLong(NAME_SPACE.getLeastSignificantBits())
                .flip());
        byte[] hash = sha1.digest("org.datman.session.settled.v1\nlab/SPN_É00042\n3".getBytes(StandardCharsets.UTF_8));
        ByteBuffer bits = ByteBuffer.wrap(hash);
        UUID expected = new UUID(
                bits.getLong() & ~0xF000L | 0x5000L, bits.getLong() & ~0xC000000000000000L | 0x8000000000000000L);

        // When
        UUID id = EventId.of(EventType.SESSION_SETTLED, "lab/SPN_É00042", "3");

        // Then
        assertThat(id).isEqualTo(expected);
        assertThat(id.version()).isEqualTo(5);
        assertThat(id.variant()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void typeIdentityAndRevisionEachMakeAnotherId(EventType type) {
        // Given
        EventType other = EventType.values()[(type.ordinal() + 1) % EventType.values().length];

        // When
        Set<UUID> ids = new LinkedHashSet<>(List.of(
                EventId.of(type, "lab/A", "1"),
                EventId.of(type, "lab/A", "2"),
                EventId.of(type, "lab/B", "1"),
                EventId.of(other, "lab/A", "1")));

        // Then
        assertThat(ids).hasSize(4);
        assertThat(EventId.of(type, "lab/A", "1")).isEqualTo(ids.iterator().next());
    }
}
