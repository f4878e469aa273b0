package org.datman.pipeline.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.datman.pipeline.ToolsFolder;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.Test;

/** Submissions of several pipeline services with one database. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(ToolsFolder.class)
class ClusterTurnsTest {

    @Inject
    DataSource database;

    @Test
    void oneSubmissionIsCountedAfterTheOtherAlsoOfAnotherProcess() {
        // Given
        List<ClusterTurns> processes = List.of(new ClusterTurns(database), new ClusterTurns(database));
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();

        // When
        CompletableFuture.allOf(IntStream.range(0, 10)
                        .mapToObj(i -> CompletableFuture.runAsync(() -> take(processes.get(i % 2), () -> {
                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                            sleep();
                            now.decrementAndGet();
                        })))
                        .toArray(CompletableFuture[]::new))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();

        // Then
        assertThat(most).hasValue(1);
    }

    private static void take(ClusterTurns turns, ClusterRunner.Submission submission) {
        try {
            turns.take("lab", submission);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** As long as a batch system takes for an answer. */
    private static void sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
