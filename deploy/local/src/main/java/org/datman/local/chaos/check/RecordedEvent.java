package org.datman.local.chaos.check;

import java.util.UUID;
import org.datman.contracts.event.Event;

/**
 * A record of an event topic.
 *
 * @param key Kafka's key
 * @param id the CloudEvents id
 */
public record RecordedEvent(int partition, long offset, String key, UUID id, Event event) {

    String topic() {
        return event.type().topic();
    }

    String place() {
        return topic() + "-" + partition + "@" + offset;
    }
}
