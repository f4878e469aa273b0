package org.datman.pipeline.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.pipeline.boutiques.Descriptor.Resources;
import org.datman.pipeline.runner.JobRunner.AwayException;
import org.datman.pipeline.runner.JobRunner.Cause;
import org.datman.pipeline.runner.JobRunner.Command;
import org.datman.pipeline.runner.JobRunner.FullException;
import org.datman.pipeline.runner.JobRunner.RefusedException;
import org.datman.pipeline.runner.SchedulerProgram.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Words that Slurm writes where it has accounts with limits, or a network that breaks. */
class SlurmWordsTest {

    private static final String POLICY =
            "sbatch: error: QOSMaxSubmitJobPerUserLimit\nsbatch: error: Batch job submission"
                    + " failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)\n";
    private static final String RUNNING = "somebodys-job|12|RUNNING|None|0|node1|\n";
    private static final String ENDED = "somebodys-job|12|COMPLETED|None|0|node1|\n";

    @Test
    void aLimitOfTheAccountIsWaitedForWhileItsJobsRun() {
        // When
        Throwable thrown = catchThrowable(() -> submit(POLICY, RUNNING));

        // Then
        assertThat(thrown).isInstanceOf(FullException.class);
    }

    @Test
    void aLimitOfTheAccountThatNoEndOfAJobLiftsIsARefusalWithTheWordsOfTheCluster() {
        // When
        Throwable thrown = catchThrowable(() -> submit(POLICY, ENDED));

        // Then
        assertThat(thrown)
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("QOSMaxSubmitJobPerUserLimit")
                .hasMessageContaining("Job violates accounting/QOS policy");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "/cpu=00:02:03,energy=0,fs/disk=913,mem=104857K,pages=2,vmem=220400K/; 123; 107373568",
                "/cpu=1-02:00:01,mem=1.5G/cpu=00:00:00,mem=0/; 93601; 1610612736",
                "/cpu=00:00:02,mem=0/; 2;",
            })
    void whatAKilledJobUsedIsReadFromTheAccounts(String lines, double cpu, Long memory) {
        // When
        Optional<JobRunner.Usage> usage = Slurm.accounted(
                lines.replace("fs/disk", "fs-disk").replace("/", "\n").replace("fs-disk", "fs/disk"));

        // Then
        assertThat(usage).get().satisfies(used -> {
            assertThat(used.cpuSeconds()).isEqualTo(cpu);
            assertThat(used.peakMemoryBytes()).isEqualTo(memory);
            assertThat(used.notMeasured().isEmpty()).isEqualTo(memory != null);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "sbatch: error: Batch job submission failed: Socket timed out on send/recv operation",
        "sbatch: error: Batch job submission failed: Zero Bytes were transmitted or received",
        "sbatch: error: slurm_send_node_msg: Broken pipe",
        "sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)"
    })
    void anAnswerThatWasLostIsNoRefusal(String words) {
        // When
        Throwable thrown = catchThrowable(() -> submit(words, ""));

        // Then
        assertThat(thrown).isInstanceOf(AwayException.class).hasMessage(words);
    }

    @ParameterizedTest
    @CsvSource({
        "QOSMaxWallDurationPerJobLimit, true",
        "AssocMaxCpuPerJobLimit, true",
        "QOSMaxMemoryPerJob, true",
        "AssocGrpCpuLimit, false",
        "QOSMaxJobsPerUserLimit, false",
        "Priority, false"
    })
    void aJobThatIsLargerThanOneMayBeNeverStarts(String reason, boolean never) {
        // When
        Map<String, Scheduler.State> jobs = Slurm.parse("datman-run|12|PENDING|" + reason + "|0||\n");

        // Then
        assertThat(jobs.get("datman-run").ended()).isEqualTo(never ? Cause.REFUSED : null);
    }

    @ParameterizedTest
    @CsvSource({
        "TIMEOUT, TimeLimit, WALLTIME",
        "OUT_OF_MEMORY, OutOfMemory, MEMORY",
        "NODE_FAIL, NodeDown, LOST",
        "PREEMPTED, None, LOST",
        "FAILED, NonZeroExitCode, EXITED",
        "FAILED, RaisedSignal:9, LOST"
    })
    void theStateOfAnEndedJobSaysWhyItEnded(String state, String reason, Cause cause) {
        // When
        Map<String, Scheduler.State> jobs = Slurm.parse("datman-run|12|" + state + "|" + reason + "|0|node1|\n");

        // Then
        assertThat(jobs.get("datman-run").ended()).isEqualTo(cause);
    }

    @Test
    void ofTwoJobsOfOneNameTheOneThatRunsCounts() {
        // When
        Map<String, Scheduler.State> jobs =
                Slurm.parse("datman-run|12|RUNNING|None|0|node1|\ndatman-run|13|COMPLETED|None|0|node2|\n");

        // Then
        assertThat(jobs.get("datman-run").id()).isEqualTo("12");
    }

    private static void submit(String refusal, String list) throws Exception {
        Slurm slurm = new Slurm(
                line -> line.get(0).equals("sbatch") ? new Answer(1, "", refusal) : new Answer(0, list, ""), List.of());
        Path run = Path.of("run");
        slurm.submit(
                "datman-run",
                run,
                run,
                new Command(
                        "run",
                        run,
                        List.of("true"),
                        Map.of(),
                        new Resources(60.0, 1.0, 0.1),
                        Duration.ofSeconds(60),
                        run,
                        run));
    }
}
