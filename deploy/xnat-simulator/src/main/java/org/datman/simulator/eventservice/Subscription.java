package org.datman.simulator.eventservice;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;

/**
 * A subscription to events.
 *
 * @param actionKey the action: {@code provider:id}
 * @param status of the event, empty for any
 * @param projects ids, empty for all
 * @param owner whose rights the action has
 */
@RecordBuilder
public record Subscription(
        long id,
        String name,
        boolean active,
        String actionKey,
        String eventType,
        String status,
        List<String> projects,
        String owner,
        Instant created)
        implements SubscriptionBuilder.With {

    public Subscription {
        projects = List.copyOf(projects);
    }
}
