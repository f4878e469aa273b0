package org.datman.pipeline.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.testkit.MovedClock;
import org.datman.pipeline.boutiques.Descriptor.Resources;
import org.datman.pipeline.runner.JobRunner.AwayException;
import org.datman.pipeline.runner.JobRunner.Cause;
import org.datman.pipeline.runner.JobRunner.Command;
import org.datman.pipeline.runner.JobRunner.Ended;
import org.datman.pipeline.runner.Scheduler.State;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run is told of its job, by a scheduler that says what no real one says at will. */
class ClusterRunnerTest {

    private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");

    @TempDir
    Path folder;

    private final MovedClock clock = new MovedClock(NOW);
    private final Map<String, State> listed = new HashMap<>();
    private final List<String> outages = new ArrayList<>();
    private boolean away;
    private Command command;

    private final Scheduler scheduler = new Scheduler() {
        @Override
        public String name() {
            return "slurm";
        }

        @Override
        public String question() {
            return "squeue";
        }

        @Override
        public void submit(String job, Path script, Path log, Command command) {
            listed.put(job, new State("1", null, -1, "PENDING", ""));
        }

        @Override
        public void cancel(String job) {}

        @Override
        public Map<String, State> jobs() throws IOException {
            if (away) {
                throw new AwayException("Unable to contact slurm controller");
            }
            return Map.copyOf(listed);
        }
    };

    @BeforeEach
    void aCommand() throws IOException {
        Path logs = Files.createDirectories(folder.resolve("run/logs"));
        command = new Command(
                "run",
                folder.resolve("run"),
                List.of("true"),
                Map.of(),
                new Resources(60.0, 1.0, 0.1),
                Duration.ofSeconds(60),
                logs.resolve("out.txt"),
                logs.resolve("err.txt"));
    }

    @Test
    void aJobWhoseScriptNeverBeganIsLostAndNoFailureOfTheTool() throws Exception {
        // Given
        JobRunner.Running running = runner().start(command);
        listed.put("datman-run", new State("1", Cause.EXITED, 1, "FAILED NonZeroExitCode", "node1"));
        running.await(Duration.ZERO);

        // When its files had the time to appear
        clock.advance(Duration.ofMinutes(2));
        Ended end = running.await(Duration.ZERO).orElseThrow();

        // Then
        assertThat(end.cause()).isEqualTo(Cause.LOST);
        assertThat(end.detail()).contains("never began").contains("FAILED NonZeroExitCode");
    }

    @Test
    void aJobThatEndedWellWithoutTheExitCodeOfItsToolIsLost() throws Exception {
        // Given a node whose script began, and could not write its end down
        JobRunner.Running running = runner().start(command);
        Files.writeString(command.stdout().resolveSibling(ClusterScript.STARTED), NOW.getEpochSecond() + " node1\n");
        listed.put("datman-run", new State("1", Cause.EXITED, 0, "COMPLETED", "node1"));
        running.await(Duration.ZERO);

        // When its files had the time to appear
        clock.advance(Duration.ofMinutes(2));
        Ended end = running.await(Duration.ZERO).orElseThrow();

        // Then
        assertThat(end.cause()).isEqualTo(Cause.LOST);
        assertThat(end.detail()).contains("no exit code").contains("COMPLETED");
    }

    @Test
    void aSecondJobOfTheSameNameDoesNotRunTheTool() throws Exception {
        // Given
        Path ran = command.folder().resolve("ran");
        Command appends = new Command(
                command.name(),
                command.folder(),
                List.of("sh", "-c", "echo once >> ran"),
                Map.of(),
                command.resources(),
                command.walltime(),
                command.stdout(),
                command.stderr());
        runner().start(appends);
        String script = command.stdout().resolveSibling("job.sh").toString();

        // When
        int first = new ProcessBuilder("sh", script).start().waitFor();
        int second = new ProcessBuilder("sh", script).start().waitFor();

        // Then
        assertThat(List.of(first, second)).containsExactly(0, 0);
        assertThat(ran).hasContent("once\n");
    }

    @Test
    void aJobThatIsResumedHasTheTimesOfItsSubmissionAndOfItsStart() throws Exception {
        // Given a job that waited one hour and ran nine, and a service that was started at its end
        runner().start(command);
        Path logs = command.stdout().getParent();
        Instant submitted = NOW.minus(Duration.ofHours(10));
        Files.setLastModifiedTime(logs.resolve("job.sh"), FileTime.from(submitted));
        Files.writeString(
                logs.resolve(ClusterScript.STARTED),
                submitted.plus(Duration.ofHours(1)).getEpochSecond() + " node1\n");
        Files.writeString(logs.resolve(ClusterScript.ENDED), "0 " + NOW.getEpochSecond() + "\n");

        // When
        Ended end = runner().resume("slurm:datman-run", command)
                .orElseThrow()
                .await(Duration.ZERO)
                .orElseThrow();

        // Then
        assertThat(end.started()).isEqualTo(submitted.plus(Duration.ofHours(1)));
        assertThat(end.wall()).isEqualTo(Duration.ofHours(9));
        assertThat(end.facts()).containsEntry("submitted", submitted.toString()).containsEntry("host", "node1");
    }

    @Test
    void aFolderThatCannotBeReadNowIsNoJobThatTheClusterDoesNotKnow() throws Exception {
        // Given the file of its end, which is a folder: reading it fails for everybody
        Files.createDirectory(command.stdout().resolveSibling(ClusterScript.ENDED));

        // When
        Optional<AwayException> away = caught(() -> runner().resume("slurm:datman-run", command));

        // Then
        assertThat(away).get().extracting(Throwable::getMessage).asString().contains("cannot be read");
    }

    @Test
    void anOutageOfTheClusterIsPublishedOnceAfterTwoMinutesAndSoIsItsEnd() throws Exception {
        // Given
        Scheduler observed = observed();
        observed.jobs();
        outages.clear();
        away = true;

        // When it does not answer for five minutes
        for (int i = 0; i < 30; i++) {
            caught(observed::jobs);
            clock.advance(Duration.ofSeconds(10));
        }
        away = false;
        observed.jobs();
        observed.jobs();

        // Then
        assertThat(outages)
                .containsExactly(
                        "slurm away since 2026-11-30T10:00:00Z: Unable to contact slurm controller", "slurm back");
    }

    @Test
    void aMinuteWithoutAnAnswerIsNoOutage() throws Exception {
        // Given
        Scheduler observed = observed();
        observed.jobs();
        outages.clear();
        away = true;
        caught(observed::jobs);
        clock.advance(Duration.ofSeconds(60));
        caught(observed::jobs);

        // When
        away = false;
        observed.jobs();

        // Then: what ends it does nothing where no outage is published
        assertThat(outages).containsExactly("slurm back");
    }

    @Test
    void aServiceThatStartsDuringAnOutageEndsIt() throws Exception {
        // Given
        Scheduler observed = observed();
        away = true;
        caught(observed::jobs);

        // When
        away = false;
        observed.jobs();

        // Then
        assertThat(outages).containsExactly("slurm back");
    }

    private ClusterRunner runner() {
        return new ClusterRunner(
                scheduler,
                ClusterRunner.NO_LIMIT,
                (name, submission) -> submission.submit(),
                List.of("PATH"),
                clock,
                Duration.ZERO);
    }

    private Scheduler observed() {
        return new ObservedScheduler(scheduler, clock, new ObservedScheduler.Outages() {
            @Override
            public void began(String name, String question, Instant since, String words) {
                outages.add(name + " away since " + since + ": " + words);
            }

            @Override
            public void ended(String name) {
                outages.add(name + " back");
            }
        });
    }

    private interface Asking {
        Object answer() throws IOException;
    }

    private static Optional<AwayException> caught(Asking asking) throws IOException {
        try {
            asking.answer();
            return Optional.empty();
        } catch (AwayException e) {
            return Optional.of(e);
        }
    }
}
