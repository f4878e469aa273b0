package org.datman.pipeline.state;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventType;
import org.datman.contracts.event.PipelineAnswered;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.pipeline.selection.PairedFile;
import org.datman.pipeline.selection.SessionFacts;
import org.datman.platform.latest.LatestEvents;
import org.jspecify.annotations.Nullable;

/** What pipeline knows of sessions: the latest events of the other services, and its own last decisions. */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
public class PipelineState {

    /** Revision of the rules of sessions of no study. */
    private static final String NO_RULES = "none";

    /** What decides which pipelines may run. */
    private static final List<EventType> FACTS = List.of(
            EventType.SESSION_DISCOVERED,
            EventType.SERIES_EXPORTED,
            EventType.QC_COMPLETE,
            EventType.QC_REVIEWED,
            EventType.SESSION_CHECKED);

    private final KnownSessions sessions;
    private final PublishedDecisions decisions;
    private final ChangedParticipants participants;
    private final LatestEvents latest;

    PipelineState(
            KnownSessions sessions,
            PublishedDecisions decisions,
            ChangedParticipants participants,
            LatestEvents latest) {
        this.sessions = sessions;
        this.decisions = decisions;
        this.participants = participants;
        this.latest = latest;
    }

    /** Locks the session for this transaction; inserts it if it is new. */
    public void lock(SessionRef session) {
        sessions.lock(session);
    }

    /** Locks sessions of which something changed that no event has, but those that are locked already. */
    public List<SessionRef> lockChanged(int most) {
        return sessions.lockChanged(most).stream().map(KnownSession::ref).toList();
    }

    /**
     * Locks sessions that were decided with other rules than these, but those that are locked already.
     *
     * @param revisions of the rules by study
     * @param after identity of the session after which to search, or empty text for all: of very many sessions those that were decided already
     *     are not read again and again
     */
    public List<SessionRef> lockOutdated(Map<String, String> revisions, String after, int most) {
        return sessions.lockOutdated(revisions, NO_RULES, after, most).stream()
                .map(KnownSession::ref)
                .toList();
    }

    /** Stores an event of a session, unless a newer one is known. */
    public void store(Envelope<?> envelope) {
        latest.storeIfNewer(envelope);
    }

    /** What is known of a session; without facts while it has no study or no name. */
    public Optional<SessionFacts> facts(SessionRef session) {
        return Optional.ofNullable(
                facts(latest.ofSessions(FACTS, List.of(session)).getOrDefault(session, List.of())));
    }

    /** What is known of some sessions, read at once, in that order. */
    public List<StoredSession> read(Collection<SessionRef> some) {
        Map<SessionRef, List<Event>> events = latest.ofSessions(FACTS, some);
        Map<String, Map<String, LastDecision>> decided = decisions.ofSessions(some);
        return some.stream()
                .map(session -> new StoredSession(
                        session,
                        facts(events.getOrDefault(session, List.of())),
                        decided.getOrDefault(session.identity(), Map.of())))
                .toList();
    }

    private static @Nullable SessionFacts facts(List<Event> events) {
        SessionDiscovered discovered = null;
        SessionChecked check = null;
        List<SeriesExported> exports = new ArrayList<>();
        Map<String, QcComplete> results = new HashMap<>();
        Map<String, QcReviewed> reviews = new HashMap<>();
        for (Event event : events) {
            if (event instanceof SessionDiscovered one) {
                discovered = one;
            } else if (event instanceof SessionChecked one) {
                check = one;
            } else if (event instanceof SeriesExported one) {
                exports.add(one);
            } else if (event instanceof QcComplete one) {
                results.put(one.stem(), one);
            } else if (event instanceof QcReviewed one) {
                reviews.put(one.stem().orElse(""), one);
            }
        }
        return discovered == null
                ? null
                : SessionFacts.of(discovered, exports, results, reviews, check).orElse(null);
    }

    /** The files of a session beside its series that are in the archive under its current name. */
    public List<PairedFile> paired(SessionRef session, String sessionName) {
        Map<String, Set<String>> stems = new HashMap<>();
        latest.ofSession(SeriesExported.class, session).forEach(export -> export.products()
                .forEach(product -> stems.computeIfAbsent(export.scan(), scan -> new HashSet<>())
                        .add(product.stem())));
        return latest.ofSession(ResourceExported.class, session).stream()
                .filter(file ->
                        file.sessionName().equals(sessionName) && file.outcome() == SeriesExported.Outcome.EXPORTED)
                .flatMap(file -> file.file().stream().map(stored -> {
                    boolean ofScan = file.level()
                            .filter(ResourceDiscovered.Level.SCAN::equals)
                            .isPresent();
                    return new PairedFile(
                            file.label(),
                            file.path().substring(file.path().lastIndexOf('/') + 1),
                            stored,
                            ofScan,
                            ofScan ? stems.getOrDefault(file.owner().orElse(""), Set.of()) : Set.of());
                }))
                .toList();
    }

    /** The last answer of a person to a manual step of a session. */
    public Optional<PipelineAnswered> answer(SessionRef session, String pipeline, String key) {
        return latest.find(PipelineAnswered.class, PipelineAnswered.identity(session, pipeline, key));
    }

    /** The sessions of a participant that are not deleted. */
    public List<SessionRef> ofParticipant(String study, String subject) {
        return latest.sessionsNamed(subject + "_").stream()
                .filter(session -> session.status() != SessionDiscovered.Status.DELETED
                        && session.study().filter(study::equals).isPresent())
                .map(SessionDiscovered::session)
                .toList();
    }

    /** Something of a session changed that decides about the other sessions of its participant. */
    public void participantChanged(String study, String subject) {
        participants.changed(study, subject);
    }

    /**
     * A participant of whom sessions changed.
     *
     * @param name study, a space, and {@code STUDY_SITE_SUBJECT}
     * @param change the last one
     */
    public record Changed(String name, UUID change) {}

    /** A participant of whom a session changed. */
    public Optional<Changed> changedParticipant() {
        return participants.next().map(ChangedParticipant::changed);
    }

    /**
     * Locks the sessions of a participant of whom one changed.
     *
     * @param participant by {@link #changedParticipant}
     */
    public List<SessionRef> lockParticipant(Changed participant) {
        int space = participant.name().indexOf(' ');
        List<SessionRef> sessions =
                ofParticipant(
                                participant.name().substring(0, space),
                                participant.name().substring(space + 1))
                        .stream()
                        .sorted(Comparator.comparing(SessionRef::identity))
                        .toList();
        sessions.forEach(this::lock);
        return sessions;
    }

    /** The sessions of a participant are decided; what has changed since it was read is another change. */
    public void participantDecided(Changed participant) {
        participants.delete("participant = ?1 and change = ?2", participant.name(), participant.change());
    }

    /** Stores the decisions of a session that are published now, by pipeline. The session must be locked. */
    public void decided(SessionRef session, Map<String, LastDecision> published) {
        decisions.replace(session, published);
    }

    /**
     * Stores with which rules a session was decided last.
     *
     * @param study of the session, or empty text
     * @param revision of its rules, or null when there are none
     */
    public void decidedWith(SessionRef session, String study, @Nullable String revision) {
        sessions.findById(session.identity()).decidedWith(study, revision == null ? NO_RULES : revision);
    }

    /** The study in which a session was decided last; empty text before that, and when it was in none. */
    public String studyOfLastDecision(SessionRef session) {
        return sessions.findById(session.identity()).study();
    }

    /**
     * A session cannot be decided with the rules of now: it is not tried again before they change.
     *
     * @param revisions of the rules by study
     */
    public void undecidable(SessionRef session, Map<String, String> revisions) {
        KnownSession known = sessions.findById(session.identity());
        known.decidedWith(known.study(), revisions.getOrDefault(known.study(), NO_RULES));
    }

    /** Something changed that no event has: the session is decided again. */
    public void decideAgain(SessionRef session) {
        sessions.update("again = true where session = ?1", session.identity());
    }

    /**
     * Stores under which study and name a session's results are linked now; returns those of before, {@code STUDY/NAME}, empty while there were
     * none.
     */
    public String linkedAs(SessionRef session, String studyAndName) {
        KnownSession known = sessions.findById(session.identity());
        String before = known.linkedAs();
        known.linkedAs(studyAndName);
        return before;
    }
}
