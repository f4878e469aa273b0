package org.datman.contracts.event;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * A fact that one service publishes and others consume.
 *
 * <p>{@link #identity()} and {@link #revision()} make the event id: the same fact published twice (by a webhook, by a sweep, by
 * a replay) has the same id, see {@link EventId}.
 */
public sealed interface Event
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
                PipelineRequested,
                PipelineUpdated,
                ReprocessRequested,
                ConfigurationRead,
                ConfigurationConfirmed,
                ProcessingFailed {

    /** The Kafka key. All events with one key stay in order; for nearly all it is the XNAT accession id of the session. */
    @JsonIgnore
    String key();

    /** What the fact is about, unique among facts of its type, without spaces around: {@code accession/scan}, for example. */
    @JsonIgnore
    String identity();

    /** Distinguishes facts about the same subject: a counter or a content hash. */
    @JsonIgnore
    String revision();

    /** The kind of event, with its topic and type name. */
    @JsonIgnore
    default EventType type() {
        return EventType.of(getClass());
    }
}
