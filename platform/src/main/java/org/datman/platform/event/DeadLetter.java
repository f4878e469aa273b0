package org.datman.platform.event;

import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventType;
import org.datman.contracts.topic.Topics;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jspecify.annotations.Nullable;

/**
 * A record that could not be processed: unchanged, with headers for its origin and the reason. Of a record that leaves no room
 * for those headers only the head is stored; the complete record stays in its topic, as event topics are kept forever.
 *
 * @param topic the dead-letter topic of topic and service
 * @param key the record's key; empty when it had none
 * @param headers the record's own, and {@code dead-letter-…}
 * @param value the record's value, or its head
 * @param whole whether the value is complete
 * @param place origin of the record, if it came from Kafka: {@code topic-partition@offset}
 */
record DeadLetter(
        String topic,
        String key,
        Map<String, String> headers,
        byte[] value,
        boolean whole,
        @Nullable String place) {

    /** How much of a record that is too large is kept, in bytes. */
    static final int HEAD = 64 * 1024;

    private static final int LARGEST = Topics.MOST_BYTES - 128 * 1024;
    private static final int LONGEST_HEADER = 4 * 1024;

    static DeadLetter of(Message<byte[]> message, Class<? extends Event> type, String service, String why) {
        byte[] value = message.getPayload() == null ? new byte[0] : message.getPayload();
        boolean whole = value.length + size(message) <= LARGEST;
        Map<String, String> headers = new LinkedHashMap<>();
        metadata(message).ifPresent(metadata -> {
            for (Header header : metadata.getHeaders()) {
                if (header.value() != null && (whole || header.value().length <= LONGEST_HEADER)) {
                    headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
                }
            }
            headers.put("dead-letter-topic", metadata.getTopic());
            headers.put("dead-letter-partition", Integer.toString(metadata.getPartition()));
            headers.put("dead-letter-offset", Long.toString(metadata.getOffset()));
        });
        headers.put("dead-letter-reason", why);
        headers.put("dead-letter-size", Integer.toString(value.length));
        return new DeadLetter(
                Topics.deadLetterTopic(EventType.of(type), service),
                metadata(message)
                        .map(IncomingKafkaRecordMetadata::getKey)
                        .map(String::valueOf)
                        .orElse(""),
                headers,
                whole ? value : Arrays.copyOf(value, Math.min(HEAD, value.length)),
                whole,
                place(message).orElse(null));
    }

    /** Position of a record, if it came from Kafka. */
    static Optional<String> place(Message<?> message) {
        return metadata(message).map(m -> m.getTopic() + "-" + m.getPartition() + "@" + m.getOffset());
    }

    Optional<String> findPlace() {
        return Optional.ofNullable(place);
    }

    /** Where the record is, as text for people. */
    String location() {
        return whole
                ? "it is stored unchanged on the dead-letter topic " + topic
                : "it is too large to be copied: the first " + value.length + " of " + headers.get("dead-letter-size")
                        + " bytes are on the dead-letter topic " + topic + ", all of it at "
                        + findPlace().orElse("its place");
    }

    /** The same when Kafka rejected this dead letter. */
    String onlyAtItsOrigin() {
        return "Kafka rejects it on the dead-letter topic " + topic + ", so it is only at "
                + findPlace().orElse("its place");
    }

    private static int size(Message<byte[]> message) {
        int size = 0;
        Optional<IncomingKafkaRecordMetadata<?, ?>> metadata = metadata(message);
        if (metadata.isPresent()) {
            for (Header header : metadata.get().getHeaders()) {
                size += header.key().length() + (header.value() == null ? 0 : header.value().length);
            }
        }
        return size;
    }

    private static Optional<IncomingKafkaRecordMetadata<?, ?>> metadata(Message<?> message) {
        return message.getMetadata(IncomingKafkaRecordMetadata.class).map(m -> (IncomingKafkaRecordMetadata<?, ?>) m);
    }
}
