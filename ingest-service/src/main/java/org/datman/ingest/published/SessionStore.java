package org.datman.ingest.published;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.SeriesAssigned;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.platform.event.EventPublisher;
import org.datman.platform.latest.LatestEvents;

/** Stores the last published state. All methods need a transaction. */
@ApplicationScoped
public class SessionStore {

    private final SessionStateRows rows;
    private final LatestEvents latest;
    private final EventPublisher publisher;

    SessionStore(SessionStateRows rows, LatestEvents latest, EventPublisher publisher) {
        this.rows = rows;
        this.latest = latest;
        this.publisher = publisher;
    }

    /** The session's state; empty when it was never seen. */
    public Optional<SessionState> state(SessionRef ref) {
        return rows.findByIdOptional(ref.identity()).map(SessionStateRow::state);
    }

    /** The session's state, locked for this transaction. */
    public Optional<SessionState> lock(SessionRef ref) {
        return rows.findByIdOptional(ref.identity(), LockModeType.PESSIMISTIC_WRITE)
                .map(SessionStateRow::state);
    }

    /** The sessions of a server whose quiet period is over. */
    public List<SessionRef> due(String server, Instant now) {
        return rows.list("settleAt <= ?1 and deleted = false and server = ?2", now, server).stream()
                .map(SessionStateRow::ref)
                .toList();
    }

    /** The sessions that exist. */
    public List<SessionRef> present() {
        return rows.list("deleted = false").stream().map(SessionStateRow::ref).toList();
    }

    /** How many sessions exist that are known under other server names than this one, by that name. */
    public Map<String, Long> ofOtherServers(String server) {
        return rows.getEntityManager()
                .createQuery(
                        "select server, count(*) from SessionStateRow"
                                + " where deleted = false and server <> :server group by server",
                        Object[].class)
                .setParameter("server", server)
                .getResultStream()
                .collect(Collectors.toMap(row -> (String) row[0], row -> (Long) row[1], Long::sum, TreeMap::new));
    }

    /** When each session was first seen, by its identity. */
    public Map<String, Instant> firstSeen() {
        return rows.getEntityManager()
                .createQuery("select id, firstSeen from SessionStateRow where deleted = false", Object[].class)
                .getResultStream()
                .collect(Collectors.toMap(row -> (String) row[0], row -> (Instant) row[1]));
    }

    /** What was last published about the session itself. */
    public Optional<SessionDiscovered> session(SessionRef ref) {
        return latest.find(SessionDiscovered.class, ref.identity());
    }

    /** The last published events of a session. */
    public PublishedSession stored(SessionRef ref) {
        return session(ref)
                .map(session -> {
                    List<SeriesDiscovered> series = series(ref);
                    Set<String> uids =
                            series.stream().flatMap(one -> one.uid().stream()).collect(Collectors.toSet());
                    return PublishedSession.NOTHING
                            .with(session, series, latest.ofSession(ResourceDiscovered.class, ref))
                            .withAssignments(assignments(ref, session.project(), uids));
                })
                .orElseGet(() -> PublishedSession.NOTHING.withAssignments(latest.ofSession(SeriesAssigned.class, ref)));
    }

    /**
     * What persons assigned to the series of a session. What was assigned to a series of another session of the project comes along when this one
     * has it: a session that is deleted and created again has other ids, and its series keep their SeriesInstanceUIDs.
     *
     * @param uids SeriesInstanceUIDs of the session's series
     */
    public List<SeriesAssigned> assignments(SessionRef ref, String project, Set<String> uids) {
        List<SeriesAssigned> all = new ArrayList<>(latest.ofSession(SeriesAssigned.class, ref));
        Set<String> open = new HashSet<>(uids);
        all.forEach(own -> own.uid().ifPresent(open::remove));
        if (open.isEmpty()) {
            return all;
        }
        latest.having(SeriesAssigned.class, "uid", open).stream()
                .filter(other -> !other.session().equals(ref)
                        && other.session().server().equals(ref.server())
                        && session(other.session())
                                .filter(session -> session.project().equals(project))
                                .isPresent())
                .forEach(all::add);
        return all;
    }

    /** Whether another session of the same name, which XNAT has, has a series with this SeriesInstanceUID. */
    public boolean isElsewhere(SessionDiscovered session, String uid) {
        return session
                .name()
                .map(name -> latest.sessionsNamed(name.substring(0, name.lastIndexOf('_') + 1)))
                .orElse(List.of())
                .stream()
                .filter(other -> other.name().equals(session.name())
                        && other.project().equals(session.project())
                        && !other.session().equals(session.session())
                        && other.status() != SessionDiscovered.Status.DELETED)
                .flatMap(other -> series(other.session()).stream())
                .anyMatch(series -> series.status() != SeriesDiscovered.Status.REMOVED
                        && series.uid().filter(uid::equals).isPresent());
    }

    /** Stores what a person assigned to a series, unless a later assignment is stored. */
    public void storeAssignment(Envelope<SeriesAssigned> assigned) {
        latest.storeIfNewer(assigned);
    }

    /** The series of a session as last published, including removed ones. */
    public List<SeriesDiscovered> series(SessionRef ref) {
        return latest.ofSession(SeriesDiscovered.class, ref);
    }

    /** The series of all sessions as last published, including removed ones, one after the other: there may be very many. */
    public void allSeries(Consumer<SeriesDiscovered> each) {
        latest.all(SeriesDiscovered.class, each);
    }

    /** Stores the state of a session. */
    public void store(SessionState state) {
        rows.findByIdOptional(state.ref().identity())
                .ifPresentOrElse(row -> row.store(state), () -> rows.persist(new SessionStateRow(state)));
    }

    /**
     * Stores what is published of a session.
     *
     * @throws IllegalStateException when an event of a later time is stored: the session is to be read again
     */
    public void store(Event published) {
        if (!latest.storeIfNewer(publisher.first(published))) {
            // The session is read again; a state that is stored nowhere would be published as new each time.
            throw new IllegalStateException(
                    "The clock is behind that of the last publication of " + published.identity());
        }
    }
}
