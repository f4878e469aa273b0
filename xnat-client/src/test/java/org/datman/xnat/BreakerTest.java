package org.datman.xnat;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.datman.contracts.testkit.MovedClock;
import org.junit.jupiter.api.Test;

/** When the circuit breaker keeps requests away from an XNAT that does not respond. */
class BreakerTest {

    private final MovedClock clock = new MovedClock(Instant.EPOCH);
    private final Breaker breaker = new Breaker("XNAT", Duration.ofSeconds(1), clock);

    private void inVain(int times) {
        for (int n = 0; n < times; n++) {
            breaker.failed(new IOException("status 502"), "status 502");
        }
    }

    private void passed(Duration pause) {
        clock.advance(pause.plusMillis(1));
    }

    @Test
    void aFewFailuresKeepNobodyAway() {
        // Given
        inVain(3);

        // When / Then
        assertThatCode(() -> breaker.acquire("/data/x")).doesNotThrowAnyException();
    }

    @Test
    void failuresWithAnAnswerAmongThemKeepNobodyAway() {
        // Given
        inVain(3);
        breaker.succeeded();
        inVain(3);

        // When / Then
        assertThatCode(() -> breaker.acquire("/data/x")).doesNotThrowAnyException();
    }

    @Test
    void afterFourInARowNobodyAsksForAWhile() {
        // Given
        inVain(4);

        // When / Then
        assertThatThrownBy(() -> breaker.acquire("/data/x"))
                .isInstanceOf(XnatOutage.class)
                .hasMessageContaining("/data/x")
                .hasMessageContaining("status 502");
    }

    @Test
    void thenOneIsLetThroughAndTheOthersWait() {
        // Given
        inVain(4);
        passed(Duration.ofSeconds(1));
        breaker.acquire("/data/x");

        // When / Then
        assertThatThrownBy(() -> breaker.acquire("/data/y")).isInstanceOf(XnatOutage.class);
    }

    @Test
    void aProbeThatFailsDoublesThePause() {
        // Given
        inVain(4);
        passed(Duration.ofSeconds(1));
        breaker.acquire("/data/x");
        inVain(1);
        passed(Duration.ofSeconds(1));
        assertThatThrownBy(() -> breaker.acquire("/data/y")).isInstanceOf(XnatOutage.class);

        // When
        passed(Duration.ofSeconds(1));

        // Then
        assertThatCode(() -> breaker.acquire("/data/y")).doesNotThrowAnyException();
    }

    @Test
    void aProbeThatEndedWithoutAnAnswerLeavesItsPlaceToTheNext() {
        // Given
        inVain(4);
        passed(Duration.ofSeconds(1));
        breaker.acquire("/data/x");

        // When
        breaker.released();

        // Then
        assertThatCode(() -> breaker.acquire("/data/y")).doesNotThrowAnyException();
    }

    @Test
    void anAnswerOpensTheWayForAll() {
        // Given
        inVain(4);
        passed(Duration.ofSeconds(1));
        breaker.acquire("/data/x");

        // When
        breaker.succeeded();

        // Then
        assertThatCode(() -> {
                    breaker.acquire("/data/x");
                    breaker.acquire("/data/y");
                })
                .doesNotThrowAnyException();
    }
}
