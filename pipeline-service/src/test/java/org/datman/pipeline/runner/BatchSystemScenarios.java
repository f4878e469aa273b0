package org.datman.pipeline.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.datman.pipeline.boutiques.Descriptor.Resources;
import org.datman.pipeline.runner.JobRunner.AwayException;
import org.datman.pipeline.runner.JobRunner.Cause;
import org.datman.pipeline.runner.JobRunner.Command;
import org.datman.pipeline.runner.JobRunner.Ended;
import org.datman.pipeline.runner.JobRunner.FullException;
import org.datman.pipeline.runner.JobRunner.Running;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of jobs on a real batch system, with one node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BatchSystemScenarios {

    static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    Path folder;

    private @Nullable BatchCluster cluster;

    /** Starts it; skips where it is not installed. */
    abstract BatchCluster started() throws IOException;

    @BeforeAll
    void start() throws IOException {
        cluster = started();
    }

    @AfterAll
    void stop() throws IOException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void argumentsAndEnvironmentReachTheToolAsTheyAre() throws Exception {
        // Given
        String hostile = "it's $(touch made) `touch made`\n#$ -N other\n\"two\" lines; & %j $JOB_ID";
        Command command = command(
                Map.of("WITH_BLANKS", hostile),
                "sh",
                "-c",
                "printf '%s|%s' \"$1\" \"$WITH_BLANKS\"; exit 3",
                "sh",
                hostile);

        // When
        Ended end = end(runner().start(command));

        // Then
        assertThat(end.cause()).isEqualTo(Cause.EXITED);
        assertThat(end.exitCode()).isEqualTo(3);
        assertThat(end.facts()).containsKeys("schedulerJob", "host");
        assertThat(end.usage().notMeasured()).isEmpty();
        assertThat(end.usage().cpuSeconds()).isPositive();
        // A shell and a small program.
        assertThat(end.usage().peakMemoryBytes()).isBetween(500_000L, 50_000_000L);
        assertThat(command.stdout()).hasContent(hostile + "|" + hostile);
        assertThat(command.folder().resolve("made")).doesNotExist();
    }

    @Test
    void aProgramThatIsNotThereIsToldFromOneThatFails() throws Exception {
        // When
        Ended end = end(runner().start(command(Map.of(), "no-such-program-of-a-lab")));

        // Then
        assertThat(end.cause()).isEqualTo(Cause.NO_PROGRAM);
    }

    @Test
    void aJobThatNeedsTooMuchMemoryIsToldFromOneThatFails() throws Exception {
        // Given processes of which each may have what it holds, and all together may not, for longer than a look at the
        // memory takes
        Command command = command(Map.of(), 0.05, "sh", "-c", """
                hold() { x=$(head -c 12000000 /dev/zero | tr '\\0' x); sleep 30; echo ${#x}; }
                for i in 1 2 3 4 5 6 7 8; do hold & done
                wait
                """);

        // When
        Ended end = end(runner().start(command));

        // Then
        assertThat(end.cause()).isEqualTo(Cause.MEMORY);
    }

    @Test
    void aJobThatIsCancelledOnTheClusterIsToldSo() throws Exception {
        // Given
        ClusterRunner runner = runner();
        Command command = command(Map.of(), "sleep", "300");
        Running running = runner.start(command);

        // When
        runner.end(running.handle());

        // Then
        assertThat(end(running).cause()).isEqualTo(Cause.CANCELLED);
    }

    @Test
    void noMoreJobsAreSubmittedThanMayBeThere() throws Exception {
        // Given two jobs, of which one waits or both run
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> !cluster().scheduler(List.of()).hasJobs());
        ClusterRunner runner = runner(2);
        Running first = runner.start(command(Map.of(), "sleep", "300"));
        Running second = runner.start(command(Map.of(), "sleep", "300"));
        Command third = command(Map.of(), "true");
        assertThatThrownBy(() -> runner.start(third))
                .isInstanceOf(FullException.class)
                .hasMessageContaining("DATMAN has 2 jobs there");

        // When
        runner.end(first.handle());
        end(first);

        // Then
        assertThat(end(runner.start(third)).exitCode()).isZero();
        runner.end(second.handle());
        end(second);
    }

    @Test
    void aJobGoesOnWithoutTheControllerAndTheServiceThatSubmittedIt() throws Exception {
        // Given a job that waits for a file, and a controller that has stopped
        Command command = command(Map.of(), "sh", "-c", "while [ ! -e go ]; do sleep 0.2; done; echo done; exit 4");
        Running first = runner().start(command);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> Files.exists(command.stdout().resolveSibling(ClusterScript.STARTED)));
        first.abandon();
        cluster().stopController();
        ClusterRunner second = runner();
        Optional<Ended> meanwhile;
        try {
            assertThatThrownBy(() -> second.start(command(Map.of(), "true"))).isInstanceOf(AwayException.class);
            assertThatThrownBy(() -> second.resume(first.handle(), command)).isInstanceOf(AwayException.class);
            meanwhile = first.await(Duration.ofSeconds(2));
        } finally {
            cluster().startController();
        }

        // When
        Running resumed = second.resume(first.handle(), command).orElseThrow();
        Files.createFile(command.folder().resolve("go"));
        Ended end = end(resumed);

        // Then
        assertThat(meanwhile).isEmpty();
        assertThat(end.cause()).isEqualTo(Cause.EXITED);
        assertThat(end.exitCode()).isEqualTo(4);
        assertThat(command.stdout()).hasContent("done\n");
    }

    @Test
    void aJobThatIsForgottenIsKnownByTheFileOfItsEnd() throws Exception {
        // Given one that ended so long ago that it is not listed any more
        ClusterRunner runner = runner();
        Command command = command(Map.of(), "true");
        Running running = runner.start(command);
        end(running);
        forget(command);

        // When
        Optional<Running> known = runner().resume(running.handle(), command);
        Optional<Running> unknown = runner().resume(runner().name() + ":datman-other", command(Map.of(), "true"));

        // Then
        assertThat(end(known.orElseThrow()).exitCode()).isZero();
        assertThat(unknown).isEmpty();
    }

    /** Until the list has nothing of an ended job any more. */
    void forget(Command command) throws Exception {
        Awaitility.await().atMost(PATIENCE).until(() -> cluster().scheduler(List.of()).jobs().keySet().stream()
                .noneMatch(name -> name.endsWith(command.name())));
    }

    final BatchCluster cluster() {
        return Objects.requireNonNull(cluster);
    }

    final ClusterRunner runner(String... options) {
        return runner(ClusterRunner.NO_LIMIT, options);
    }

    private ClusterRunner runner(int limit, String... options) {
        return new ClusterRunner(
                cluster().scheduler(List.of(options)),
                limit,
                (name, submission) -> submission.submit(),
                List.of("PATH"),
                Clock.systemUTC(),
                Duration.ofMillis(500));
    }

    final Command command(Map<String, String> environment, String... arguments) throws IOException {
        return command(environment, 0.1, arguments);
    }

    final Command command(Map<String, String> environment, double gigabytes, String... arguments) throws IOException {
        return command(environment, new Resources(60.0, 1.0, gigabytes), arguments);
    }

    final Command command(Map<String, String> environment, Resources resources, String... arguments)
            throws IOException {
        String name = "run-" + NUMBER.incrementAndGet();
        Path work = Files.createDirectories(folder.resolve("50% of runs").resolve(name));
        Path logs = Files.createDirectories(work.resolve("logs"));
        return new Command(
                name,
                work,
                Arrays.asList(arguments),
                environment,
                resources,
                Duration.ofSeconds(60),
                logs.resolve("attempt-1.stdout.txt"),
                logs.resolve("attempt-1.stderr.txt"));
    }

    static Ended end(Running running) throws InterruptedException {
        return running.await(PATIENCE).orElseThrow(() -> new AssertionError("The job did not end"));
    }
}
