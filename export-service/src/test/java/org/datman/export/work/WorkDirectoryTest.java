package org.datman.export.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.datman.platform.archive.Archive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {

    @TempDir
    Path folder;

    @Test
    void aLeftoverThatCannotBeClearedKeepsNoneOfTheOthers() throws IOException {
        // Given a folder on either side of the deletable one, because their order is unknown
        for (String name : new String[] {"a", "z"}) {
            Files.createDirectories(folder.resolve("scratch/" + name + "/.lock"));
        }
        Files.createDirectories(folder.resolve("scratch/m"));
        Files.writeString(folder.resolve("scratch/m/.lock"), "");
        Files.writeString(folder.resolve("scratch/m/left.dcm"), "left");
        WorkDirectory workDirectory =
                new WorkDirectory(Optional.of(folder.resolve("scratch")), new Archive(folder.resolve("archive")));

        // When
        workDirectory.clearLeftovers();

        // Then
        assertThat(folder.resolve("scratch/m")).doesNotExist();
        assertThat(folder.resolve("scratch/a")).exists();
    }
}
