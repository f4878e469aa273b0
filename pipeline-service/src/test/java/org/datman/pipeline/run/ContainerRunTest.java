package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.RunUsage;
import org.datman.contracts.study.PipelineRule;
import org.datman.pipeline.container.PodmanStore;
import org.datman.pipeline.runner.LocalRunner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tools in containers of the real Podman, from the copy of their inputs to the archive. */
class ContainerRunTest {

    private static final String COMMAND = "cp [IMAGE] out/copy.bin";
    private static final byte[] BYTES = {1, 2, 3};
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static @Nullable PodmanStore podman;

    @TempDir
    Path folder;

    private RunFixture fixture;

    @BeforeAll
    static void images() throws Exception {
        assumeThat(PodmanStore.isInstalled()).as(PodmanStore.WORDS).isTrue();
        podman = new PodmanStore();
        assumeThat(podman.whyNone()).as("no container can be run here").isEmpty();
    }

    @AfterAll
    static void remove() throws Exception {
        if (podman != null) {
            podman.close();
        }
    }

    @BeforeEach
    void aToolInAContainer() throws IOException {
        fixture = new RunFixture(folder, "CON_CMH_0001_01_01", "contained.json");
        descriptor("lab/contained", podman.image());
    }

    @Test
    void theOutputsOfAToolInAContainerAreStoredWithTheDigestOfItsImage() throws Exception {
        // Given
        Job job = job("podman");

        // When
        Outcome outcome = run(job);

        // Then
        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        List<FileRef> files = ((Outcome.Succeeded) outcome).outputs();
        assertThat(fixture.archive().resolve(files.get(0).path())).hasBinaryContent(BYTES);
        JsonNode provenance = EventJson.mapper()
                .readTree(fixture.archive()
                        .resolve(files.get(files.size() - 1).path())
                        .toFile());
        assertThat(provenance.at("/container/program").asText()).isEqualTo("podman");
        assertThat(provenance.at("/container/image").asText())
                .isEqualTo(podman.image())
                .isEqualTo(job.event().image().orElseThrow());
        assertThat(provenance.at("/commandLine/0").asText()).isEqualTo("/bin/sh");
        assertThat(provenance.at("/environment/OF_THE_DESCRIPTOR").asText()).isEqualTo("a value, and more");
        assertThat(provenance.at("/container/commandLine/0").asText()).isEqualTo("podman");
        assertThat(provenance.at("/tool/containerImageNotUsed").isMissingNode()).isTrue();
        assertThat(podman.containers()).isEmpty();
    }

    @Test
    void aToolInAContainerReachesNothingButTheFolderOfItsRun() throws Exception {
        // Given a tool that tries
        descriptor(
                COMMAND,
                "{ cat /proc/net/dev; grep -E 'Cap|NoNewPrivs' /proc/self/status; env;"
                        + " echo x > /bin/made || echo image is read-only;"
                        + " echo x > /etc/made || echo etc is read-only;"
                        + " echo x > inputs/made || echo inputs are read-only;"
                        + " echo x > /tmp/made && echo tmp is its own;"
                        + " ls /; ls ..; } > out/copy.bin 2> /dev/null; true [IMAGE]");
        Job job = job("podman");

        // When
        Outcome outcome = run(job);

        // Then
        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        String found = Files.readString(fixture.archive()
                .resolve(((Outcome.Succeeded) outcome).outputs().get(0).path()));
        assertThat(found)
                .contains(
                        "CapEff:\t0000000000000000",
                        "CapBnd:\t0000000000000000",
                        "NoNewPrivs:\t1",
                        "image is read-only",
                        "etc is read-only",
                        "inputs are read-only",
                        "tmp is its own",
                        "OF_THE_DESCRIPTOR=a value, and more",
                        "HOME=" + fixture.work())
                .doesNotContain("eth0", "CONTAINERS_CONF", "JAVA_HOME", "archive", "studies");
        assertThat(found.lines().filter(line -> line.matches("\\s*\\w+:.*\\d.*") && !line.contains("Cap")))
                .as("networks")
                .allMatch(line -> line.contains("lo:") || line.contains("NoNewPrivs"));
        assertThat(Path.of("/tmp/made")).doesNotExist();
    }

    @Test
    void whatAContainerUsesIsThatOfItsControlGroup() throws Exception {
        // Given a tool that holds 10 MB for longer than a look takes, and is busy
        descriptor(
                COMMAND,
                "x=$(head -c 5000000 /dev/zero | cat -v);"
                        + " i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; sleep 2; cp [IMAGE] out/copy.bin");
        Job job = job("podman");

        // When
        Outcome outcome = run(job);

        // Then
        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        RunUsage usage = ((Outcome.Succeeded) outcome).ran().usage();
        assertThat(usage.notMeasured()).isEmpty();
        assertThat(usage.cpuSeconds().orElseThrow()).isBetween(0.05, 60.0);
        assertThat(usage.peakMemoryBytes().orElseThrow()).isBetween(10_000_000L, 60_000_000L);
    }

    @Test
    void anImageThatIsNotThereIsNamedWithTheCommandThatPullsIt() throws Exception {
        // Given
        String other = podman.image().replaceFirst("[0-9a-f]{64}", "1".repeat(64));
        descriptor(podman.image(), other);

        // When
        Reason reason = failure(run(job("podman")));

        // Then
        assertThat(reason.code()).isEqualTo("image-missing");
        assertThat(reason.action()).contains("podman pull " + other);
    }

    @Test
    void aProgramThatIsNotInTheImageIsNamed() throws Exception {
        // Given
        descriptor("\"shell\": \"/bin/sh\",", "");
        descriptor(COMMAND, "bet [IMAGE]");

        // When
        Reason reason = failure(run(job("podman")));

        // Then
        assertThat(reason.code()).isEqualTo("program-missing");
        assertThat(reason.message()).contains("'bet'", podman.image());
    }

    @Test
    void theContainerOfAToolEndsAtItsTimeLimit() throws Exception {
        // Given
        descriptor(COMMAND, "sleep 300; true [IMAGE]");
        descriptor("120", "2");

        // When
        Reason reason = failure(run(job("podman")));

        // Then
        assertThat(reason.code()).isEqualTo("walltime");
        assertThat(podman.containers()).isEmpty();
    }

    @Test
    void theContainerOfAToolEndsWithTheService() throws Exception {
        // Given
        descriptor(COMMAND, "sleep 300; true [IMAGE]");
        Job job = job("podman");
        AtomicBoolean stopped = new AtomicBoolean();
        CompletableFuture<Optional<Outcome>> running = CompletableFuture.supplyAsync(() -> run(job, stopped));
        Awaitility.await().atMost(PATIENCE).until(() -> podman.containers().size() == 1);

        // When
        stopped.set(true);

        // Then
        assertThat(running.get(60, TimeUnit.SECONDS)).isEmpty();
        assertThat(podman.containers()).isEmpty();
    }

    @Test
    void theContainerOfAWorkerThatWasKilledEndsBeforeTheRunBeginsAgain() throws Exception {
        // Given a container whose worker is gone, and whose Podman was killed with it
        Job job = job("podman");
        Path left = Files.createDirectories(fixture.work()
                .resolve(Workspace.ofJob(job) + "1-00000000-0000-0000-0000-000000000000")
                .resolve("logs"));
        Files.writeString(left.resolve("container"), "PODMAN");
        podman.run(
                "podman",
                "run",
                "--detach",
                "--network=none",
                "--log-driver=none",
                "--name=datman-" + left.getParent().getFileName(),
                podman.image(),
                "/bin/sleep",
                "300");

        // When
        Outcome outcome = run(job);

        // Then
        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        assertThat(podman.containers()).isEmpty();
    }

    @Test
    void aToolThatNeedsMoreMemoryThanItsContainerHasSaysSo() throws Exception {
        // Given
        descriptor(COMMAND, "x=$(head -c 200000000 /dev/zero | cat -v); true [IMAGE]");

        // When
        Reason reason = failure(run(job("podman")));

        // Then
        assertThat(reason.code()).isEqualTo("out-of-memory");
    }

    @Test
    void anImageWhoseSignatureCannotBeCheckedDoesNotRun() throws Exception {
        // Given no cosign
        Files.writeString(
                Files.createDirectories(fixture.home().resolve("keys")).resolve("lab.pub"), "a key");
        Job job = job("signed");

        // When
        Reason reason = failure(fixture.attempt(
                        new LocalRunner(List.of("PATH")),
                        fixture.containers("no-such-cosign-of-a-lab", podman.environment()))
                .run(job, handle -> true, () -> false)
                .orElseThrow());

        // Then
        assertThat(reason.code()).isEqualTo("image-signature");
        assertThat(reason.message()).contains("cosign is not installed");
    }

    @Test
    void aRequestForAnotherImageDoesNotRun() throws Exception {
        // Given
        Job job = job("podman");
        Job ofNoContainer = new Job(
                job.id(),
                job.owner(),
                job.attempt(),
                null,
                Envelope.first(job.event().withImage(Optional.empty()), "/datman/pipeline", Instant.EPOCH));

        // When
        Reason reason = failure(run(ofNoContainer));

        // Then
        assertThat(reason.code()).isEqualTo("tool-changed");
    }

    @Test
    void aProgramOfContainersThatIsNotInstalledIsNamed() throws Exception {
        // Given
        assumeThat(Pattern.compile(File.pathSeparator).splitAsStream(System.getenv("PATH")))
                .as("apptainer is installed")
                .noneMatch(place -> Files.exists(Path.of(place, "apptainer")));
        Path file = Files.createDirectories(fixture.home().resolve("images")).resolve(sif());
        Files.write(file, BYTES);

        // When
        Reason reason = failure(run(job("apptainer")));

        // Then
        assertThat(reason.code()).isEqualTo("container-program-missing");
        assertThat(reason.message()).contains("apptainer");
    }

    @Test
    void aFileForApptainerThatIsNotThereIsNamedWithTheCommandThatPullsIt() throws Exception {
        // When
        Reason reason = failure(run(job("apptainer")));

        // Then
        assertThat(reason.code()).isEqualTo("image-missing");
        assertThat(reason.action())
                .contains("apptainer pull " + fixture.home().resolve("images").resolve(sif()) + " docker://"
                        + podman.image());
    }

    @Test
    void aFileForApptainerWithOtherBytesThanTheDescriptorSaysDoesNotRun() throws Exception {
        // Given
        descriptor(podman.image(), "tool.sif\", \"container-hash\": \"" + "1".repeat(64));
        Files.write(Files.createDirectories(fixture.home().resolve("images")).resolve("tool.sif"), BYTES);

        // When
        Reason reason = failure(run(job("apptainer")));

        // Then
        assertThat(reason.code()).isEqualTo("image-changed");
    }

    private String sif() {
        return "sha256-" + podman.image().substring(podman.image().lastIndexOf(':') + 1) + ".sif";
    }

    private static Reason failure(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        return ((Outcome.Failed) outcome).reason();
    }

    private Outcome run(Job job) {
        return run(job, new AtomicBoolean()).orElseThrow();
    }

    private Optional<Outcome> run(Job job, AtomicBoolean stopped) {
        try {
            return fixture.attempt(new LocalRunner(List.of("PATH")), fixture.containers("cosign", podman.environment()))
                    .run(job, handle -> true, stopped::get);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void descriptor(String words, String instead) throws IOException {
        Path file = fixture.home().resolve("contained.json");
        String text = Files.readString(file);
        assertThat(text).contains(words);
        Files.writeString(file, text.replace(words, instead));
    }

    private Job job(String pipeline) throws Exception {
        PipelineRule rule = PipelineRule.find(fixture.rules(), pipeline).orElseThrow();
        FileRef image = fixture.archive().write(FileRole.NIFTI, "CON/nii/CON_CMH_0001_01_01/image.nii", BYTES);
        return fixture.job(rule, Map.of("image", image));
    }
}
