package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.Reason;
import org.datman.contracts.study.PipelineRule;
import org.datman.pipeline.runner.LocalRunner;
import org.datman.platform.archive.Archive;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tools in containers of the real Apptainer, from the copy of their inputs to the archive. */
class ApptainerRunTest {

    private static final String COMMAND = "cp [IMAGE] out/copy.bin";
    private static final byte[] BYTES = {1, 2, 3};
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    @TempDir
    static Path images;

    private static Path sif = Path.of("not-built");

    @TempDir
    Path folder;

    private RunFixture fixture;

    @BeforeAll
    static void anImageInAFile() throws Exception {
        assumeThat(Pattern.compile(File.pathSeparator).splitAsStream(System.getenv("PATH")))
                .as("Apptainer is not installed")
                .anyMatch(place -> Files.isExecutable(Path.of(place, "apptainer")));
        assumeThat(BUSYBOX).as("busybox is not installed").isExecutable();
        Path root = images.resolve("root");
        Path bin = Files.createDirectories(root.resolve("bin"));
        Files.copy(BUSYBOX, bin.resolve("busybox"));
        for (String program : List.of("sh", "cp", "echo", "sleep", "ls", "env", "grep", "true")) {
            Files.createSymbolicLink(bin.resolve(program), Path.of("busybox"));
        }
        sif = images.resolve("tool.sif");
        String built = words("apptainer", "build", sif.toString(), root.toString());
        assumeThat(sif).as("Apptainer cannot build an image here: " + built).exists();
        assumeThat(words("apptainer", "exec", "--no-privs", sif.toString(), "/bin/echo", "it runs"))
                .as("no container can be run here")
                .contains("it runs");
    }

    @BeforeEach
    void aToolInAContainer() throws IOException {
        fixture = new RunFixture(folder, "CON_CMH_0001_01_01", "contained.json");
        Path file = Files.createDirectories(fixture.home().resolve("images")).resolve("tool.sif");
        Files.copy(sif, file);
        descriptor(
                "\"type\": \"docker\", \"image\": \"lab/contained\"",
                "\"type\": \"singularity\", \"image\": \"tool.sif\", \"container-hash\": \"" + Archive.sha256(file)
                        + "\"");
    }

    @Test
    void theOutputsOfAToolAreStoredWithTheDigestOfItsImage() throws Exception {
        // When
        Outcome outcome = run();

        // Then
        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        List<FileRef> files = ((Outcome.Succeeded) outcome).outputs();
        assertThat(fixture.archive().resolve(files.get(0).path())).hasBinaryContent(BYTES);
        JsonNode provenance = EventJson.mapper()
                .readTree(fixture.archive()
                        .resolve(files.get(files.size() - 1).path())
                        .toFile());
        assertThat(provenance.at("/container/program").asText()).isEqualTo("apptainer");
        assertThat(provenance.at("/container/image").asText()).endsWith("@sha256:" + Archive.sha256(sif));
    }

    @Test
    void aToolReachesNothingButTheFolderOfItsRun() throws Exception {
        // Given a tool that tries
        descriptor(
                COMMAND,
                "{ ls /sys/class/net; grep -E 'Cap|NoNewPrivs' /proc/self/status; env;"
                        + " echo x > /bin/made || echo image is read-only;"
                        + " echo x > /etc/made || echo etc is read-only;"
                        + " echo x > inputs/made || echo inputs are read-only;"
                        + " echo x > /tmp/made-by-apptainer && echo tmp is its own;"
                        + " ls ..; } > out/copy.bin 2> /dev/null; true [IMAGE]");

        // When
        Outcome outcome = run();

        // Then
        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        String found = Files.readString(fixture.archive()
                .resolve(((Outcome.Succeeded) outcome).outputs().get(0).path()));
        assertThat(found)
                .startsWith("lo\nCap")
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
                .doesNotContain("JAVA_HOME", "archive");
        assertThat(found.lines().dropWhile(line -> !line.equals("tmp is its own")))
                .as("what is beside the folder of the run")
                .hasSize(2);
        assertThat(Path.of("/tmp/made-by-apptainer")).doesNotExist();
    }

    @Test
    void aProgramThatIsNotInTheImageIsNamed() throws Exception {
        // Given
        descriptor("\"shell\": \"/bin/sh\"", "\"shell\": \"/bin/nope\"");

        // When
        Reason reason = failure(run());

        // Then
        assertThat(reason.code()).isEqualTo("program-missing");
    }

    @Test
    void theExitCodeIsThatOfTheTool() throws Exception {
        // Given
        descriptor(COMMAND, "echo no licence >&2; exit 7; true [IMAGE]");

        // When
        Outcome outcome = run();

        // Then
        assertThat(failure(outcome).message()).contains("exit code 7", "no licence");
    }

    @Test
    void whatApptainerSaysOfAnImageThatItCannotRunIsTheReason() throws Exception {
        // Given a file with the right digest that is no image
        Path file = fixture.home().resolve("images/tool.sif");
        String before = Archive.sha256(file);
        Files.writeString(file, "no image");
        descriptor(before, Archive.sha256(file));

        // When
        Reason reason = failure(run());

        // Then
        assertThat(reason.code()).isEqualTo("container-refused");
        assertThat(reason.message()).contains("image format not recognized");
    }

    @Test
    void allProcessesOfAToolEndAtItsTimeLimit() throws Exception {
        // Given
        descriptor(COMMAND, "(sleep 4242 &); sleep 4242; true [IMAGE]");
        descriptor("120", "3");

        // When
        Reason reason = failure(run());

        // Then
        assertThat(reason.code()).isEqualTo("walltime");
        assertThat(ProcessHandle.allProcesses().filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains("sleep 4242"))
                        .isPresent()))
                .isEmpty();
    }

    private static Reason failure(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        return ((Outcome.Failed) outcome).reason();
    }

    private Outcome run() throws Exception {
        PipelineRule rule = PipelineRule.find(fixture.rules(), "apptainer").orElseThrow();
        FileRef input = fixture.archive().write(FileRole.NIFTI, "CON/nii/CON_CMH_0001_01_01/image.nii", BYTES);
        return fixture.attempt(new LocalRunner(List.of("PATH")))
                .run(fixture.job(rule, Map.of("image", input)), handle -> true, () -> false)
                .orElseThrow();
    }

    private void descriptor(String words, String instead) throws IOException {
        Path file = fixture.home().resolve("contained.json");
        String text = Files.readString(file);
        assertThat(text).contains(words);
        Files.writeString(file, text.replace(words, instead));
    }

    private static String words(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return words;
    }
}
