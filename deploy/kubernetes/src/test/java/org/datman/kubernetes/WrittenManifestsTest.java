package org.datman.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The committed manifests are those that follow from the code. */
class WrittenManifestsTest {

    @Test
    void theManifestsAreAsTopicsSay() throws IOException {
        // Given, written where that is asked for
        Map<String, String> written = WrittenManifests.all();
        if (Boolean.getBoolean("datman.write")) {
            for (Map.Entry<String, String> file : written.entrySet()) {
                Files.writeString(Path.of(file.getKey()), file.getValue());
            }
        }

        // When
        Map<String, String> committed = new TreeMap<>();
        for (String file : written.keySet()) {
            committed.put(file, Files.readString(Path.of(file)));
        }

        // Then
        assertThat(committed).as("written by -Ddatman.write=true").isEqualTo(written);
    }
}
