package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.study.PipelineRule;
import org.datman.pipeline.container.DockerHost;
import org.datman.pipeline.container.ImageRegistry;
import org.datman.pipeline.container.PodmanStore;
import org.datman.pipeline.runner.LocalRunner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tools in containers of the real Docker. */
class DockerRunTest {

    private static final byte[] BYTES = {1, 2, 3};

    private static @Nullable DockerHost docker;
    private static @Nullable String image;

    @TempDir
    Path folder;

    private RunFixture fixture;

    @BeforeAll
    static void anImageInARegistry() throws Exception {
        assumeThat(DockerHost.isInstalled()).as(DockerHost.WORDS).isTrue();
        assumeThat(PodmanStore.isInstalled()).as(PodmanStore.WORDS).isTrue();
        assumeThat(ImageRegistry.isInstalled()).as(ImageRegistry.WORDS).isTrue();
        // Docker knows the digest of an image only where it came from a registry.
        try (PodmanStore podman = new PodmanStore();
                ImageRegistry registry = new ImageRegistry()) {
            assumeThat(podman.whyNone()).as("no container can be run here").isEmpty();
            docker = new DockerHost();
            image = registry.push(podman, "datman/busybox");
            docker.run("docker", "pull", image);
        }
    }

    @AfterAll
    static void stop() throws IOException {
        if (docker != null) {
            docker.close();
        }
    }

    @BeforeEach
    void aToolInAContainer() throws IOException {
        fixture = new RunFixture(folder, "CON_CMH_0001_01_01", "contained.json");
        descriptor("lab/contained", image);
    }

    @Test
    void aToolInAContainerReachesNothingButTheFolderOfItsRun() throws Exception {
        // Given a tool that tries
        descriptor(
                "cp [IMAGE] out/copy.bin",
                "{ ls /sys/class/net; grep -E 'CapEff|NoNewPrivs' /proc/self/status;"
                        + " echo x > /bin/made || echo image is read-only;"
                        + " echo x > inputs/made || echo inputs are read-only; ls ..; } > out/copy.bin 2> /dev/null;"
                        + " true [IMAGE]");

        // When
        Outcome outcome = run(docker.environment());

        // Then
        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        assertThat(fixture.archive()
                        .resolve(((Outcome.Succeeded) outcome).outputs().get(0).path()))
                .content()
                .contains("lo\nCapEff:\t0000000000000000\nNoNewPrivs:\t1\nimage is read-only\ninputs are read-only\n")
                .doesNotContain("archive");
        assertThat(docker.run("docker", "ps", "--all", "--quiet")).isEmpty();
    }

    @Test
    void theContainerOfAToolEndsAtItsTimeLimit() throws Exception {
        // Given
        descriptor("cp [IMAGE] out/copy.bin", "sleep 300; true [IMAGE]");
        descriptor("120", "2");

        // When
        Outcome outcome = run(docker.environment());

        // Then
        assertThat(((Outcome.Failed) outcome).reason().code()).isEqualTo("walltime");
        assertThat(docker.run("docker", "ps", "--all", "--quiet")).isEmpty();
    }

    @Test
    void anImageThatIsNotThereIsNamedWithTheCommandThatPullsIt() throws Exception {
        // Given
        String other = image.replaceFirst("[0-9a-f]{64}", "1".repeat(64));
        descriptor(image, other);

        // When
        Outcome outcome = run(docker.environment());

        // Then
        assertThat(((Outcome.Failed) outcome).reason().code()).isEqualTo("image-missing");
        assertThat(((Outcome.Failed) outcome).reason().action()).contains("docker pull " + other);
    }

    @Test
    void aDaemonThatDoesNotAnswerIsWaitedFor() throws Exception {
        // When
        Outcome outcome = run(Map.of("DOCKER_HOST", "unix://" + folder.resolve("no-socket")));

        // Then
        assertThat(((Outcome.Interrupted) outcome).reason().code()).isEqualTo("container-away");
    }

    private Outcome run(Map<String, String> environment) throws Exception {
        PipelineRule rule = PipelineRule.find(fixture.rules(), "docker").orElseThrow();
        FileRef input = fixture.archive().write(FileRole.NIFTI, "CON/nii/CON_CMH_0001_01_01/image.nii", BYTES);
        return fixture.attempt(new LocalRunner(List.of("PATH")), fixture.containers("cosign", environment))
                .run(fixture.job(rule, Map.of("image", input)), handle -> true, () -> false)
                .orElseThrow();
    }

    private void descriptor(String words, String instead) throws IOException {
        Path file = fixture.home().resolve("contained.json");
        Files.writeString(file, Files.readString(file).replace(words, instead));
    }
}
