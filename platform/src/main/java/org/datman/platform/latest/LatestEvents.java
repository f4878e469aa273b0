package org.datman.platform.latest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.EventType;
import org.datman.contracts.event.ScanId;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.StudyConfiguration;

/**
 * The table {@code latest_event}: the latest event about each thing, whatever the order in which events arrive. Of two events about one thing,
 * that with the larger {@link Event#order()} is newer; of equal ones, that which was published later. All methods work in the current transaction.
 *
 * <p>SQL through JDBC: the comparison must be atomic with the write, so that two consumers cannot overwrite each other's event, which is an upsert
 * with a condition; and this module runs in services without a database, too.
 */
@ApplicationScoped
public class LatestEvents {

    /** A verdict on the same bytes keeps its first time, however often they are measured again. */
    private static final String STORE_IF_NEWER = """
            insert into latest_event as known
                (topic, identity, session, scan, major, minor, event_id, published, last_published, payload)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)
            on conflict (topic, identity) do update set
                session = excluded.session, scan = excluded.scan, major = excluded.major, minor = excluded.minor,
                event_id = excluded.event_id, payload = excluded.payload,
                published = case when known.event_id = excluded.event_id
                              or (known.topic = 'qc-complete'
                                  and known.payload ->> 'inputSha256' = excluded.payload ->> 'inputSha256')
                            then least(known.published, excluded.published) else excluded.published end,
                last_published = case when known.event_id = excluded.event_id
                            then greatest(known.last_published, excluded.last_published)
                            else excluded.last_published end
            where (known.major, known.minor) < (excluded.major, excluded.minor)
                or ((known.major, known.minor) = (excluded.major, excluded.minor)
                    and (known.event_id = excluded.event_id or known.last_published <= excluded.last_published))
            """;

    /** PostgreSQL has no NUL in texts; the header of an image may. An escaped backslash before {@code u0000} is none. */
    private static final Pattern NUL = Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000");

    private static final int AT_ONCE = 500;

    private final Instance<DataSource> dataSource;

    LatestEvents(Instance<DataSource> dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Stores an event unless a newer one about the same thing is stored.
     *
     * @return whether it is the latest now
     */
    public boolean storeIfNewer(Envelope<?> envelope) {
        return storeIfNewer(envelope, envelope.event().identity());
    }

    /**
     * Stores an event unless a newer one about the same thing is stored.
     *
     * @param thing what is to be compared with what, where that is finer than {@link Event#identity()}, with which it begins
     * @return whether it is the latest now
     */
    public boolean storeIfNewer(Envelope<?> envelope, String thing) {
        Event event = envelope.event();
        return withStatement(STORE_IF_NEWER, statement -> {
            OffsetDateTime published = envelope.time().atOffset(ZoneOffset.UTC);
            String json = new String(EventJson.write(event), StandardCharsets.UTF_8);
            statement.setString(1, event.type().topic());
            statement.setString(2, thing);
            statement.setString(3, event.sessionRef().map(SessionRef::identity).orElse(""));
            statement.setString(4, event.scanId().map(ScanId::text).orElse(""));
            statement.setLong(5, event.order().major());
            statement.setLong(6, event.order().minor());
            statement.setObject(7, envelope.id());
            statement.setObject(8, published);
            statement.setObject(9, published);
            statement.setString(10, NUL.matcher(json).replaceAll("$1"));
            return statement.executeUpdate() == 1;
        });
    }

    /** Whether a newer event about the same thing is stored, by its order alone. */
    public boolean isOutdated(Event event) {
        return withStatement(
                "select 1 from latest_event where topic = ? and identity = ? and (major, minor) > (?, ?)",
                statement -> {
                    statement.setString(1, event.type().topic());
                    statement.setString(2, event.identity());
                    statement.setLong(3, event.order().major());
                    statement.setLong(4, event.order().minor());
                    try (ResultSet rows = statement.executeQuery()) {
                        return rows.next();
                    }
                });
    }

    /**
     * The latest event about a thing.
     *
     * @throws IllegalStateException when it was stored in a form that this program cannot read any more
     */
    public <E extends Event> Optional<E> find(Class<E> type, String thing) {
        return read(type, "identity = ?", thing).stream().findFirst();
    }

    /**
     * The latest events of a type about a session, by identity.
     *
     * @throws IllegalStateException when one was stored in a form that this program cannot read any more
     */
    public <E extends Event> List<E> ofSession(Class<E> type, SessionRef session) {
        return read(type, "session = ?", session.identity());
    }

    /**
     * The latest events of some types about some sessions, of each by identity.
     *
     * @throws IllegalStateException when one was stored in a form that this program cannot read any more
     */
    public Map<SessionRef, List<Event>> ofSessions(Collection<EventType> types, Collection<SessionRef> sessions) {
        Map<String, SessionRef> wanted = new HashMap<>();
        sessions.forEach(session -> wanted.put(session.identity(), session));
        String query = "select session, topic, payload from latest_event where session = any (?) and topic = any (?)"
                + " order by identity";
        return withStatement(query, statement -> {
            Connection connection = statement.getConnection();
            statement.setArray(
                    1, connection.createArrayOf("text", wanted.keySet().toArray()));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "text", types.stream().map(EventType::topic).toArray()));
            Map<SessionRef, List<Event>> events = new HashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Class<? extends Event> type =
                            EventType.byTopic(rows.getString(2)).orElseThrow().payload();
                    events.computeIfAbsent(wanted.get(rows.getString(1)), session -> new ArrayList<>())
                            .add(read(rows.getString(3), type));
                }
            }
            return events;
        });
    }

    /**
     * The latest events about things whose name begins so, by identity; of types with few events.
     *
     * @throws IllegalStateException when one was stored in a form that this program cannot read any more
     */
    public <E extends Event> List<E> beginningWith(Class<E> type, String thing) {
        return read(type, "starts_with(identity, ?)", thing);
    }

    /**
     * The latest events of which a text has one of these values, by identity; of types with few events.
     *
     * @param field of the event
     * @throws IllegalStateException when one was stored in a form that this program cannot read any more
     */
    public <E extends Event> List<E> having(Class<E> type, String field, Collection<String> values) {
        String query = "select payload from latest_event where topic = ? and payload ->> ? = any (?) order by identity";
        return withStatement(query, statement -> {
            statement.setString(1, EventType.of(type).topic());
            statement.setString(2, field);
            statement.setArray(3, statement.getConnection().createArrayOf("text", values.toArray()));
            return events(statement, type);
        });
    }

    /**
     * The sessions whose name begins so, by name. A service that asks has an index over
     * {@code ((payload ->> 'name') collate "C")} of the topic.
     *
     * @param prefix ends with {@code _}
     * @throws IllegalStateException when one was stored in a form that this program cannot read any more
     */
    public List<SessionDiscovered> sessionsNamed(String prefix) {
        String query = """
                select payload from latest_event where topic = 'session-discovered'
                and (payload ->> 'name') collate "C" >= ? and (payload ->> 'name') collate "C" < ?
                order by (payload ->> 'name') collate "C", identity
                """;
        return withStatement(query, statement -> {
            statement.setString(1, prefix);
            // The character after _
            statement.setString(2, prefix.substring(0, prefix.length() - 1) + "`");
            return events(statement, SessionDiscovered.class);
        });
    }

    /**
     * The sessions of a study that have a name and were not deleted.
     *
     * @throws IllegalStateException when one was stored in a form that this program cannot read any more
     */
    public List<SessionDiscovered> sessionsOf(StudyConfiguration study) {
        return study.sitesByCode().keySet().stream()
                .flatMap(code -> sessionsNamed(code + "_").stream())
                .filter(session -> session.status() != SessionDiscovered.Status.DELETED
                        && session.study().filter(study.code()::equals).isPresent())
                .toList();
    }

    /**
     * The latest events of a type about all things, one after the other; of very many, few are in memory at a time.
     *
     * @throws IllegalStateException when one was stored in a form that this program cannot read any more
     */
    public <E extends Event> void all(Class<E> type, Consumer<E> each) {
        withStatement("select payload from latest_event where topic = ?", statement -> {
            statement.setFetchSize(AT_ONCE);
            statement.setString(1, EventType.of(type).topic());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    each.accept(read(rows.getString(1), type));
                }
            }
            return true;
        });
    }

    private <E extends Event> List<E> read(Class<E> type, String condition, String value) {
        String query = "select payload from latest_event where topic = ? and " + condition + " order by identity";
        return withStatement(query, statement -> {
            statement.setString(1, EventType.of(type).topic());
            statement.setString(2, value);
            return events(statement, type);
        });
    }

    private static <E extends Event> List<E> events(PreparedStatement statement, Class<E> type) throws SQLException {
        List<E> events = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                events.add(read(rows.getString(1), type));
            }
        }
        return events;
    }

    private static <E extends Event> E read(String json, Class<E> type) {
        try {
            return EventJson.read(json.getBytes(StandardCharsets.UTF_8), type);
        } catch (EventFormatException e) {
            throw new IllegalStateException("A stored " + type.getSimpleName() + " cannot be read any more", e);
        }
    }

    private interface Work<T> {
        T with(PreparedStatement statement) throws SQLException;
    }

    private <T> T withStatement(String sql, Work<T> work) {
        try (Connection connection = dataSource.get().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            return work.with(statement);
        } catch (SQLException e) {
            throw new IllegalStateException("The table latest_event could not be read or written", e);
        }
    }
}
