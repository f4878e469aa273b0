package org.datman.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesTest {

    @TempDir
    Path folder;

    @Test
    void aFullLogIsSetAsideAndTheOldestGoes() throws IOException {
        // Given
        LogFiles logs = new LogFiles(folder, 10, 2);
        Path log = folder.resolve("qc.log");
        for (String text : new String[] {"the first one\n", "the second one\n", "the third one\n"}) {
            Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            logs.rotate();
        }
        Files.writeString(log, "short\n", StandardOpenOption.APPEND);

        // When
        logs.rotate();

        // Then
        assertThat(log).hasContent("short\n");
        assertThat(folder.resolve("qc.log.1")).hasContent("the third one\n");
        assertThat(folder.resolve("qc.log.2")).hasContent("the second one\n");
        assertThat(folder.resolve("qc.log.3")).doesNotExist();
    }
}
