package org.datman.ingest.diff;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.datman.contracts.event.SeriesAssigned;
import org.datman.contracts.event.SeriesAssigned.Assigned;
import org.datman.contracts.event.SeriesDiscovered;

/**
 * Which series of a session a person's assignments are about. An assignment belongs to the SeriesInstanceUID that the series had,
 * and not to a scan: sent again as another scan the series keeps it, and another series that comes as its scan does not get it.
 * Of scans that share a UID it belongs to the one that was named, while there is one. A UID that is not known counts as the same, within the
 * session. Pure.
 */
public final class Assignments {

    private final List<SeriesAssigned> newestFirst;
    private final Collection<SeriesDiscovered> series;

    /**
     * @param assignments the latest about each series of the session
     * @param series all series that the session has
     */
    public Assignments(Collection<SeriesAssigned> assignments, Collection<SeriesDiscovered> series) {
        this.newestFirst = assignments.stream()
                .sorted(Comparator.comparing(SeriesAssigned::time)
                        .thenComparing(SeriesAssigned::identity)
                        .reversed())
                .toList();
        this.series = List.copyOf(series);
    }

    /** What stands about a series. */
    public Optional<Assigned> of(SeriesDiscovered one) {
        return latest(assignment -> isOfScan(assignment, one))
                .or(() -> latest(assignment ->
                        isSameUid(assignment, one) && series.stream().noneMatch(other -> isOfScan(assignment, other))))
                .flatMap(SeriesAssigned::standing);
    }

    private Optional<SeriesAssigned> latest(Predicate<SeriesAssigned> condition) {
        return newestFirst.stream().filter(condition).findFirst();
    }

    private static boolean isOfScan(SeriesAssigned assignment, SeriesDiscovered one) {
        return assignment.session().equals(one.session())
                && assignment.scan().equals(one.scan())
                && (assignment.uid().isEmpty() || one.uid().isEmpty() || isSameUid(assignment, one));
    }

    private static boolean isSameUid(SeriesAssigned assignment, SeriesDiscovered one) {
        return assignment.uid().isPresent() && assignment.uid().equals(one.uid());
    }
}
