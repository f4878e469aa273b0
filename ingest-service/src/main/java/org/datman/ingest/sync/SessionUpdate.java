package org.datman.ingest.sync;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesAssigned;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.ingest.IngestSettings;
import org.datman.ingest.diff.SessionDiff;
import org.datman.ingest.diff.SessionResult;
import org.datman.ingest.failure.IngestFailures;
import org.datman.ingest.outgoing.ChainedOutbox;
import org.datman.ingest.outgoing.EventChain;
import org.datman.ingest.published.PublishedSession;
import org.datman.ingest.published.SessionState;
import org.datman.ingest.published.SessionStore;
import org.datman.ingest.published.SettlePolicy;
import org.datman.ingest.queue.SessionQueue;
import org.datman.ingest.queue.SyncOrigin;
import org.datman.ingest.queue.SyncTask;
import org.datman.ingest.read.SessionRead;
import org.datman.ingest.read.SessionSnapshot;
import org.datman.platform.study.Studies;
import org.jboss.logging.Logger;

/** Stores the result of a read, publishes it, and completes the queue entry: in one transaction. */
@ApplicationScoped
public class SessionUpdate {

    private static final Logger LOG = Logger.getLogger(SessionUpdate.class);

    private final SessionStore store;
    private final SessionQueue queue;
    private final ChainedOutbox outbox;
    private final Studies studies;
    private final IngestSettings settings;
    private final Clock clock;
    private final MeterRegistry metrics;

    SessionUpdate(
            SessionStore store,
            SessionQueue queue,
            ChainedOutbox outbox,
            Studies studies,
            IngestSettings settings,
            Clock clock,
            MeterRegistry metrics) {
        this.store = store;
        this.queue = queue;
        this.outbox = outbox;
        this.studies = studies;
        this.settings = settings;
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * How to read a session, from what is known of it.
     *
     * @param fullSweep whether an unchanged outline is enough
     */
    SessionRead.Request request(SyncTask task, boolean fullSweep) {
        return QuarkusTransaction.requiringNew()
                .call(() -> new SessionRead.Request(
                        task.ref().accession(),
                        store.stored(task.ref()),
                        task.republish(),
                        fullSweep
                                ? store.state(task.ref())
                                        .filter(state -> !state.deleted())
                                        .map(SessionState::outline)
                                        .orElse(null)
                                : null));
    }

    /** The session exists, with this state on XNAT. */
    void present(SyncTask task, SessionSnapshot snapshot) {
        QuarkusTransaction.requiringNew().run(() -> {
            if (!queue.finish(task)) {
                LOG.infof("What was read does not count, another worker has the session session=%s", task.ref());
                return;
            }
            if (!snapshot.isListed()) {
                queue.later(task.ref(), task.chain(), settings.reconcileEvery());
            }
            Optional<SessionState> known = store.lock(task.ref());
            reportUnlisted(task, snapshot, known.map(SessionState::outline).orElse(""));
            SessionResult.Before before =
                    before(known.orElseGet(() -> SessionState.first(task.ref(), clock.instant())), snapshot);
            SessionResult result = SessionResult.present(task, before, snapshot, clock.instant());
            write(task.chain(), result);
            count(task, result, known.isEmpty() ? "new" : "changed");
        });
    }

    /** Once for each change: the session is read again every few minutes while it lasts. */
    private void reportUnlisted(SyncTask task, SessionSnapshot snapshot, String before) {
        if (snapshot.outline().equals(before)) {
            return;
        }
        Optional<Reason> reason = snapshot.unlisted()
                .or(() -> SessionSnapshot.isUnlisted(before)
                        ? Optional.of(
                                Reason.of("files-listed-resumed", "The server lists all files of the session again"))
                        : Optional.empty());
        reason.ifPresent(now -> outbox.publish(
                task.chain(),
                IngestFailures.inSession(task.ref(), "list-files", SessionSnapshot.NOT_LISTED, now, clock.instant())));
    }

    /** There is nothing to write: it is not a session, or was never seen. */
    void nothing(SyncTask task) {
        QuarkusTransaction.requiringNew().run(() -> queue.finish(task));
    }

    /** The session's outline is unchanged: its files were not listed. */
    void unchanged(SyncTask task) {
        QuarkusTransaction.requiringNew().run(() -> {
            if (queue.finish(task)) {
                // The series and associated files of a session are loaded only when it settles now.
                store.lock(task.ref())
                        .filter(state -> state.isDue(clock.instant()))
                        .ifPresent(
                                state -> write(task.chain(), SessionResult.unchanged(before(state), clock.instant())));
            }
        });
    }

    /** The session is deleted. */
    void gone(SyncTask task) {
        QuarkusTransaction.requiringNew().run(() -> {
            if (queue.finish(task)) {
                store.lock(task.ref()).ifPresent(state -> {
                    SessionResult.Before before = before(state);
                    SessionResult result = SessionResult.gone(task, before, clock.instant());
                    write(task.chain(), result);
                    if (!result.changes().isEmpty()) {
                        reportAssigned(task, before.published());
                    }
                    count(task, result, "changed");
                });
            }
        });
    }

    /** What a person assigned to its series is kept, and of no use unless they come again. After the deletion, which would close it. */
    private void reportAssigned(SyncTask task, PublishedSession published) {
        List<SeriesDiscovered> assigned = published.presentSeries().stream()
                .filter(series -> series.assigned().isPresent()
                        && series.uid()
                                .filter(uid ->
                                        store.isElsewhere(published.session().orElseThrow(), uid))
                                .isEmpty())
                .toList();
        if (!assigned.isEmpty()) {
            outbox.publish(
                    task.chain(),
                    IngestFailures.inSession(task.ref(), "keep-assignments", assignedTo(assigned), clock.instant()));
        }
    }

    private static Reason assignedTo(List<SeriesDiscovered> series) {
        return new Reason(
                "assigned-series-deleted",
                "The session is deleted, and with it what was assigned to its scans: "
                        + series.stream()
                                .map(one -> one.scan() + " ("
                                        + one.assigned()
                                                .flatMap(SeriesAssigned.Assigned::tag)
                                                .orElse("no tag") + ")")
                                .collect(Collectors.joining(", ")),
                "If the same images come again in this project, each keeps it by itself (by its SeriesInstanceUID). If they come with new"
                        + " UIDs, assign the tag to the new series; else press 'Dismiss'");
    }

    /** Publishes that the session has settled. In the current transaction. */
    public void settle(EventChain chain, SessionState state) {
        write(chain, SessionResult.settled(before(state), clock.instant()));
    }

    private SessionResult.Before before(SessionState state) {
        return before(state, store.stored(state.ref()));
    }

    /** @param now in which project the session is, with which series */
    private SessionResult.Before before(SessionState state, SessionSnapshot now) {
        return before(
                state,
                store.stored(state.ref())
                        .withAssignments(
                                store.assignments(state.ref(), now.session().project(), now.uids())));
    }

    private SessionResult.Before before(SessionState state, PublishedSession published) {
        return new SessionResult.Before(
                state, published, studies.current(), new SettlePolicy(settings.quietPeriod(), settings.settleCap()));
    }

    private void write(EventChain chain, SessionResult result) {
        store.store(result.state());
        result.changes().events().forEach(store::store);
        result.events().forEach(event -> outbox.publish(chain, event));
    }

    private void count(SyncTask task, SessionResult result, String news) {
        if (!result.changes().isEmpty()) {
            metrics.counter(
                            "datman.ingest.sessions.changed",
                            "origin",
                            task.origin().name(),
                            "news",
                            news)
                    .increment();
        }
    }

    /**
     * Evaluates a session with the current study configuration, with nothing else changed. A session that a study newly claims
     * is enqueued in the same transaction, because its series may never have been read; so is one whose headers lack what the
     * rules look at now: its series are published when these are known, for a rule matches no unknown value.
     *
     * @throws IllegalStateException when nothing or something of a later time was published about the session
     */
    public void reconsider(SessionRef ref, EventChain chain) {
        StudyConfigurations current = studies.current();
        QuarkusTransaction.requiringNew().run(() -> {
            Optional<SessionState> state = store.lock(ref).filter(locked -> !locked.deleted());
            if (state.isEmpty()) {
                return;
            }
            SessionDiscovered last = store.session(ref)
                    .orElseThrow(() -> new IllegalStateException("Session " + ref.identity() + " was never published"));
            SessionDiscovered now = new SessionDiff(ref, current).reconsidered(last);
            if (now.equals(last)) {
                return;
            }
            PublishedSession published = store.stored(ref);
            store.store(state.get().published(now));
            store.store(now);
            outbox.publish(chain, now);
            Set<String> needed = now.study()
                    .flatMap(current::study)
                    .<Set<String>>map(StudyConfiguration::headerKeywords)
                    .orElse(Set.of());
            published.presentSeries().stream()
                    .filter(series -> !series.lacksAnyOf(needed))
                    .forEach(series -> outbox.publish(chain, series));
            // Paired data waits for the session's name as its series do.
            published.presentResources().forEach(resource -> outbox.publish(chain, resource));
            boolean lacksHeaders = published.presentSeries().stream().anyMatch(series -> series.lacksAnyOf(needed));
            if (lacksHeaders || (last.study().isEmpty() && now.study().isPresent())) {
                queue.now(ref, SyncOrigin.CONFIGURATION, chain);
            }
        });
    }
}
