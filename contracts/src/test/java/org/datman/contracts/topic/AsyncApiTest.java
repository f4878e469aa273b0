package org.datman.contracts.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventType;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.event.SessionSettledBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The AsyncAPI document agrees with the code. */
class AsyncApiTest {

    private static final JsonNode DOCUMENT = read();

    @Test
    void theChannelsAreTheTopics() {
        // Given
        List<String> topics = new ArrayList<>();
        for (EventType type : EventType.values()) {
            topics.add(type.topic());
        }

        // When
        List<String> channels = names(DOCUMENT.path("channels"));

        // Then
        assertThat(channels).isEqualTo(topics);
        assertThat(names(DOCUMENT.at("/components/messages"))).isEqualTo(topics);
    }

    @ParameterizedTest
    @EnumSource
    void aChannelIsItsTopicAsTheDeploymentCreatesIt(EventType type) {
        // Given
        Topics.Topic topic = Topics.all(Topics.DEFAULT_PARTITIONS).stream()
                .filter(candidate -> candidate.name().equals(type.topic()))
                .findFirst()
                .orElseThrow();

        // When
        JsonNode channel = DOCUMENT.path("channels").path(type.topic());

        // Then
        JsonNode kafka = channel.at("/bindings/kafka");
        assertThat(channel.path("address").asText()).isEqualTo(topic.name());
        assertThat(kafka.path("topic").asText()).isEqualTo(topic.name());
        assertThat(kafka.path("partitions").asInt()).isEqualTo(topic.partitions());
        assertThat(kafka.at("/topicConfiguration/retention.ms").asText())
                .isEqualTo(topic.config().get("retention.ms"));
        assertThat(kafka.at("/topicConfiguration/cleanup.policy/0").asText())
                .isEqualTo(topic.config().get("cleanup.policy"));
        assertThat(channel.at("/messages/" + type.topic() + "/$ref").asText())
                .isEqualTo("#/components/messages/" + type.topic());
    }

    @ParameterizedTest
    @EnumSource
    void aMessageHasItsTypeItsSchemaAndItsKey(EventType type) {
        // Given
        JsonNode messages = DOCUMENT.at("/components/messages");

        // When
        JsonNode message = messages.path(type.topic());

        // Then
        String schema = message.at("/payload/schema/$ref").asText();
        assertThat(message.path("name").asText()).isEqualTo(type.typeName());
        assertThat(message.at("/headers/allOf/1/properties/ce_type/const").asText())
                .isEqualTo(type.typeName());
        assertThat(message.at("/headers/allOf/1/properties/ce_dataschema/const").asText())
                .isEqualTo(type.dataSchema());
        assertThat(schema).isEqualTo(type.schemaResource());
        assertThat(getClass().getClassLoader().getResource(schema)).isNotNull();
        assertThat(message.at("/bindings/kafka/key/type").asText()).isEqualTo("string");
    }

    @Test
    void theOperationsAreWhatEachServicePublishesAndConsumes() {
        // Given
        Set<String> expected = new TreeSet<>();
        for (EventType type : EventType.values()) {
            Topics.publishersOf(type).forEach(service -> expected.add(service + " send #/channels/" + type.topic()));
            Topics.consumersOf(type).forEach(service -> expected.add(service + " receive #/channels/" + type.topic()));
        }

        // When
        Set<String> operations = new TreeSet<>();
        DOCUMENT.path("operations")
                .forEach(
                        operation -> operations.add(operation.at("/tags/0/name").asText() + " "
                                + operation.path("action").asText() + " "
                                + operation.at("/channel/$ref").asText()));

        // Then
        assertThat(operations).isEqualTo(expected);
        assertThat(DOCUMENT.path("operations")).hasSize(expected.size());
    }

    @Test
    void theHeadersAreThoseOfTheEnvelope() {
        // Given
        Instant time = Instant.parse("2026-11-02T09:14:05Z");
        SessionSettled event = SessionSettledBuilder.builder()
                .session(new SessionRef("lab", "E1"))
                .settleRevision(1)
                .cause(SessionSettled.Cause.QUIET)
                .series(List.of())
                .resources(0)
                .firstSeen(time)
                .lastChange(time)
                .build();
        Envelope<SessionSettled> full = new Envelope<>(
                Envelope.first(event, "/x", time).id(), "/x", time, "c", Optional.of("c"), Optional.of("t"), event);

        // When
        JsonNode headers = DOCUMENT.at("/components/schemas/cloudEvent");

        // Then
        assertThat(names(headers.path("properties")))
                .containsExactlyInAnyOrderElementsOf(full.headers().keySet());
        assertThat(StreamSupport.stream(headers.path("required").spliterator(), false)
                        .map(JsonNode::asText))
                .containsExactly("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time");
    }

    private static JsonNode read() {
        try (InputStream in = AsyncApiTest.class.getResourceAsStream("/asyncapi.yaml")) {
            Map<String, Object> document = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
            JsonNode tree = new ObjectMapper().valueToTree(document);
            assertThat(tree.path("asyncapi").asText()).isEqualTo("3.0.0");
            return tree;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
