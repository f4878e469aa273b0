package org.datman.kubernetes;

import java.util.List;
import org.datman.contracts.event.EventType;
import org.datman.contracts.topic.Topics;

/**
 * A service whose replicas follow its consumer lag.
 *
 * @param service its name
 * @param topics those of its topics that bring work of seconds or minutes each
 * @param lag records that one replica may have before it
 * @param most number of replicas at most; more than partitions would be idle
 */
record Scaling(String service, List<EventType> topics, int lag, int most) {

    /** All. Tagging takes milliseconds per record, a conversion seconds, a measurement up to minutes. */
    static List<Scaling> all() {
        return List.of(
                new Scaling("tagging", List.of(EventType.SERIES_DISCOVERED), 1000, 3),
                new Scaling(
                        "export",
                        List.of(EventType.SERIES_TAGGED, EventType.RESOURCE_DISCOVERED),
                        20,
                        Topics.DEFAULT_PARTITIONS),
                new Scaling("qc", List.of(EventType.SERIES_EXPORTED), 10, Topics.DEFAULT_PARTITIONS));
    }
}
