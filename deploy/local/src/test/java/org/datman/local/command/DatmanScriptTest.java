package org.datman.local.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that people type. */
class DatmanScriptTest {

    @TempDir
    Path folder;

    @Test
    void pathsAreRelativeToTheFolderOfWhoeverCalls() throws Exception {
        // Given a Java that says where it was called, and a state in which nothing has to be built
        Path java = Files.createDirectories(folder.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho \"$PWD\"\necho \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path built = Files.createDirectories(folder.resolve("here/state")).resolve("built");
        Files.createFile(built);
        Files.setLastModifiedTime(built, FileTime.from(Instant.parse("2999-01-01T00:00:00Z")));
        ProcessBuilder script = new ProcessBuilder(
                        "bash",
                        Path.of(System.getProperty("datman.root"), "datman").toString(),
                        "qc",
                        "rel/path.nii.gz")
                .directory(folder.resolve("here").toFile())
                .redirectErrorStream(true);
        script.environment().put("DATMAN_STATE", "state");
        script.environment().remove("DATMAN_HOME");
        script.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));

        // When
        Process process = script.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        // Then
        Path here = folder.toRealPath().resolve("here");
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said.lines().findFirst()).contains(here.toString());
        assertThat(said).contains("rel/path.nii.gz").contains("-Ddatman.home=" + here.resolve("state/home"));
    }
}
