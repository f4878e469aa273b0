package org.datman.pipeline.boutiques;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolsTest {

    @TempDir
    Path folder;

    private Path studies;
    private Path brought;
    private Tools tools;

    @BeforeEach
    void folders() throws IOException {
        studies = Files.createDirectory(folder.resolve("studies"));
        brought = Files.createDirectory(folder.resolve("pipelines"));
        tools = new Tools(
                new SmallRyeConfigBuilder()
                        .withDefaultValue("datman.pipelines.descriptors", brought.toString())
                        .build(),
                studies);
    }

    /** {@code ./datman pipeline add} copies a tool beside the studies, {@code ./datman demo} brings the same. */
    @Test
    void theCopyThatALabChangedIsUsedAndNotTheOneOfTheInstallation() throws Exception {
        // Given
        descriptor(brought, "1.0");
        String before = tools.load("t/t.json").descriptor().toolVersion();
        descriptor(studies, "1.0-lab");

        // When
        String after = tools.load("t/t.json").descriptor().toolVersion();

        // Then
        assertThat(before).isEqualTo("1.0");
        assertThat(after).isEqualTo("1.0-lab");
    }

    @Test
    void whatIsInNoFolderIsRefused() {
        // When, then
        assertThatThrownBy(() -> tools.load("t/t.json"))
                .isInstanceOf(DescriptorException.class)
                .hasMessageContaining("does not exist");
    }

    private static void descriptor(Path folder, String version) throws IOException {
        Path file = folder.resolve("t/t.json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, """
                {"schema-version": "0.5", "name": "t", "tool-version": "%s", "command-line": "true",
                 "inputs": [{"id": "image", "name": "image", "type": "File"}],
                 "output-files": [{"id": "out", "name": "out", "path-template": "out.txt"}]}""".formatted(version));
    }
}
