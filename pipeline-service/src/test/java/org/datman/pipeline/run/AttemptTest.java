package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.Reason;
import org.datman.contracts.study.PipelineRule;
import org.datman.pipeline.runner.JobRunner;
import org.datman.pipeline.runner.LocalRunner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attempts whose surroundings fail: the database, the disk, the answer of a cluster. */
class AttemptTest {

    private static final byte[] BYTES = {1, 2, 3};

    @TempDir
    Path folder;

    private RunFixture fixture;
    private Job job;

    @BeforeEach
    void aRunOfAToolThatCopies() throws Exception {
        fixture = new RunFixture(folder, "BAD_CMH_0001_01_01", "good.json");
        job = job("good");
    }

    @Test
    void aToolWhoseHandleCannotBeStoredIsEnded() throws Exception {
        // Given
        descriptor("cp [IMAGE] out/copy.bin", "sleep 300");
        Job sleeps = job("good");
        Attempt attempt = fixture.attempt(local());

        // When
        assertThatThrownBy(() -> attempt.run(
                        sleeps,
                        handle -> {
                            throw new IllegalStateException("The database is away");
                        },
                        () -> false))
                .hasMessage("The database is away");

        // Then
        Awaitility.await().until(() -> ProcessHandle.current()
                .descendants()
                .noneMatch(process -> process.info()
                                .commandLine()
                                .orElse("")
                                .contains(fixture.work().toString())
                        || process.info().commandLine().orElse("").equals("sleep 300")));
    }

    @Test
    void aResultThatCannotBeStoredForAWhileIsNotComputedAgain() throws Exception {
        // Given a place in the archive where a file stands in the way, for everybody
        descriptor("cp [IMAGE] out/copy.bin", "cp [IMAGE] out/copy.bin; echo ran >> " + folder.resolve("runs"));
        Job counted = job("good");
        Path inTheWay = fixture.archive().root().resolve("BAD/pipelines");
        Files.createDirectories(inTheWay.getParent());
        Files.createFile(inTheWay);

        // When the way is free after some tries
        CompletableFuture<Optional<Outcome>> outcome = CompletableFuture.supplyAsync(() -> run(local(), counted));
        Awaitility.await().until(() -> Files.exists(folder.resolve("runs")));
        assertThatThrownBy(() -> outcome.get(300, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        Files.delete(inTheWay);

        // Then
        assertThat(outcome.get(30, TimeUnit.SECONDS)).get().isInstanceOf(Outcome.Succeeded.class);
        assertThat(folder.resolve("runs")).hasContent("ran\n");
    }

    @Test
    void anOutputThatIsStoredBeforeAnotherFailsIsStillThereAtTheNextTry() throws Exception {
        // Given two outputs, and a folder where the second is to be
        String tool = Files.readString(fixture.home().resolve("good.json"));
        Files.writeString(
                fixture.home().resolve("good.json"),
                tool.replace("cp [IMAGE] out/copy.bin", "cp [IMAGE] out/copy.bin; cp [IMAGE] out/other.bin")
                        .replace(
                                "\"path-template\": \"out/copy.bin\"}",
                                "\"path-template\": \"out/copy.bin\"}, {\"id\": \"other\", \"name\": \"other\","
                                        + " \"path-template\": \"out/other.bin\"}"));
        Job two = job("good");
        Path place = fixture.archive()
                .root()
                .resolve("BAD/pipelines/good/0.1/BAD_CMH_0001_01_01")
                .resolve(two.event().pipeline() + "-" + two.event().runKey().substring(0, 12))
                .resolve("out");
        Files.createDirectories(place.resolve("other.bin/in-the-way"));

        // When
        CompletableFuture<Optional<Outcome>> outcome = CompletableFuture.supplyAsync(() -> run(local(), two));
        Awaitility.await().until(() -> Files.exists(place.resolve("copy.bin")));
        Files.delete(place.resolve("other.bin/in-the-way"));
        Files.delete(place.resolve("other.bin"));

        // Then
        assertThat(outcome.get(30, TimeUnit.SECONDS)).get().isInstanceOf(Outcome.Succeeded.class);
        assertThat(place.resolve("copy.bin")).hasBinaryContent(BYTES);
        assertThat(place.resolve("other.bin")).hasBinaryContent(BYTES);
    }

    @Test
    void aLinkOutOfTheFolderIsAFaultOfTheToolAndIsNotTriedAgain() throws Exception {
        // Given
        descriptor("cp [IMAGE] out/copy.bin", "ln -s /etc/hostname out/copy.bin");

        // When
        Optional<Outcome> outcome = run(local(), job("good"));

        // Then
        assertThat(outcome).get().isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.reason().code()).isEqualTo("output-outside");
            assertThat(failed.reason().message()).contains("out/copy.bin");
        });
    }

    @Test
    void aJobWhoseSubmissionHadNoAnswerIsSubmittedOnceMoreOnlyWhenTheClusterDoesNotHaveIt() {
        // Given a cluster that took the job, whose answer was lost, and that does not answer at first
        LosingCluster cluster = new LosingCluster(true);

        // When
        Optional<Outcome> outcome = run(cluster, job);

        // Then
        assertThat(outcome).get().isInstanceOf(Outcome.Succeeded.class);
        assertThat(cluster.calls).containsExactly("start: lost", "resume: away", "resume: there");
    }

    @Test
    void aJobThatTheClusterDoesNotHaveIsSubmittedAgain() {
        // Given
        LosingCluster cluster = new LosingCluster(false);

        // When
        Optional<Outcome> outcome = run(cluster, job);

        // Then
        assertThat(outcome).get().isInstanceOf(Outcome.Succeeded.class);
        assertThat(cluster.calls).containsExactly("start: lost", "resume: away", "resume: not there", "start: taken");
    }

    @Test
    void theFoldersOfEndedRunsAreRemovedAndNoOthers() throws Exception {
        // Given
        Path ended = attemptFolder(7);
        Path runs = attemptFolder(8);
        Path other = Files.createDirectories(fixture.work().resolve("notes of a person"));

        // When
        fixture.attempt(local()).removeLeftFolders(named -> named.id() == 7);

        // Then
        assertThat(ended).doesNotExist();
        assertThat(runs).exists();
        assertThat(other).exists();
    }

    private Path attemptFolder(long id) throws IOException {
        Path made = fixture.work().resolve("0123456789ab-" + id + "-1-" + UUID.randomUUID());
        Files.createDirectories(made.resolve("out"));
        return made;
    }

    /** Runs on this machine what it takes, and says nothing of the first. */
    private static class LosingCluster implements JobRunner {

        private final LocalRunner runner = local();
        private final boolean takesTheFirst;
        private final Deque<String> calls = new ArrayDeque<>();
        private @Nullable Running taken;

        LosingCluster(boolean takesTheFirst) {
            this.takesTheFirst = takesTheFirst;
        }

        @Override
        public String name() {
            return "lab";
        }

        @Override
        public Optional<String> handle(Command command) {
            return Optional.of("lab:datman-" + command.name());
        }

        @Override
        public Running start(Command command) throws ProgramMissingException, IOException {
            if (!calls.isEmpty()) {
                calls.add("start: taken");
                return runner.start(command);
            }
            calls.add("start: lost");
            if (takesTheFirst) {
                taken = runner.start(command);
            }
            throw new AwayException("Socket timed out");
        }

        @Override
        public Optional<Running> resume(String handle, Command command) throws AwayException {
            if (calls.size() == 1) {
                calls.add("resume: away");
                throw new AwayException("Socket timed out");
            }
            calls.add(taken == null ? "resume: not there" : "resume: there");
            return Optional.ofNullable(taken);
        }

        @Override
        public void end(String handle) {}
    }

    @Test
    void whatARunWaitsForAtItsClusterIsSaidOnceAndThatItWaitsNoMore() throws Exception {
        // Given a cluster that is full twice and then takes the job
        List<Reason> said = new ArrayList<>();
        AtomicInteger asked = new AtomicInteger();
        LocalRunner taken = local();
        JobRunner cluster = new LosingCluster(false) {
            @Override
            public Running start(Command command) throws ProgramMissingException, IOException {
                if (asked.incrementAndGet() <= 2) {
                    throw new FullException("only 1 jobs are allowed per user");
                }
                return taken.start(command);
            }
        };

        // When
        Optional<Outcome> outcome = fixture.attempt(cluster).run(job, handle -> true, said::add, () -> false);

        // Then
        assertThat(outcome).get().isInstanceOf(Outcome.Succeeded.class);
        assertThat(said).extracting(Reason::code).containsExactly("cluster-full", "submitted");
        assertThat(said.get(0).message()).contains("lab").contains("only 1 jobs are allowed per user");
    }

    @Test
    void aRunThatItsClusterNeverTookIsNotLookedForThere() throws Exception {
        // Given a cluster that stays full until the service stops
        List<String> handles = new ArrayList<>();
        JobRunner cluster = new LosingCluster(false) {
            @Override
            public Running start(Command command) throws IOException {
                throw new FullException("only 1 jobs are allowed per user");
            }
        };

        // When
        Optional<Outcome> outcome = fixture.attempt(cluster).run(job, handles::add, () -> handles.size() == 1);

        // Then
        assertThat(outcome).isEmpty();
        assertThat(handles).hasSize(2).last().asString().isEmpty();
        assertThat(handles.get(0)).isNotEmpty();
    }

    private static LocalRunner local() {
        return new LocalRunner(List.of("PATH"));
    }

    private Optional<Outcome> run(JobRunner runner, Job which) {
        try {
            return fixture.attempt(runner).run(which, handle -> true, () -> false);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void descriptor(String command, String instead) throws IOException {
        Path file = fixture.home().resolve("good.json");
        Files.writeString(file, Files.readString(file).replace(command, instead));
    }

    private Job job(String pipeline) throws Exception {
        PipelineRule rule = PipelineRule.find(fixture.rules(), pipeline).orElseThrow();
        FileRef image = fixture.archive().write(FileRole.NIFTI, "BAD/nii/BAD_CMH_0001_01_01/image.nii", BYTES);
        return fixture.job(rule, Map.of("image", image));
    }
}
