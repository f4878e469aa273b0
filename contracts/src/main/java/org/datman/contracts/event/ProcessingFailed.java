package org.datman.contracts.event;

import java.time.Instant;
import java.util.Optional;

/**
 * Something could not be done: what, where, why, and what a person can do about it.
 *
 * @param service the service that failed: {@code ingest, tagging, export, qc, pipeline, dashboard}
 * @param stage what was being done: {@code webhook, read-session, tag, export, measure, check, run …}
 * @param kind whether a retry can help
 * @param session the session concerned, when it is known
 * @param scan the scan concerned, when it is known
 * @param cause id of the event that could not be handled, or of the delivery; where there is none, what distinguishes this failure
 *     from others of its stage: a project, a kind of refusal
 * @param attempts how often it was tried
 * @param reason what, where and what to do
 * @param deadLetterTopic topic that holds the event now, when it was dead-lettered
 * @param time of the failure
 */
@WithBuilder
public record ProcessingFailed(
        String service,
        String stage,
        Kind kind,
        Optional<SessionRef> session,
        Optional<String> scan,
        Optional<String> cause,
        int attempts,
        Reason reason,
        Optional<String> deadLetterTopic,
        Instant time)
        implements Event, ProcessingFailedBuilder.With {

    /**
     * Whether a retry can help. {@code TRANSIENT}: retries continue; {@code PERMANENT}: not before a person
     * changes something; {@code POISON}: the event itself cannot be read.
     */
    public enum Kind {
        TRANSIENT,
        PERMANENT,
        POISON
    }

    @Override
    public String key() {
        return session.map(SessionRef::accession).orElse(service);
    }

    @Override
    public String identity() {
        return session.map(SessionRef::identity).orElse("") + "/" + scan.orElse("") + "/" + service + "/" + stage + "/"
                + cause.orElse("");
    }

    @Override
    public String revision() {
        return attempts + "@" + reason.code() + "@" + time;
    }

    @Override
    public Optional<SessionRef> sessionRef() {
        return session;
    }

    @Override
    public Optional<ScanId> scanId() {
        return scan.map(ScanId::new);
    }

    @Override
    public EventOrder order() {
        return EventOrder.of(time, attempts);
    }

    @Override
    public String summary() {
        return service + " could not " + stage + " ("
                + (kind == Kind.POISON ? "unreadable message" : Summaries.words(kind)) + "): " + reason.message();
    }
}
