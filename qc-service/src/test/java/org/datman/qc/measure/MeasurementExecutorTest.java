package org.datman.qc.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.datman.analysis.image.Parallel;
import org.datman.metrics.Measured;
import org.datman.metrics.model.MeasureException;
import org.junit.jupiter.api.Test;

class MeasurementExecutorTest {

    private static final Measured DONE = new Measured(null, List.of(), null, Map.of());
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final long ROOM = 100L << 20;
    private static final long SMALL = 1L << 20;
    private static final Duration SHORT = Duration.ofMillis(50);

    @Test
    void anEndlessLoopOverItemsIsGivenUpAndStops() {
        // Given
        MeasurementExecutor executor = new MeasurementExecutor(() -> SHORT, LONG, ROOM);

        // When
        MeasurementAborted why = catchThrowableOfType(
                MeasurementAborted.class,
                () -> executor.run("slow", SMALL, () -> {
                    Parallel.forEach(Integer.MAX_VALUE, i -> Thread.onSpinWait());
                    return DONE;
                }));

        // Then
        assertThat(why.reason().code()).isEqualTo("measured-too-long");
        assertThat(why.reason().message()).contains("slow", "50 ms");
        assertThat(why.reason().action()).contains("datman.qc.longest-measurement");
        assertThat(executor.stuck()).isEmpty();
    }

    @Test
    void oneThatDoesNotStopIsNamedUntilItEnds() {
        // Given
        MeasurementExecutor executor = new MeasurementExecutor(() -> SHORT, Duration.ofMillis(1), ROOM);
        AtomicBoolean end = new AtomicBoolean();

        // When
        assertThatThrownBy(() -> executor.run("deaf", SMALL, () -> {
                    while (!end.get()) {
                        Thread.onSpinWait();
                    }
                    return DONE;
                }))
                .isInstanceOf(MeasurementAborted.class);

        // Then
        assertThat(executor.stuck()).containsExactly("measure deaf");
        assertThat(new StuckMeasurements(executor).call().getStatus().name()).isEqualTo("DOWN");
        StuckMeasurements check = new StuckMeasurements(executor);
        assertThat(Stream.generate(check::isStuckForLong).limit(6))
                .as("whether the process ends itself, at each check")
                .containsExactly(false, false, false, false, true, true);
        end.set(true);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> executor.stuck()
                .isEmpty());
        assertThat(new StuckMeasurements(executor).call().getStatus().name()).isEqualTo("UP");
        assertThat(check.isStuckForLong()).isFalse();
    }

    @Test
    void whatFoundNoMemoryBesideAnotherIsDoneAloneAfterIt() throws Exception {
        // Given one that is at work
        MeasurementExecutor executor = new MeasurementExecutor(() -> LONG, LONG, ROOM);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        CompletableFuture<Measured> other = CompletableFuture.supplyAsync(() -> run(executor, () -> {
            begun.countDown();
            await(over);
            return DONE;
        }));
        await(begun);
        AtomicInteger tries = new AtomicInteger();

        // When
        Measured measured = executor.run("large", SMALL, () -> {
            if (tries.incrementAndGet() == 1) {
                over.countDown();
                throw new MeasureException("no memory", new OutOfMemoryError("Java heap space"));
            }
            assertThat(other).isDone();
            return DONE;
        });

        // Then
        assertThat(measured).isSameAs(DONE);
        assertThat(tries).hasValue(2);
    }

    @Test
    void whatFindsNoMemoryAloneIsNotTriedTwice() {
        // Given
        MeasurementExecutor executor = new MeasurementExecutor(() -> LONG, LONG, ROOM);
        AtomicInteger tries = new AtomicInteger();

        // When
        MeasurementAborted why = catchThrowableOfType(
                MeasurementAborted.class,
                () -> executor.run("huge", SMALL, () -> {
                    tries.incrementAndGet();
                    throw new OutOfMemoryError("Java heap space");
                }));

        // Then
        assertThat(why.reason().code()).isEqualTo("not-enough-memory");
        assertThat(why.reason().action()).contains("DATMAN_QC_HEAP");
        assertThat(tries).hasValue(1);
    }

    @Test
    void whatDoesNotFitBesideAnotherWaitsForIt() throws Exception {
        // Given one at work that takes half of the room
        MeasurementExecutor executor = new MeasurementExecutor(() -> LONG, LONG, ROOM);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        CompletableFuture<Measured> other = CompletableFuture.supplyAsync(() -> run(executor, ROOM / 2, () -> {
            begun.countDown();
            await(over);
            return DONE;
        }));
        await(begun);
        AtomicBoolean otherWasDone = new AtomicBoolean();
        CompletableFuture<Measured> large =
                CompletableFuture.supplyAsync(() -> run(executor, ROOM / 2 + (2L << 20), () -> {
                    otherWasDone.set(over.getCount() == 0);
                    return DONE;
                }));
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> executor.waiting() == 1);

        // When
        over.countDown();

        // Then
        assertThat(large.get(1, TimeUnit.MINUTES)).isSameAs(DONE);
        assertThat(otherWasDone).isTrue();
        assertThat(other.get(1, TimeUnit.MINUTES)).isSameAs(DONE);
    }

    @Test
    void whatFitsRunsSideBySide() {
        // Given one at work that goes on when the other has begun
        MeasurementExecutor executor = new MeasurementExecutor(() -> LONG, LONG, ROOM);
        CountDownLatch both = new CountDownLatch(2);
        MeasurementExecutor.Work meeting = () -> {
            both.countDown();
            await(both);
            return DONE;
        };
        CompletableFuture<Measured> other = CompletableFuture.supplyAsync(() -> run(executor, ROOM / 2, meeting));

        // When
        Measured measured = run(executor, ROOM / 2, meeting);

        // Then
        assertThat(measured).isSameAs(DONE);
        assertThat(other).succeedsWithin(LONG);
    }

    @Test
    void whatNeedsMoreThanAllOfTheRoomRunsAlone() throws Exception {
        // Given
        MeasurementExecutor executor = new MeasurementExecutor(() -> LONG, LONG, ROOM);

        // When
        Measured measured = executor.run("huge", 50 * ROOM, () -> DONE);

        // Then
        assertThat(measured).isSameAs(DONE);
    }

    private static Measured run(MeasurementExecutor executor, MeasurementExecutor.Work work) {
        return run(executor, SMALL, work);
    }

    private static Measured run(MeasurementExecutor executor, long bytes, MeasurementExecutor.Work work) {
        try {
            return executor.run("other", bytes, work);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
