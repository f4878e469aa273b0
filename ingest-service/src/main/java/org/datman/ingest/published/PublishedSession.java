package org.datman.ingest.published;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.SeriesAssigned;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SessionDiscovered;
import org.jspecify.annotations.Nullable;

/**
 * The last published events of a session.
 *
 * @param last about the session itself; null when nothing was published
 * @param series by scan id, including removed ones
 * @param resources by event identity, including removed ones
 * @param assignments what persons assigned to its series, the latest about each
 */
public record PublishedSession(
        @Nullable SessionDiscovered last,
        Map<String, SeriesDiscovered> series,
        Map<String, ResourceDiscovered> resources,
        List<SeriesAssigned> assignments) {

    public static final PublishedSession NOTHING = new PublishedSession(null, Map.of(), Map.of(), List.of());

    /** The last event about the session itself. */
    public Optional<SessionDiscovered> session() {
        return Optional.ofNullable(last);
    }

    /** The same after further events were published. */
    public PublishedSession with(
            @Nullable SessionDiscovered newer,
            List<SeriesDiscovered> newerSeries,
            List<ResourceDiscovered> newerResources) {
        Map<String, SeriesDiscovered> allSeries = new TreeMap<>(series);
        newerSeries.forEach(one -> allSeries.put(one.scan(), one));
        Map<String, ResourceDiscovered> allResources = new TreeMap<>(resources);
        newerResources.forEach(one -> allResources.put(one.identity(), one));
        return new PublishedSession(newer == null ? last : newer, allSeries, allResources, assignments);
    }

    /** The same with what persons assigned. */
    public PublishedSession withAssignments(List<SeriesAssigned> assigned) {
        return new PublishedSession(last, series, resources, List.copyOf(assigned));
    }

    /** The series that XNAT still has. */
    public List<SeriesDiscovered> presentSeries() {
        return series.values().stream()
                .filter(one -> one.status() != SeriesDiscovered.Status.REMOVED)
                .toList();
    }

    /** The paired data that XNAT still has. */
    public List<ResourceDiscovered> presentResources() {
        return resources.values().stream().filter(one -> !one.removed()).toList();
    }
}
