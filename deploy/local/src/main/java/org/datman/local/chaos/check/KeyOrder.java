package org.datman.local.chaos.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.datman.local.chaos.check.Violation.Kind;

/** All events with one key are in one partition of their topic, and those about one thing in the order of their revisions. */
final class KeyOrder {

    private KeyOrder() {}

    static List<Violation> in(RecordedHistory history) {
        List<Violation> violations = new ArrayList<>();
        Map<String, Integer> partitions = new HashMap<>();
        Map<String, RecordedEvent> newest = new HashMap<>();
        Set<UUID> seen = new HashSet<>();
        for (RecordedEvent event : history.events()) {
            Integer partition = partitions.putIfAbsent(event.topic() + " " + event.key(), event.partition());
            if (partition != null && partition != event.partition()) {
                violations.add(new Violation(
                        Kind.ORDER, event.place(), "key " + event.key() + " is in partition " + partition + ", too"));
            }
            // A record that is sent again after a crash stands behind newer ones, and its consumers know its id.
            if (!seen.add(event.id())) {
                continue;
            }
            String about = event.topic() + " " + event.event().identity();
            RecordedEvent before = newest.get(about);
            if (before != null
                    && event.event().order().isOlderThan(before.event().order())) {
                violations.add(new Violation(
                        Kind.ORDER,
                        event.place(),
                        event.event().identity() + " is older (" + event.event().order() + ") than " + before.place()
                                + " (" + before.event().order() + ")"));
            } else {
                newest.put(about, event);
            }
        }
        return violations;
    }
}
