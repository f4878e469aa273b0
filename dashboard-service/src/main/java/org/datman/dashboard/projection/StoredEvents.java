package org.datman.dashboard.projection;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import org.datman.contracts.event.PipelinePaused;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** Reads the table {@code latest_event}, which the platform writes: all of a session at once, for its derived rows. */
final class StoredEvents {

    private static final String STORED =
            "select topic, scan, event_id, published, last_published, payload from latest_event";
    private static final String OF_SESSION = STORED + " where session = :session";

    private StoredEvents() {}

    /** A stored event. */
    record Stored(String topic, String scan, Recorded<Event> recorded) {}

    /** All latest events of a session, oldest first. */
    static List<Stored> ofSession(Handle handle, String session) {
        return handle.createQuery(OF_SESSION + " order by last_published, event_id")
                .bind("session", session)
                .map(StoredEvents::stored)
                .list();
    }

    /** The latest events of a series, and the sign-offs of its session. */
    static List<Stored> ofSeries(Handle handle, String session, String scan) {
        return handle.createQuery(
                        OF_SESSION
                                + " and (scan = :scan or (scan = '' and topic = 'qc-reviewed')) order by last_published, event_id")
                .bind("session", session)
                .bind("scan", scan)
                .map(StoredEvents::stored)
                .list();
    }

    /** The study configuration as it was last published. */
    static Optional<ConfigurationRead> configuration(Handle handle) {
        return handle.createQuery(STORED + " where topic = 'configuration-read' and identity = 'configuration'")
                .map(StoredEvents::stored)
                .findOne()
                .map(stored -> (ConfigurationRead) stored.recorded().event());
    }

    /** What people last decided about pausing the pipelines of a study. */
    static List<PipelinePaused> pauses(Handle handle, String study) {
        return handle.createQuery(STORED + " where topic = 'pipeline-paused' and payload ->> 'study' = :study")
                .bind("study", study)
                .map(StoredEvents::stored)
                .map(stored -> (PipelinePaused) stored.recorded().event())
                .list();
    }

    /** The confirmation of a held change, when one was given since it is held. */
    static Optional<ConfigurationConfirmed> confirmed(Handle handle, ConfigurationRead.Held held, Instant since) {
        return handle.createQuery(
                        STORED
                                + " where topic = 'configuration-confirmed' and identity = :identity and last_published >= :since")
                .bind("identity", held.study() + "/" + held.change())
                .bind("since", since)
                .map(StoredEvents::stored)
                .findOne()
                .map(stored -> (ConfigurationConfirmed) stored.recorded().event());
    }

    private static Stored stored(ResultSet row, StatementContext context) throws SQLException {
        String topic = row.getString("topic");
        Class<? extends Event> type = EventType.byTopic(topic)
                .orElseThrow(() -> new IllegalStateException("The table latest_event has an unknown topic: " + topic))
                .payload();
        try {
            Event event = EventJson.mapper().readValue(row.getString("payload"), type);
            return new Stored(
                    topic,
                    row.getString("scan"),
                    new Recorded<>(
                            event,
                            row.getObject("published", OffsetDateTime.class).toInstant(),
                            row.getObject("last_published", OffsetDateTime.class)
                                    .toInstant(),
                            row.getObject("event_id", UUID.class)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A stored event of " + topic + " cannot be read", e);
        }
    }
}
