package org.datman.pipeline.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.datman.contracts.study.AppliesTo;
import org.datman.contracts.study.PipelineRule;
import org.datman.contracts.study.PipelineRule.Container;
import org.datman.contracts.study.PipelineSchedule;
import org.datman.contracts.study.RequiredVerdict;
import org.datman.pipeline.boutiques.Descriptor.Resources;
import org.datman.pipeline.container.Containers;
import org.datman.pipeline.container.PinnedImage;
import org.datman.pipeline.container.PodmanStore;
import org.datman.pipeline.runner.JobRunner.Cause;
import org.datman.pipeline.runner.JobRunner.Command;
import org.datman.pipeline.runner.JobRunner.Ended;
import org.datman.pipeline.runner.JobRunner.Running;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers of the real Podman as jobs of the real Slurm: they end with their jobs. */
class ContainerOnSlurmTest {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final PipelineRule RULE = new PipelineRule(
            "contained",
            "contained.json",
            "",
            Map.of(),
            Map.of(),
            RequiredVerdict.ANY,
            false,
            false,
            null,
            AppliesTo.BOTH,
            null,
            Container.PODMAN,
            "",
            Set.of(),
            "",
            PipelineSchedule.ALWAYS);

    private static @Nullable SlurmCluster slurm;
    private static @Nullable PodmanStore podman;

    @TempDir
    Path folder;

    @BeforeAll
    static void aClusterAndImages() throws Exception {
        assumeThat(SlurmCluster.isInstalled())
                .as("Slurm (Debian: slurmctld slurmd slurm-client munge) is not installed, or this is not root")
                .isTrue();
        assumeThat(PodmanStore.isInstalled()).as(PodmanStore.WORDS).isTrue();
        podman = new PodmanStore();
        assumeThat(podman.whyNone()).as("no container can be run here").isEmpty();
        slurm = new SlurmCluster();
    }

    @AfterAll
    static void stop() throws IOException {
        if (slurm != null) {
            slurm.close();
        }
        if (podman != null) {
            podman.close();
        }
    }

    @Test
    void theEndOfATaskInAContainerIsThatOfItsJob() throws Exception {
        // When
        Ended end = end(runner().start(command(60, "echo done > made; exit 3")));

        // Then
        assertThat(end.cause()).isEqualTo(Cause.EXITED);
        assertThat(end.exitCode()).isEqualTo(3);
        assertThat(folder.resolve("run/made")).hasContent("done\n");
        assertThat(podman.containers()).isEmpty();
    }

    @Test
    void theContainerOfAJobThatIsCancelledEnds() throws Exception {
        // Given
        ClusterRunner runner = runner();
        Running running = runner.start(command(60, "sleep 300"));
        Awaitility.await().atMost(PATIENCE).until(() -> podman.containers().size() == 1);

        // When
        runner.end(running.handle());

        // Then
        assertThat(end(running).cause()).isEqualTo(Cause.CANCELLED);
        Awaitility.await().atMost(PATIENCE).until(() -> podman.containers().isEmpty());
    }

    @Test
    void theContainerOfAJobEndsAtItsTimeLimit() throws Exception {
        // Given
        Running running = runner().start(command(30, "sleep 300"));

        // When
        Ended end = end(running);

        // Then
        assertThat(end.cause()).isEqualTo(Cause.WALLTIME);
        Awaitility.await().atMost(PATIENCE).until(() -> podman.containers().isEmpty());
    }

    private static ClusterRunner runner(String... options) {
        return new ClusterRunner(
                new Slurm(slurm.program(), List.of(options)),
                ClusterRunner.NO_LIMIT,
                (name, submission) -> submission.submit(),
                List.of("PATH"),
                Clock.systemUTC(),
                Duration.ofMillis(500));
    }

    private Command command(int seconds, String script) throws Exception {
        Path work = Files.createDirectories(folder.resolve("run"));
        Path logs = Files.createDirectories(work.resolve("logs"));
        Files.createDirectories(work.resolve("inputs"));
        Command tool = new Command(
                "run-" + folder.getFileName(),
                work,
                List.of("/bin/sh", "-c", script),
                Map.of(),
                new Resources((double) seconds, 1.0, 0.1),
                Duration.ofSeconds(seconds),
                logs.resolve("attempt-1.stdout.txt"),
                logs.resolve("attempt-1.stderr.txt"));
        Containers containers = new Containers(Container.NONE, folder, folder, "cosign", podman.environment());
        return containers.wrap(RULE, PinnedImage.parse(podman.image()), runner(), tool);
    }

    private static Ended end(Running running) throws InterruptedException {
        return running.await(PATIENCE.plusSeconds(60)).orElseThrow(() -> new AssertionError("The job did not end"));
    }
}
