package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code datman}. */
class DatmanScriptTest {

    @TempDir
    Path folder;

    private record Ended(int code, String output) {}

    /** A state in which nothing has to be built. */
    @BeforeEach
    void built() throws IOException {
        Path built = Files.createDirectories(folder.resolve("here/state")).resolve("built");
        Files.createFile(built);
        Files.setLastModifiedTime(built, FileTime.from(Instant.parse("2999-01-01T00:00:00Z")));
    }

    @Test
    void pathsAreRelativeToTheFolderOfWhoeverCalls() throws Exception {
        // Given a Java that says where it was called
        program(
                "java",
                "[ \"$1\" = -version ] && { echo 'openjdk version \"17.0.9\" 2023' >&2; exit; }; echo \"$PWD\"; echo \"$@\"");

        // When
        Ended ended = datman("qc", "rel/path.nii.gz");

        // Then
        Path here = folder.toRealPath().resolve("here");
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output().lines().findFirst()).contains(here.toString());
        assertThat(ended.output()).contains("rel/path.nii.gz").contains("-Ddatman.home=" + here.resolve("state/home"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"legacy-csv", "old-csv"})
    void theCommandForLegacyCsvHasItsOldNameAsWell(String name) throws Exception {
        // Given
        program("java", "[ \"$1\" = -version ] && { echo 'openjdk version \"17.0.9\" 2023' >&2; exit; }; echo \"$@\"");

        // When
        Ended ended = datman(name, "some/metrics.json");

        // Then
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("org.datman.cli.LegacyCsvCommand some/metrics.json");
    }

    static Stream<String> commands() {
        return DatmanCommand.commandLine(Map.of()).getSubcommands().entrySet().stream()
                .filter(command ->
                        !command.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandIsPassedOnAndInTheHelp(String name) throws Exception {
        // Given
        program("java", "[ \"$1\" = -version ] && { echo 'openjdk version \"17.0.9\" 2023' >&2; exit; }; echo \"$@\"");
        program("dcm2niix", "exit 1");
        program("dwi2tensor", "exit 1");

        // When
        Ended ended = datman(name);

        // Then
        assertThat(ended.output()).contains("org.datman.local.command.DatmanCommand " + name);
        assertThat(datman("help").output()).containsPattern("\\./datman (\\w+ \\| )*" + name + "\\b");
    }

    @Test
    void aJavaThatIsTooOldIsReportedWithWhatToDo() throws Exception {
        // Given
        program("java", "echo 'openjdk version \"11.0.20\" 2023-07-18' >&2");

        // When
        Ended ended = datman("try", "a.yml", "b");

        // Then
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output())
                .contains("'java' is Java 11; DATMAN needs 17 or later: apt-get install openjdk-17-jdk-headless");
    }

    @Test
    void aJavaThatDoesNotAnswerIsReported() throws Exception {
        // Given
        program("java", "exit 1");

        // When
        Ended ended = datman("status");

        // Then
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output()).contains("'java -version' does not answer; DATMAN needs Java 17 or later");
    }

    @Test
    void aConverterThatIsMissingIsNamedWithItsPackageToOnesWhoMayNotInstall() throws Exception {
        // Given somebody who is not root, and no dcm2niix on the path
        program("id", "echo 1000");
        for (String tool : List.of("bash", "dirname", "realpath", "find", "cat", "sed", "head")) {
            Files.createSymbolicLink(folder.resolve("bin").resolve(tool), which(tool));
        }

        // When
        Ended ended = run(folder.resolve("bin").toString(), "up", "--xnat", "https://xnat.example.org");

        // Then
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output()).contains("apt-get install dcm2niix");
    }

    @Test
    void aCommandThatDoesNotExistIsReportedWithThoseThatDo() throws Exception {
        // Given nothing more

        // When
        Ended ended = datman("demos");

        // Then
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.output()).contains("there is no command 'demos'").contains("./datman try STUDY.yml DIR");
    }

    @Test
    void aFolderForTheStateThatCannotBeMadeIsNamed() throws Exception {
        // Given a file where the folder should be, and tools that are all there
        Files.delete(folder.resolve("here/state/built"));
        Files.delete(folder.resolve("here/state"));
        Files.createFile(folder.resolve("here/state"));
        program("java", "echo 'openjdk version \"17.0.9\" 2023' >&2");
        for (String tool : List.of("javac", "mvn", "node", "npm")) {
            program(tool, "exit 1");
        }

        // When
        Ended ended = datman("build");

        // Then
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output())
                .contains(
                        folder.toRealPath().resolve("here/state") + ", where DATMAN keeps its state, cannot be written")
                .contains("DATMAN_STATE");
    }

    private static Path which(String tool) {
        for (String place : System.getenv("PATH").split(":")) {
            Path file = Path.of(place, tool);
            if (Files.isExecutable(file)) {
                return file;
            }
        }
        throw new AssertionError(tool + " is not on this machine");
    }

    private void program(String name, String text) throws IOException {
        Path file = Files.createDirectories(folder.resolve("bin")).resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Ended datman(String... arguments) throws IOException, InterruptedException {
        return run(folder.resolve("bin") + ":" + System.getenv("PATH"), arguments);
    }

    private Ended run(String path, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                which("bash").toString(),
                Path.of(System.getProperty("datman.root"), "datman").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder script = new ProcessBuilder(command)
                .directory(folder.resolve("here").toFile())
                .redirectErrorStream(true);
        script.environment().put("DATMAN_STATE", "state");
        script.environment().keySet().removeAll(List.of("DATMAN_HOME", "JAVA_HOME"));
        script.environment().put("PATH", path);
        Process process = script.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }
}
