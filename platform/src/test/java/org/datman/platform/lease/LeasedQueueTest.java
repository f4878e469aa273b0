package org.datman.platform.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.datman.platform.testkit.EndedProcess;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.platform.work.WorkerThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class LeasedQueueTest {

    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final LeasedQueue.Due DUE = new LeasedQueue.Due("r.due = :due", "r.id", Map.of("due", true));

    @Inject
    EntityManager entities;

    @Inject
    WorkerThreads threads;

    private LeasedQueue<Parcel> queue;

    @BeforeEach
    void open() {
        queue = queue(LEASE);
    }

    @AfterEach
    void empty() {
        queue.stop();
        run("delete from parcel");
    }

    @Test
    void theNextIsClaimedInOrderAndByOneWorkerOnly() {
        // Given
        stored("b", "a");

        // When
        List<String> claimed = new ArrayList<>();
        for (Optional<Claim<String>> claim = claim(); claim.isPresent(); claim = claim()) {
            claimed.add(claim.get().work());
        }

        // Then
        assertThat(claimed).containsExactly("a", "b");
    }

    @Test
    void oneThatAnotherWorkerIsClaimingRightNowIsPassedOverAndNotWaitedFor() throws Exception {
        // Given
        stored("a", "b");
        List<String> second = new ArrayList<>();

        // When another worker claims while the transaction of the first is open
        Optional<Claim<String>> first = queue.claim(DUE, (row, owner) -> {
            second.add(CompletableFuture.supplyAsync(this::claim)
                    .orTimeout(20, TimeUnit.SECONDS)
                    .join()
                    .orElseThrow()
                    .work());
            return Optional.of(row.id);
        });

        // Then
        assertThat(first.orElseThrow().work()).isEqualTo("a");
        assertThat(second).containsExactly("b");
    }

    @Test
    void whatIsClosedIsGivenBackAlsoByAnInterruptedThread() {
        // Given
        stored("a");
        Claim<String> claim = claim().orElseThrow();

        // When
        Thread.currentThread().interrupt();
        claim.close();

        // Then
        assertThat(Thread.interrupted()).isTrue();
        assertThat(claim()).isPresent();
    }

    @Test
    void oneWithNothingToDoIsChangedAndTheNextIsTaken() {
        // Given
        stored("a", "b");

        // When
        Optional<Claim<String>> claim = queue.claim(DUE, (row, owner) -> {
            if (row.id.equals("a")) {
                row.due = false;
                return Optional.empty();
            }
            return Optional.of(row.id);
        });

        // Then
        assertThat(claim.orElseThrow().work()).isEqualTo("b");
        assertThat(number("select count(*) from parcel where not due and lease_owner is null"))
                .isEqualTo(1);
    }

    @Test
    void oneThatStaysDueThoughThereIsNothingToDoIsAFaultAndNoEndlessLoop() {
        // Given
        stored("a");

        // When / Then
        assertThatThrownBy(() -> queue.claim(DUE, (row, owner) -> Optional.empty()))
                .hasStackTraceContaining("stays due");
    }

    @Test
    void aLeaseIsRenewedWhileTheWorkGoesOn() {
        // Given a lease of a second, renewed three times in it
        LeasedQueue<Parcel> hasty = queue(Duration.ofSeconds(1));
        stored("a");
        Claim<String> claim = claim(hasty).orElseThrow();
        Instant first = until();

        // When
        hasty.start(threads);

        // Then
        await().atMost(Duration.ofSeconds(30)).until(() -> until().isAfter(first.plusSeconds(2)));
        assertThat(claim(hasty)).isEmpty();
        assertThat(claim.isLost()).isFalse();
        hasty.stop();
    }

    @Test
    void afterItsLeaseHasExpiredAnotherWorkerHasItAndTheFirstMayWriteNothing() {
        // Given
        stored("a");
        Claim<String> first = claim().orElseThrow();
        run("update parcel set lease_until = now() - interval '1 s'");
        Claim<String> second = claim().orElseThrow();

        // When
        queue.renew();

        // Then
        assertThat(first.isLost()).isTrue();
        assertThat(second.isLost()).isFalse();
        assertThat(held(first)).isFalse();
        assertThat(held(second)).isTrue();
        first.close();
        assertThat(held(second)).isTrue();
    }

    @Test
    void atAStartTheClaimsOfEndedProcessesOfThisMachineAreGivenBackAtOnceAndNoOthers() throws Exception {
        // Given claims of a killed process, of one that lives, of another machine and of this process
        Process living = new ProcessBuilder("sleep", "600").start();
        stored("killed", "living", "elsewhere", "own");
        own("killed", EndedProcess.claim());
        own("living", EndedProcess.claim(living));
        own("elsewhere", "elsewhere/1/then/service#claim");
        Claim<String> own = claim().orElseThrow();

        // When
        int released = queue.releaseDead();

        // Then
        assertThat(released).isEqualTo(1);
        assertThat(claim().orElseThrow().work()).isEqualTo("killed");
        assertThat(claim()).isEmpty();
        assertThat(held(own)).isTrue();
        living.destroyForcibly();
    }

    private LeasedQueue<Parcel> queue(Duration lease) {
        return new LeasedQueue<>("parcels", Parcel.class, entities, lease);
    }

    private Optional<Claim<String>> claim() {
        return claim(queue);
    }

    private static Optional<Claim<String>> claim(LeasedQueue<Parcel> queue) {
        return queue.claim(DUE, (row, owner) -> Optional.of(row.id));
    }

    private boolean held(Claim<String> claim) {
        return QuarkusTransaction.requiringNew()
                .call(() -> queue.held(claim.work(), claim.owner()).isPresent());
    }

    private void stored(String... ids) {
        for (String id : ids) {
            run("insert into parcel (id, due) values ('" + id + "', true)");
        }
    }

    private void own(String id, String owner) {
        run("update parcel set lease_owner = '" + owner + "', lease_until = now() + interval '1 h' where id = '" + id
                + "'");
    }

    private Instant until() {
        return QuarkusTransaction.requiringNew()
                .call(() -> (Instant) entities.createNativeQuery("select lease_until from parcel", Instant.class)
                        .getSingleResult());
    }

    private long number(String sql) {
        return QuarkusTransaction.requiringNew()
                .call(() -> ((Number) entities.createNativeQuery(sql).getSingleResult()).longValue());
    }

    private void run(String sql) {
        QuarkusTransaction.requiringNew()
                .run(() -> entities.createNativeQuery(sql).executeUpdate());
    }
}
