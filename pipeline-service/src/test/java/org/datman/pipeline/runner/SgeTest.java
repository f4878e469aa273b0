package org.datman.pipeline.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.datman.pipeline.boutiques.Descriptor.Resources;
import org.datman.pipeline.runner.JobRunner.Cause;
import org.datman.pipeline.runner.JobRunner.Command;
import org.datman.pipeline.runner.JobRunner.Ended;
import org.datman.pipeline.runner.JobRunner.FullException;
import org.datman.pipeline.runner.JobRunner.RefusedException;
import org.datman.pipeline.runner.JobRunner.Running;
import org.datman.pipeline.runner.Scheduler.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs on the real Grid Engine of Debian, with one node. */
class SgeTest extends BatchSystemScenarios {

    @Override
    BatchCluster started() throws IOException {
        assumeThat(SgeCluster.isInstalled())
                .as("Grid Engine (Debian: gridengine-master gridengine-exec gridengine-client) is not installed,"
                        + " or this is not root")
                .isTrue();
        return new SgeCluster();
    }

    @Override
    void forget(Command command) throws Exception {
        // It lists the last job that has ended, until another one does.
        end(runner().start(command(Map.of(), "true")));
        super.forget(command);
    }

    @Test
    void aJobWhoseTimeIsOverIsToldSo() throws Exception {
        // Given
        Command command = command(Map.of(), "sleep", "300");

        // When
        Ended end = end(runner("-l h_rt=2").start(command));

        // Then
        assertThat(end.cause()).isEqualTo(Cause.WALLTIME);
    }

    @ParameterizedTest
    @ValueSource(ints = {99, 100})
    void anExitCodeThatMeansSomethingToGridEngineIsThatOfTheTool(int code) throws Exception {
        // When
        Ended end = end(runner().start(command(Map.of(), "sh", "-c", "exit " + code)));

        // Then
        assertThat(end.cause()).isEqualTo(Cause.EXITED);
        assertThat(end.exitCode()).isEqualTo(code);
    }

    @Test
    void aJobThatIsDeletedBeforeItBeganIsToldSo() throws Exception {
        // Given one that waits in a queue that runs nothing
        ClusterRunner runner = runner("-q short.q -w n");
        Command command = command(Map.of(), "true");
        Running running = runner.start(command);

        // When
        runner.end(running.handle());

        // Then
        Ended end = end(running);
        assertThat(end.cause()).isEqualTo(Cause.CANCELLED);
        assertThat(end.detail()).contains("before it began");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-q nowhere.q", "-q short.q", "-l arch=vax", "-l mem_free=1M"})
    void aJobThatNoQueueCanRunIsRefusedInsteadOfWaitingForEver(String option) {
        // Given
        ClusterRunner runner = runner(option);

        // When, then
        assertThatThrownBy(() -> runner.start(command(Map.of(), "true")))
                .isInstanceOf(RefusedException.class)
                .hasMessageMatching(".*(unknown queue|no suitable queues).*");
    }

    /** The check at the submission does not know the load of nodes, of which this is one. */
    @Test
    void aJobThatAsksForTheLoadOfANodeRunsWithoutThatCheck() throws Exception {
        // Given
        ClusterRunner runner = runner("-l mem_free=1M -w w");

        // When
        Ended end = end(runner.start(command(Map.of(), "true")));

        // Then
        assertThat(end.cause()).isEqualTo(Cause.EXITED);
    }

    @Test
    void aToolGetsItsCoresInTheParallelEnvironment() throws Exception {
        // Given
        Command command = command(Map.of(), new Resources(60.0, 2.0, 0.2), "printenv", "OMP_NUM_THREADS");

        // When
        Ended end = end(runner("-l h_rt=55").start(command));

        // Then
        assertThat(end.exitCode()).isZero();
        assertThat(command.stdout()).hasContent("2\n");
        // The accounts are written later.
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> assertThat(
                        ((SgeCluster) cluster()).output("qacct", "-j", "datman-" + command.name()))
                .containsPattern("granted_pe +smp")
                .containsPattern("slots +2")
                // Memory is asked for by slot.
                .contains("h_vmem=103M"));
    }

    @Test
    void aToolThatNeedsCoresIsRefusedWhereNoParallelEnvironmentIsNamed() throws Exception {
        // Given
        Scheduler scheduler = ((SgeCluster) cluster()).scheduler("", List.of());
        Command command = command(Map.of(), new Resources(60.0, 2.0, 0.1), "true");

        // When, then
        assertThatThrownBy(() -> scheduler.submit("datman-none", Path.of("job.sh"), Path.of("log"), command))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("datman.pipelines.sge.parallel-environment");
    }

    @Test
    void aNodeThatDoesNotSeeTheFolderIsNoFailureOfTheTool() throws Exception {
        // Given
        Command command = command(Map.of(), "true");
        Command elsewhere = new Command(
                command.name(),
                command.folder().resolve("not-on-the-node"),
                command.arguments(),
                Map.of(),
                command.resources(),
                command.walltime(),
                command.stdout(),
                command.stderr());
        Path script = Files.writeString(command.folder().resolve("job.sh"), "#!/bin/sh\n");
        Scheduler scheduler = cluster().scheduler(List.of());
        String job = "datman-" + command.name();

        // When
        scheduler.submit(job, script, command.folder().resolve("log"), elsewhere);

        // Then
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> scheduler.jobs().get(job).ended() == Cause.LOST);
        State state = scheduler.jobs().get(job);
        assertThat(state.detail()).startsWith("Eqw").contains("can't chdir to");
        scheduler.cancel(job);
        Awaitility.await().atMost(PATIENCE).until(() -> !"Eqw".equals(listed(scheduler, job)));
    }

    private static String listed(Scheduler scheduler, String job) throws IOException {
        State state = scheduler.jobs().get(job);
        return state == null ? "" : state.detail().split(" ")[0];
    }

    @ParameterizedTest
    @ValueSource(strings = {"max_u_jobs", "max_jobs"})
    void aLimitOfJobsIsWaitedFor(String limit) throws Exception {
        // Given a limit of one job, and a job
        SgeCluster sge = (SgeCluster) cluster();
        Awaitility.await().atMost(PATIENCE).until(() -> !sge.scheduler(List.of())
                .hasJobs());
        sge.configure(Map.of(limit, "1"));
        ClusterRunner runner = runner();
        Command waits = command(Map.of(), "sleep", "60");
        Running first = runner.start(waits);

        // When, then
        try {
            assertThatThrownBy(() -> runner.start(command(Map.of(), "true")))
                    .isInstanceOf(FullException.class)
                    .hasMessageContaining("only 1 jobs are allowed");
        } finally {
            sge.configure(Map.of(limit, "0"));
            runner.end(first.handle());
        }
        assertThat(end(first).cause()).isEqualTo(Cause.CANCELLED);
    }

    @Test
    void whyAJobWasKilledIsKnownFromTheAccountsWhenItIsNotListedAnyMore() throws Exception {
        // Given a service that stops while a job runs, which is killed and forgotten
        Command command = command(Map.of(), "sleep", "300");
        Running first = runner("-l h_rt=2").start(command);
        first.abandon();
        Awaitility.await().atMost(PATIENCE).until(() -> cluster()
                .scheduler(List.of())
                .ended("datman-" + command.name())
                .isPresent());
        forget(command);

        // When
        Ended end = end(runner().resume(first.handle(), command).orElseThrow());

        // Then
        assertThat(end.cause()).isEqualTo(Cause.WALLTIME);
        assertThat(end.wall()).isLessThan(Duration.ofMinutes(2));
        assertThat(end.usage().cpuSeconds()).isNotNull().isBetween(0.0, 10.0);
        assertThat(end.usage().notMeasured()).contains("do not have its memory");
    }
}
