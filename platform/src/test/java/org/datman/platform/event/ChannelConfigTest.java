package org.datman.platform.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class ChannelConfigTest {

    private static final String INCOMING = "mp.messaging.incoming.";
    private static final int APPLICATION_PROPERTIES = 250;
    private static final int ENVIRONMENT = 300;

    @Test
    void everyTopicThatAServiceConsumesIsAChannelWithADeadLetterTopicOfTheService() {
        // Given
        Map<String, String> service = Map.of("datman.service", "tagging");

        // When
        SmallRyeConfig config = config(service, Map.of());

        // Then
        Map<String, String> channels = StreamSupport.stream(
                        config.getPropertyNames().spliterator(), false)
                .filter(name -> name.startsWith(INCOMING))
                .collect(Collectors.toMap(name -> name, name -> config.getValue(name, String.class)));
        assertThat(channels)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        INCOMING + "series-discovered.connector", "smallrye-kafka",
                        INCOMING + "series-discovered.topic", "series-discovered",
                        INCOMING + "series-discovered.group.id", "datman-tagging.series-discovered",
                        INCOMING + "series-discovered.failure-strategy", "dead-letter-queue",
                        INCOMING + "series-discovered.dead-letter-queue.topic", "series-discovered.tagging.dlq"));
    }

    @Test
    void theFilesOfAServiceAndTheEnvironmentOverrideIt() {
        // Given
        Map<String, String> service = Map.of(
                "datman.service",
                "export",
                INCOMING + "series-tagged.concurrency",
                "2",
                INCOMING + "series-tagged.topic",
                "of-the-service",
                INCOMING + "session-settled.topic",
                "of-the-service");
        Map<String, String> environment = Map.of(
                "MP_MESSAGING_INCOMING_SERIES_TAGGED_TOPIC", "of-the-environment",
                "MP_MESSAGING_INCOMING_SERIES_TAGGED_GROUP_ID", "of-the-environment");

        // When
        SmallRyeConfig config = config(service, environment);

        // Then
        assertThat(config.getValue(INCOMING + "series-tagged.concurrency", int.class))
                .isEqualTo(2);
        assertThat(config.getValue(INCOMING + "session-settled.topic", String.class))
                .isEqualTo("of-the-service");
        assertThat(config.getValue(INCOMING + "series-tagged.topic", String.class))
                .isEqualTo("of-the-environment");
        assertThat(config.getValue(INCOMING + "series-tagged.group.id", String.class))
                .isEqualTo("of-the-environment");
        assertThat(config.getValue(INCOMING + "series-tagged.connector", String.class))
                .isEqualTo("smallrye-kafka");
    }

    @Test
    void aServiceOfWhichTopicsKnowsNothingDoesNotStart() {
        // Given
        Map<String, String> misspelt = Map.of("datman.service", "tagger");

        // When / Then
        assertThatThrownBy(() -> config(misspelt, Map.of()))
                .hasStackTraceContaining("datman.service is 'tagger'")
                .hasStackTraceContaining("Correct the name");
    }

    private static SmallRyeConfig config(Map<String, String> application, Map<String, String> environment) {
        return new SmallRyeConfigBuilder()
                .withSources(new ChannelConfig())
                .withSources(new PropertiesConfigSource(application, "application.properties", APPLICATION_PROPERTIES))
                .withSources(new EnvConfigSource(environment, ENVIRONMENT))
                .build();
    }
}
