package org.datman.dashboard.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class LoginAttemptsTest {

    private final LoginAttempts attempts =
            new LoginAttempts(Clock.fixed(Instant.parse("2026-12-01T09:00:00Z"), ZoneOffset.UTC));

    @Test
    void anAccountThatIsGuessedFromManyAddressesIsLockedExceptWhereItLoggedInBefore() {
        // Given
        attempts.succeeded("rita", "10.0.0.1");

        // When
        for (int i = 0; i < 100; i++) {
            attempts.failed("rita", "10.1.0." + i);
        }

        // Then
        assertThat(attempts.wait("rita", "10.2.0.1")).isEqualTo(Duration.ofMinutes(15));
        assertThat(attempts.wait("rita", "10.0.0.1")).isZero();
        assertThat(attempts.wait("paul", "10.2.0.1")).isZero();
    }

    @Test
    void theFailureAfterWhichOneMustWaitIsNamedOnce() {
        // Given
        for (int i = 0; i < 4; i++) {
            assertThat(attempts.failed("rita", "10.0.0.1")).isFalse();
        }

        // When
        boolean fifth = attempts.failed("rita", "10.0.0.1");

        // Then
        assertThat(fifth).isTrue();
        assertThat(attempts.failed("rita", "10.0.0.1")).isFalse();
        assertThat(attempts.wait("rita", "10.0.0.1")).isPositive();
    }
}
