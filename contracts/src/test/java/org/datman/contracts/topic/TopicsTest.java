package org.datman.contracts.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.datman.contracts.event.EventType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TopicsTest {

    private static final Set<String> SERVICES = Set.of("ingest", "tagging", "export", "qc", "pipeline", "dashboard");

    @Test
    void topicNamesAreUniqueAndLegalForKafka() {
        // Given any number of partitions

        // When
        List<String> names = Topics.all(3).stream().map(Topics.Topic::name).toList();

        // Then
        assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z0-9.-]{1,249}"));
    }

    @Test
    void thereIsOneTopicPerTypeAndOneDeadLetterTopicPerConsumer() {
        // Given
        int hearers = Arrays.stream(EventType.values())
                .mapToInt(type -> Topics.consumersOf(type).size())
                .sum();

        // When
        List<Topics.Topic> topics = Topics.all(Topics.DEFAULT_PARTITIONS);

        // Then
        assertThat(topics).hasSize(EventType.values().length + hearers);
        assertThat(topics)
                .filteredOn(topic -> topic.name().endsWith(".dlq"))
                .hasSize(hearers)
                .allSatisfy(topic -> {
                    assertThat(topic.partitions()).isEqualTo(1);
                    assertThat(topic.config())
                            .isEqualTo(Map.of(
                                    "retention.ms",
                                    "31536000000",
                                    "cleanup.policy",
                                    "delete",
                                    "max.message.bytes",
                                    "4194304"));
                });
    }

    @ParameterizedTest
    @EnumSource
    void anEventTopicIsKeptForEverInAsManyPartitionsAsAskedFor(EventType type) {
        // Given
        int partitions = 7;

        // When
        List<Topics.Topic> topics = Topics.all(partitions);

        // Then
        assertThat(topics)
                .contains(new Topics.Topic(
                        type.topic(),
                        7,
                        Map.of("retention.ms", "-1", "cleanup.policy", "delete", "max.message.bytes", "4194304")));
    }

    @ParameterizedTest
    @EnumSource
    void everyEventIsPublishedAndConsumedByServicesThatExistAndShownOnTheDashboard(EventType type) {
        // Given
        List<String> saidBy = Topics.publishersOf(type);

        // When
        List<String> heardBy = Topics.consumersOf(type);

        // Then
        assertThat(SERVICES).containsAll(saidBy).containsAll(heardBy);
        assertThat(saidBy).isNotEmpty().doesNotHaveDuplicates();
        assertThat(heardBy).contains("dashboard").doesNotHaveDuplicates();
    }
}
