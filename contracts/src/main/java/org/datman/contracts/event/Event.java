package org.datman.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Optional;

/**
 * A fact that one service publishes and others consume. What a service must know of an event of any type is here, so that a new
 * type that leaves one out does not compile.
 *
 * <p>{@link #identity()} and {@link #revision()} make the event id: the same fact published twice (by a webhook, by a sweep, by
 * a replay) has the same id, see {@link EventId}.
 */
public sealed interface Event permits Event.OfSession, Event.OfNoSession, ProcessingFailed {

    /** An event about one session, whose accession id is its key unless it has another. */
    sealed interface OfSession extends Event
            permits SessionDiscovered,
                    SeriesDiscovered,
                    ResourceDiscovered,
                    SessionSettled,
                    SeriesTagged,
                    SeriesExported,
                    ResourceExported,
                    QcComplete,
                    QcAlarm,
                    SessionChecked,
                    QcReviewed,
                    GoldStandardSet,
                    SeriesAssigned,
                    PipelineRequested,
                    PipelineUpdated,
                    PipelineCancelled,
                    PipelineAnswered,
                    ReprocessRequested {

        /** The session. */
        SessionRef session();

        @Override
        default Optional<SessionRef> sessionRef() {
            return Optional.of(session());
        }

        @Override
        default String key() {
            return session().accession();
        }
    }

    /** An event about a study, or about the configuration as a whole. */
    sealed interface OfNoSession extends Event
            permits VisitPlanned, VisitChecked, FormChecked, PipelinePaused, ConfigurationRead, ConfigurationConfirmed {

        @Override
        default Optional<SessionRef> sessionRef() {
            return Optional.empty();
        }

        @Override
        default Optional<ScanId> scanId() {
            return Optional.empty();
        }
    }

    /**
     * The Kafka key. All events with one key stay in order; for nearly all it is the XNAT accession id of the session. Sessions of two servers
     * may share one: nothing is stored or grouped by it.
     */
    @JsonIgnore
    String key();

    /** What the fact is about, unique among facts of its type, without spaces around: {@code accession/scan}, for example. */
    @JsonIgnore
    String identity();

    /** Distinguishes facts about the same subject: a counter or a content hash. */
    @JsonIgnore
    String revision();

    /** The session that it is about, if it is about one. */
    @JsonIgnore
    Optional<SessionRef> sessionRef();

    /** The scan that it is about, if it is about one. */
    @JsonIgnore
    Optional<ScanId> scanId();

    /**
     * Where it stands among events of its type with the same identity: an older one never replaces a newer one. Of equal ones,
     * that which was published later is newer.
     */
    @JsonIgnore
    EventOrder order();

    /** What happened, in one line for people; for the timeline. */
    @JsonIgnore
    String summary();

    /** The kind of event, with its topic and type name. */
    @JsonIgnore
    default EventType type() {
        return EventType.of(getClass());
    }
}
