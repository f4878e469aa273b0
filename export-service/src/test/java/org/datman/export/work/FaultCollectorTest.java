package org.datman.export.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.datman.contracts.event.Reason;
import org.datman.platform.event.OutageException;
import org.datman.platform.event.PermanentException;
import org.junit.jupiter.api.Test;

class FaultCollectorTest {

    private final List<String> done = new ArrayList<>();
    private final FaultCollector faults = new FaultCollector();

    @Test
    void whatCanNeverSucceedIsReportedAsOneAndTheRestIsDone() throws IOException {
        // Given
        faults.collect(() -> refuse("one"));
        faults.collect(() -> done.add("two"));
        faults.collect(() -> refuse("three"));
        faults.collect(() -> refuse("one"));

        // When
        // Then
        assertThatThrownBy(faults::end).isInstanceOfSatisfying(PermanentException.class, e -> assertThat(e.reason())
                .isEqualTo(new Reason("no", "one. three", "act")));
        assertThat(done).containsExactly("two");
    }

    @Test
    void whatNobodyExpectedIsTriedAgain() throws IOException {
        // Given
        faults.collect(() -> refuse("one"));
        faults.collect(() -> {
            throw new IllegalStateException("bug");
        });

        // When
        // Then
        assertThatThrownBy(faults::end).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anOutageEndsItAtOnce() {
        // Given
        OutageException away = new OutageException("away");

        // When
        // Then
        assertThatThrownBy(() -> faults.collect(() -> {
                    throw away;
                }))
                .isSameAs(away);
    }

    @Test
    void nothingIsThrownWhereNothingWentWrong() throws IOException {
        // Given
        faults.collect(() -> done.add("one"));

        // When
        faults.end();

        // Then
        assertThat(done).containsExactly("one");
    }

    private static void refuse(String message) {
        throw new PermanentException(new Reason("no", message, "act"));
    }
}
