package org.datman.qc.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.GoldStandardSet;
import org.datman.contracts.event.GoldStandardSetBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.event.SessionSettledBuilder;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.Test;

/** What is stored of events that arrive late, or whose predecessor cannot be read any more. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class QcStateTest {

    private static final LocalDate DAY = LocalDate.of(2026, 3, 1);

    @Inject
    QcState state;

    @Inject
    EntityManager entities;

    private final SessionRef session = new SessionRef("test", "E" + UUID.randomUUID());

    @Test
    void aGoldStandardThatWasSetEarlierDoesNotReplaceTheLaterOneOfItsDay() {
        // Given
        GoldStandardSet earlier = gold("earlier", Instant.parse("2026-04-01T10:00:00Z"));
        GoldStandardSet later = gold("later", Instant.parse("2026-04-01T11:00:00Z"));
        boolean first = QuarkusTransaction.requiringNew().call(() -> state.store(envelope(later)));

        // When
        boolean stored = QuarkusTransaction.requiringNew().call(() -> state.store(envelope(earlier)));

        // Then
        assertThat(first).isTrue();
        assertThat(stored).isFalse();
        assertThat(QuarkusTransaction.requiringNew()
                        .call(() -> state.goldStandard(session.accession(), "CMH", "T1", DAY)))
                .contains(later);
    }

    @Test
    void aStoredEventThatCannotBeReadIsReplacedByTheNextOfItsKind() {
        // Given
        SessionSettled settled = SessionSettledBuilder.builder()
                .session(session)
                .settleRevision(2)
                .cause(SessionSettled.Cause.QUIET)
                .series(List.of())
                .resources(0)
                .firstSeen(Instant.EPOCH)
                .lastChange(Instant.EPOCH)
                .build();
        QuarkusTransaction.requiringNew().run(() -> {
            state.store(envelope(settled));
            entities.createNativeQuery("update latest_event set payload = '{}' where session = ?1")
                    .setParameter(1, session.identity())
                    .executeUpdate();
        });

        // When
        QuarkusTransaction.requiringNew().run(() -> state.store(envelope(settled)));

        // Then
        assertThat(QuarkusTransaction.requiringNew().call(() -> state.settled(session)))
                .contains(settled);
    }

    @Test
    void ofTwoThatEndTheSameMeasurementAtOnceBothEnd() throws Exception {
        // Given a start, and one that has ended it in a transaction that is still open
        QuarkusTransaction.requiringNew().call(() -> state.begin(session, "3", "stem"));
        ended(() -> {
            // When
            CompletableFuture<Void> other = CompletableFuture.runAsync(
                    () -> QuarkusTransaction.requiringNew().run(() -> state.end(session, "3", "stem")));
            awaitWaiting();
            return other;
        });

        // Then
        assertThat(QuarkusTransaction.requiringNew().<Integer>call(() -> state.begin(session, "3", "stem")))
                .isEqualTo(1);
    }

    @Test
    void aStartIsCountedAlthoughAnotherEndsTheSameMeasurementMeanwhile() throws Exception {
        // Given
        QuarkusTransaction.requiringNew().call(() -> state.begin(session, "3", "stem"));
        AtomicInteger counted = new AtomicInteger();
        ended(() -> {
            // When
            CompletableFuture<Void> other = CompletableFuture.runAsync(
                    () -> counted.set(QuarkusTransaction.requiringNew().call(() -> state.begin(session, "3", "stem"))));
            awaitWaiting();
            return other;
        });

        // Then
        assertThat(counted).hasValue(1);
    }

    /** Ends the measurement, and commits that after the other one has come to wait for it. */
    private void ended(Supplier<CompletableFuture<Void>> meanwhile) throws Exception {
        QuarkusTransaction.requiringNew()
                .call(() -> {
                    state.end(session, "3", "stem");
                    entities.flush();
                    return meanwhile.get();
                })
                .get(30, TimeUnit.SECONDS);
    }

    private void awaitWaiting() {
        await().pollInSameThread()
                .atMost(Duration.ofSeconds(30))
                .until(() -> entities.createNativeQuery("select 1 from pg_locks where not granted and"
                                        + " locktype in ('transactionid', 'tuple')")
                                .getResultList()
                                .size()
                        > 0);
    }

    private static Envelope<?> envelope(Event event) {
        return Envelope.first(event, "test", Instant.EPOCH);
    }

    /** Of a study of its own, so that tests do not meet. */
    private GoldStandardSet gold(String stem, Instant time) {
        return GoldStandardSetBuilder.builder()
                .study(session.accession())
                .site("CMH")
                .tag("T1")
                .validFrom(DAY)
                .session(session)
                .stem(stem)
                .sidecar(new FileRef(FileRole.SIDECAR, stem + ".json", 1, "0".repeat(64)))
                .setBy("rater")
                .time(time)
                .build();
    }
}
