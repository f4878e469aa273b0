package org.datman.local.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The channels of a service follow from {@code Topics} and its name; its own settings would win over them. So a service has its own
 * name, and settles nothing of a channel but how many records are handled at a time.
 */
class ServiceSettingsTest {

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "tagging", "export", "qc", "pipeline", "dashboard"})
    void theChannelsOfAServiceAreThoseOfTopics(String service) throws Exception {
        // Given
        Path file = Path.of(
                System.getProperty("datman.root"), service + "-service", "src/main/resources/application.properties");
        Properties settings = new Properties();

        // When
        try (InputStream in = Files.newInputStream(file)) {
            settings.load(in);
        }

        // Then
        assertThat(settings.getProperty("datman.service")).isEqualTo(service);
        List<String> channels = settings.stringPropertyNames().stream()
                .filter(key -> key.contains("mp.messaging."))
                .filter(key -> !key.endsWith(".concurrency"))
                .toList();
        assertThat(channels).isEmpty();
    }
}
