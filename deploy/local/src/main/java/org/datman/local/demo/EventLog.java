package org.datman.local.demo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.EventType;

/** The histories of all sessions, read from the beginning of all topics. */
final class EventLog implements AutoCloseable {

    private final KafkaConsumer<String, byte[]> consumer;
    private final SessionHistories histories = new SessionHistories();
    private int unreadable;

    EventLog(String bootstrapServers) {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, "datman-demo-" + UUID.randomUUID());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = Stream.of(EventType.values())
                .flatMap(type -> consumer.partitionsFor(type.topic()).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** The histories read so far; extended by {@link #listen}. */
    SessionHistories histories() {
        return histories;
    }

    int unreadable() {
        return unreadable;
    }

    /** Reads new events for that long; returns the identities of the sessions that had any. */
    Set<String> listen(Duration patience) {
        Set<String> news = new HashSet<>();
        for (ConsumerRecord<String, byte[]> record : consumer.poll(patience)) {
            Map<String, String> headers = new HashMap<>();
            record.headers()
                    .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
            try {
                Envelope<?> envelope = EventJson.read(headers, record.value());
                histories
                        .add(envelope.event(), envelope.time())
                        .ifPresent(history -> news.add(history.session.identity()));
            } catch (EventFormatException e) {
                unreadable++;
            }
        }
        return news;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
