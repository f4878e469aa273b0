package org.datman.platform.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrongClockTest {

    private static final Instant NOW = Instant.parse("2026-11-20T09:00:00Z");
    private static final Clock RIGHT = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    Path folder;

    @Test
    void itIsWrongByWhatTheFileHoldsAtThatTime() throws Exception {
        // Given a clock that is ten minutes late
        Path file = Files.writeString(folder.resolve("ingest"), "-600\n");
        Clock clock = new WrongClock(RIGHT, file);
        assertThat(clock.instant()).isEqualTo(NOW.minusSeconds(600));

        // When
        Files.writeString(file, "+30\n");

        // Then
        Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> clock.instant()
                .equals(NOW.plusSeconds(30)));
    }

    @Test
    void itIsRightWithoutTheFile() {
        // Given
        Clock clock = new WrongClock(RIGHT, folder.resolve("none"));

        // When
        Instant now = clock.instant();

        // Then
        assertThat(now).isEqualTo(NOW);
    }
}
