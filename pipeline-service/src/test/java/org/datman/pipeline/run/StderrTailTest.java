package org.datman.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StderrTailTest {

    @TempDir
    Path folder;

    @Test
    void theLastLinesAreReportedWithoutFoldersAndColours() throws IOException {
        // Given
        Path log = Files.writeString(
                folder.resolve("log"),
                "x".repeat(20_000) + "\none\n\u001b[31mcannot open /home/jane/T1.nii\u001b[0m\n\n" + "y".repeat(300)
                        + "\nthe end\n");

        // When
        String words = StderrTail.of(log);

        // Then
        assertThat(words).isEqualTo("cannot open T1.nii / " + "y".repeat(200) + "… / the end");
    }

    @Test
    void aToolThatPrintedNothingHasNoLastLines() throws IOException {
        // When
        String words = StderrTail.of(folder.resolve("no-log"));

        // Then
        assertThat(words).isEmpty();
    }
}
