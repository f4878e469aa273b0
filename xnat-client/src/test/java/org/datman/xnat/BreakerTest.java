package org.datman.xnat;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When the circuit breaker keeps requests away from an XNAT that does not respond. */
class BreakerTest {

    private final AtomicLong now = new AtomicLong();
    private final Breaker breaker = new Breaker(Duration.ofSeconds(1), now::get);

    private void fourInVain() {
        for (int n = 0; n < 4; n++) {
            breaker.inVain("status 502");
        }
    }

    @Test
    void aFewFailuresKeepNobodyAway() {
        // Given
        breaker.inVain("status 502");
        breaker.inVain("status 502");
        breaker.inVain("status 502");

        // When / Then
        assertThatCode(() -> breaker.pass("/data/x")).doesNotThrowAnyException();
    }

    @Test
    void afterFourInARowNobodyAsksForAWhile() {
        // Given
        fourInVain();

        // When / Then
        assertThatThrownBy(() -> breaker.pass("/data/x"))
                .isInstanceOf(XnatOutage.class)
                .hasMessageContaining("status 502")
                .hasMessageContaining("1000 ms");
    }

    @Test
    void thenOneIsLetThroughAndTheOthersWait() {
        // Given
        fourInVain();
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        breaker.pass("/data/x");

        // When / Then
        assertThatThrownBy(() -> breaker.pass("/data/y")).isInstanceOf(XnatOutage.class);
    }

    @Test
    void anAnswerOpensTheWayForAll() {
        // Given
        fourInVain();

        // When
        breaker.answered();

        // Then
        assertThatCode(() -> breaker.pass("/data/x")).doesNotThrowAnyException();
    }
}
