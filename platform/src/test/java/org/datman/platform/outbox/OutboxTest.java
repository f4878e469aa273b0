package org.datman.platform.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class OutboxTest {

    @Inject
    Outbox outbox;

    @Test
    void eventsOfCommittedTransactionsAreSaidInOrderAndOthersNever() {
        // Given
        QuarkusTransaction.begin();
        outbox.say(settled("rolled-back", 1));
        QuarkusTransaction.rollback();

        // When
        IntStream.rangeClosed(1, 300)
                .forEach(i -> QuarkusTransaction.requiringNew().run(() -> outbox.say(settled("committed", i))));

        // Then
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            List<Envelope<SessionSettled>> said = events.awaitAll(
                    SessionSettled.class, event -> event.session().accession().equals("committed"), 300);
            assertThat(said)
                    .extracting(envelope -> envelope.event().settleRevision())
                    .isSorted();
            assertThat(events.all(SessionSettled.class))
                    .extracting(envelope -> envelope.event().session().accession())
                    .doesNotContain("rolled-back");
        }
    }

    @Test
    void outsideATransactionItRefuses() {
        // Given
        SessionSettled event = settled("outside", 1);

        // When / Then
        assertThatThrownBy(() -> outbox.say(event)).isInstanceOf(IllegalStateException.class);
    }

    private static SessionSettled settled(String accession, long revision) {
        return new SessionSettled(
                new SessionRef("test", accession),
                revision,
                SessionSettled.Cause.QUIET,
                List.of(),
                0,
                Instant.EPOCH,
                Instant.EPOCH);
    }
}
