package org.datman.pipeline.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.datman.contracts.study.PipelineRule.Container;
import org.datman.pipeline.boutiques.Descriptor.Resources;
import org.datman.pipeline.runner.JobRunner.Command;
import org.junit.jupiter.api.Test;

/** Command lines of containers, as the documentation of their programs has the options. */
class ContainerCommandTest {

    private static final Path RUN = Path.of("/scratch/run-1");
    private static final String IMAGE = "docker.io/lab/tool@sha256:" + "1".repeat(64);
    private static final Command TOOL = new Command(
            "run-1",
            RUN,
            List.of("tool", "--of", "inputs/a.nii"),
            Map.of(),
            new Resources(60.0, 2.0, 1.5),
            Duration.ofSeconds(60),
            RUN.resolve("logs/out"),
            RUN.resolve("logs/err"));

    @Test
    void podmanOfAUserKeepsHisIdAndHasTheLimitsOfTheDescriptor() {
        // When
        Command command = of(Container.PODMAN, IMAGE, 1000, false);

        // Then
        assertThat(command.arguments())
                .containsExactly(
                        "podman",
                        "run",
                        "--rm",
                        "--name=datman-run-1",
                        "--pull=never",
                        "--network=none",
                        "--cap-drop=all",
                        "--security-opt=no-new-privileges",
                        "--read-only",
                        "--tmpfs=/tmp:rw,nosuid,nodev,exec,mode=1777",
                        "--log-driver=none",
                        "--user=1000:100",
                        "--volume=/scratch/run-1:/scratch/run-1:Z",
                        "--volume=/scratch/run-1/inputs:/scratch/run-1/inputs:ro,Z",
                        "--workdir=/scratch/run-1",
                        "--read-only-tmpfs=false",
                        "--http-proxy=false",
                        "--timeout=180",
                        "--userns=keep-id",
                        "--memory=1536m",
                        "--memory-swap=1536m",
                        "--cpus=2.0",
                        "--env=HOME=/scratch/run-1",
                        "--env=THREADS=2",
                        "--entrypoint=tool",
                        IMAGE,
                        "--of",
                        "inputs/a.nii");
        assertThat(command.environment()).isEqualTo(Map.of("HOME", "/home/datman"));
        assertThat(command.ending())
                .containsExactly("podman", "rm", "--force", "--ignore", "--time", "0", "datman-run-1");
    }

    @Test
    void podmanOfAUserStaysInTheJobOfItsCluster() {
        // When
        Command command = of(Container.PODMAN, IMAGE, 1000, true);

        // Then
        assertThat(command.arguments())
                .contains("--cgroups=disabled")
                .noneMatch(argument -> argument.startsWith("--memory") || argument.startsWith("--cpus"));
    }

    @Test
    void dockerGetsNoOptionThatOnlyPodmanHas() {
        // When
        Command command = of(Container.DOCKER, IMAGE, 1000, true);

        // Then
        assertThat(command.arguments())
                .startsWith("docker", "run", "--rm", "--name=datman-run-1", "--pull=never", "--network=none")
                .contains("--user=1000:100", "--memory=1536m", "--cpus=2.0", "--env=THREADS=2", "--entrypoint=tool")
                .noneMatch(argument -> argument.matches("--(userns|timeout|http-proxy|read-only-tmpfs|cgroups)=.*"));
        assertThat(command.ending()).containsExactly("docker", "rm", "--force", "datman-run-1");
    }

    @Test
    void apptainerGetsTheVariablesByItsEnvironmentAndTheHomeByAnOption() {
        // When
        Command command = of(Container.APPTAINER, "/images/tool.sif", 1000, false);

        // Then
        assertThat(command.arguments())
                .containsExactly(
                        "apptainer",
                        "exec",
                        "--containall",
                        "--no-eval",
                        "--no-mount=hostfs,bind-paths",
                        "--no-privs",
                        "--drop-caps=all",
                        "--net",
                        "--network=none",
                        "--home=/scratch/run-1",
                        "--pwd=/scratch/run-1",
                        "--bind=/scratch/run-1/inputs:/scratch/run-1/inputs:ro",
                        "/images/tool.sif",
                        "tool",
                        "--of",
                        "inputs/a.nii");
        assertThat(command.environment()).isEqualTo(Map.of("HOME", "/home/datman", "APPTAINERENV_THREADS", "2"));
        assertThat(command.ending()).isEmpty();
    }

    private static Command of(Container program, String image, int uid, boolean cluster) {
        return ContainerCommand.of(
                new ContainerCommand.Setup(program, image, uid, 100, cluster, Map.of("HOME", "/home/datman")),
                TOOL,
                Map.of("HOME", RUN.toString(), "THREADS", "2"),
                List.of(RUN.resolve("inputs")));
    }
}
