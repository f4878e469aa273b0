package org.datman.dashboard.projection;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.datman.contracts.event.ConfigurationConfirmed;
import org.datman.contracts.event.ConfigurationRead;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.EventType;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table {@code fact}: the newest event about each subject. */
final class LatestEvents {

    /** A verdict on the same bytes keeps its first time, however often they are measured again. */
    private static final String KEEP = """
            insert into fact (topic, identity, session, scan, rank1, rank2, event_id, said, last_said, payload)
            values (:topic, :identity, :session, :scan, :rank1, :rank2, :eventId, :said, :said, cast(:payload as jsonb))
            on conflict (topic, identity) do update set
                session = excluded.session, scan = excluded.scan, rank1 = excluded.rank1, rank2 = excluded.rank2,
                event_id = excluded.event_id, payload = excluded.payload,
                said = case when fact.event_id = excluded.event_id
                              or (fact.topic = 'qc-complete'
                                  and fact.payload ->> 'inputSha256' = excluded.payload ->> 'inputSha256')
                            then least(fact.said, excluded.said) else excluded.said end,
                last_said = case when fact.event_id = excluded.event_id
                            then greatest(fact.last_said, excluded.last_said) else excluded.last_said end
            where fact.event_id = excluded.event_id
               or (fact.rank1, fact.rank2, fact.last_said) <= (excluded.rank1, excluded.rank2, excluded.last_said)
            """;

    private static final String STORED = "select topic, scan, event_id, said, last_said, payload from fact";
    private static final String OF_SESSION = STORED + " where session = :session";

    private LatestEvents() {}

    /** A stored event. */
    record Stored(String topic, String scan, Recorded<Event> said) {}

    /** Stores the event unless a newer one about the same subject is stored. */
    static void keep(Handle handle, LatestEvent latest) {
        handle.createUpdate(KEEP)
                .bind("topic", latest.topic())
                .bind("identity", latest.identity())
                .bind("session", latest.session())
                .bind("scan", latest.scan())
                .bind("rank1", latest.order().major())
                .bind("rank2", latest.order().minor())
                .bind("eventId", latest.eventId())
                .bind("said", latest.said())
                .bind("payload", withoutNul(new String(EventJson.write(latest.event()), StandardCharsets.UTF_8)))
                .execute();
    }

    /** All latest events of a session, oldest first. */
    static List<Stored> ofSession(Handle handle, String session) {
        return handle.createQuery(OF_SESSION + " order by last_said, event_id")
                .bind("session", session)
                .map(LatestEvents::stored)
                .list();
    }

    /** The latest events of a series, and the sign-offs of its session. */
    static List<Stored> ofSeries(Handle handle, String session, String scan) {
        return handle.createQuery(OF_SESSION
                        + " and (scan = :scan or (scan = '' and topic = 'qc-reviewed')) order by last_said, event_id")
                .bind("session", session)
                .bind("scan", scan)
                .map(LatestEvents::stored)
                .list();
    }

    /** The study configuration as it was last published. */
    static Optional<ConfigurationRead> configuration(Handle handle) {
        return handle.createQuery(STORED + " where topic = 'configuration-read' and identity = 'configuration'")
                .map(LatestEvents::stored)
                .findOne()
                .map(stored -> (ConfigurationRead) stored.said().event());
    }

    /** The confirmation of a held change, when one was given since it is held. */
    static Optional<ConfigurationConfirmed> confirmed(Handle handle, ConfigurationRead.Held held, Instant since) {
        return handle.createQuery(STORED
                        + " where topic = 'configuration-confirmed' and identity = :identity and last_said >= :since")
                .bind("identity", held.study() + "/" + held.change())
                .bind("since", since)
                .map(LatestEvents::stored)
                .findOne()
                .map(stored -> (ConfigurationConfirmed) stored.said().event());
    }

    private static Stored stored(ResultSet row, StatementContext context) throws SQLException {
        String topic = row.getString("topic");
        Class<? extends Event> type = EventType.byTopic(topic)
                .orElseThrow(() -> new IllegalStateException("The table fact has an unknown topic: " + topic))
                .payload();
        try {
            Event event = EventJson.mapper().readValue(row.getString("payload"), type);
            return new Stored(
                    topic,
                    row.getString("scan"),
                    new Recorded<>(
                            event,
                            row.getObject("said", OffsetDateTime.class).toInstant(),
                            row.getObject("last_said", OffsetDateTime.class).toInstant(),
                            row.getObject("event_id", UUID.class)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A stored event of " + topic + " cannot be read", e);
        }
    }

    /** PostgreSQL has no NUL in texts; a header value may. */
    private static String withoutNul(String json) {
        return json.replace("\\u0000", "");
    }
}
