package org.datman.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchivesTest {

    @TempDir
    Path folder;

    private Path jar;

    @BeforeEach
    void aProgram() throws IOException {
        jar = folder.resolve("program.jar");
        String name = Program.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                var in = Program.class.getClassLoader().getResourceAsStream(name)) {
            out.putNextEntry(new JarEntry(name));
            in.transferTo(out);
        }
    }

    /** What is run. The log of the JVM says where its class was loaded from. */
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) {
            System.out.println("ran");
        }
    }

    @Test
    void theSecondStartLoadsTheClassesThatTheFirstArchived() throws Exception {
        // Given
        ClassArchives first = new ClassArchives(folder.resolve("archives"));
        run(first.options("program", List.of(jar)));
        first.ended("program", true);

        // When
        String output = run(new ClassArchives(folder.resolve("archives")).options("program", List.of(jar)));

        // Then
        assertThat(output).contains("ran");
        assertThat(output.lines().filter(line -> line.contains(Program.class.getName())))
                .anyMatch(line -> line.contains("shared objects file (top)"));
    }

    @Test
    void oneOfAnotherBuildIsReplaced() throws Exception {
        // Given
        ClassArchives first = new ClassArchives(folder.resolve("archives"));
        run(first.options("program", List.of(jar)));
        first.ended("program", true);
        Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2026-12-01T00:00:00Z")));
        ClassArchives second = new ClassArchives(folder.resolve("archives"));
        List<String> options = second.options("program", List.of(jar));
        run(options);

        // When
        second.ended("program", true);

        // Then
        assertThat(options).anyMatch(option -> option.startsWith("-XX:ArchiveClassesAtExit="));
        assertThat(folder.resolve("archives")).isDirectoryContaining("glob:**program-*.jsa");
        assertThat(Files.list(folder.resolve("archives"))).hasSize(1);
    }

    @Test
    void whatAKilledProcessWroteIsNotUsed() throws Exception {
        // Given
        ClassArchives archives = new ClassArchives(folder.resolve("archives"));
        run(archives.options("program", List.of(jar)));

        // When
        archives.ended("program", false);

        // Then
        assertThat(folder.resolve("archives")).isEmptyDirectory();
    }

    @Test
    void withoutAFolderToWriteThereAreNone() throws Exception {
        // Given
        Path file = Files.createFile(folder.resolve("file"));

        // When
        List<String> options = new ClassArchives(file.resolve("archives")).options("program", List.of(jar));

        // Then
        assertThat(options).isEmpty();
    }

    private String run(List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC"));
        command.addAll(options);
        command.addAll(List.of("-Xlog:class+load", "-cp", jar.toString(), Program.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
