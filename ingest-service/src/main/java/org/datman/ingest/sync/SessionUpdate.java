package org.datman.ingest.sync;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.event.SessionSettledBuilder;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.ingest.IngestSettings;
import org.datman.ingest.failure.Failures;
import org.datman.ingest.outgoing.ChainedOutbox;
import org.datman.ingest.outgoing.EventChain;
import org.datman.ingest.queue.SessionQueue;
import org.datman.ingest.queue.SyncTask;
import org.datman.ingest.session.Oddities;
import org.datman.ingest.session.PublishedSession;
import org.datman.ingest.session.PublishedSessionRow;
import org.datman.ingest.session.SessionChanges;
import org.datman.ingest.session.SessionDiff;
import org.datman.ingest.session.SessionSnapshot;
import org.datman.ingest.session.SessionStore;
import org.datman.ingest.session.SettlePolicy;
import org.datman.platform.study.Studies;
import org.jboss.logging.Logger;

/** Stores the result of a read, publishes it, and completes the queue entry: in one transaction. */
@ApplicationScoped
public class SessionUpdate {

    private static final Logger LOG = Logger.getLogger(SessionUpdate.class);

    private final SessionStore store;
    private final SessionQueue queue;
    private final Failures failures;
    private final ChainedOutbox outbox;
    private final Studies studies;
    private final IngestSettings settings;
    private final Clock clock;
    private final MeterRegistry metrics;

    SessionUpdate(
            SessionStore store,
            SessionQueue queue,
            Failures failures,
            ChainedOutbox outbox,
            Studies studies,
            IngestSettings settings,
            Clock clock,
            MeterRegistry metrics) {
        this.store = store;
        this.queue = queue;
        this.failures = failures;
        this.outbox = outbox;
        this.studies = studies;
        this.settings = settings;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** The last published state, read outside of any transaction. */
    public PublishedSession before(SessionRef ref) {
        return QuarkusTransaction.requiringNew().call(() -> store.stored(ref));
    }

    /** The digest of the session's outline at the last read; empty when it is unknown or deleted. */
    public Optional<String> lastOutline(SessionRef ref) {
        return QuarkusTransaction.requiringNew()
                .call(() -> PublishedSessionRow.<PublishedSessionRow>findByIdOptional(ref.identity())
                        .filter(s -> !s.deleted)
                        .map(s -> s.outline));
    }

    /** The session exists, with this state. */
    public void present(SyncTask task, SessionSnapshot now) {
        StudyConfigurations current = studies.current();
        QuarkusTransaction.requiringNew().run(() -> {
            if (queue.finish(task)) {
                Optional<PublishedSessionRow> row = store.lock(task.ref());
                PublishedSession stored = store.stored(task.ref());
                SessionChanges changes = new SessionDiff(task.ref(), current).present(stored, now);
                PublishedSessionRow state = row.orElseGet(() -> fresh(task.ref()));
                boolean first = row.isEmpty();
                write(task, state, changes, now.outline(), first);
                Oddities.fresh(stored.series(), changes.series())
                        .forEach(reason -> failures.inSession(task, "look-at-series", reason));
                if (task.sayAgain()) {
                    republish(task, state, changes);
                }
                settleIfDue(task.chain(), state, changes);
            } else {
                LOG.infof("What was read does not count, another worker has the session session=%s", task.ref());
            }
        });
    }

    /** There is nothing to write: it is not a session, or was never seen. */
    public void nothing(SyncTask task) {
        QuarkusTransaction.requiringNew().run(() -> queue.finish(task));
    }

    /** The session's outline is unchanged: its files were not listed. */
    public void unchanged(SyncTask task) {
        QuarkusTransaction.requiringNew().run(() -> {
            if (queue.finish(task)) {
                store.lock(task.ref()).ifPresent(state -> settleIfDue(task.chain(), state, SessionChanges.NONE));
            }
        });
    }

    /** The session is deleted. */
    public void gone(SyncTask task) {
        StudyConfigurations current = studies.current();
        QuarkusTransaction.requiringNew().run(() -> {
            if (queue.finish(task)) {
                store.lock(task.ref()).ifPresent(state -> {
                    SessionChanges changes = new SessionDiff(task.ref(), current).gone(store.stored(task.ref()));
                    write(task, state, changes, "", false);
                    state.settleAt = null;
                    state.settleCapAt = null;
                });
            }
        });
    }

    private PublishedSessionRow fresh(SessionRef ref) {
        PublishedSessionRow state = new PublishedSessionRow();
        state.id = ref.identity();
        state.server = ref.server();
        state.accession = ref.accession();
        state.firstSeen = clock.instant();
        state.lastChange = state.firstSeen;
        return state;
    }

    private void write(
            SyncTask task, PublishedSessionRow state, SessionChanges changes, String outline, boolean first) {
        state.outline = outline;
        changes.session().ifPresent(published -> store.store(state, published));
        state.persist();
        changes.series().forEach(store::store);
        changes.resources().forEach(store::store);
        changes.events().forEach(event -> outbox.publish(task.chain(), event));
        if (!changes.isEmpty()) {
            Instant now = clock.instant();
            SettlePolicy policy = policy(state);
            if (state.settleCapAt == null) {
                state.settleCapAt = now.plus(policy.cap());
            }
            state.lastChange = now;
            state.settleAt = policy.deadline(now, state.settleCapAt);
            metrics.counter(
                            "datman.ingest.sessions.changed",
                            "origin",
                            task.origin().name(),
                            "news",
                            first ? "new" : "changed")
                    .increment();
        }
    }

    private void republish(SyncTask task, PublishedSessionRow state, SessionChanges changes) {
        if (changes.session().isEmpty() && task.scan().isEmpty()) {
            outbox.publish(task.chain(), store.published(state));
        }
        for (SeriesDiscovered series : store.series(task.ref())) {
            boolean wanted = task.scan().isEmpty() || task.scan().get().equals(series.scan());
            if (wanted && !changes.series().contains(series)) {
                outbox.publish(task.chain(), series);
            }
        }
        if (task.scan().isEmpty()) {
            for (ResourceDiscovered resource : store.resources(task.ref())) {
                if (!changes.resources().contains(resource)) {
                    outbox.publish(task.chain(), resource);
                }
            }
            if (state.settleRevision > 0 && state.settleAt == null) {
                // The same state as before: consumers that missed it receive it, and nobody treats it as a change.
                outbox.publish(task.chain(), settled(state));
            }
        }
    }

    /** A read without changes after the quiet period settles a session: webhooks alone prove nothing. */
    private void settleIfDue(EventChain chain, PublishedSessionRow state, SessionChanges changes) {
        Instant now = clock.instant();
        boolean due = state.settleAt != null && !state.settleAt.isAfter(now);
        boolean capped = state.settleCapAt != null && !state.settleCapAt.isAfter(now);
        if (!state.deleted && due && (changes.isEmpty() || capped)) {
            settle(chain, state);
        }
    }

    /** Publishes that the session has settled. In the current transaction. */
    public void settle(EventChain chain, PublishedSessionRow state) {
        state.settleRevision++;
        state.settledAt = clock.instant();
        state.settleAt = null;
        state.settleCapAt = null;
        outbox.publish(chain, settled(state));
    }

    private SessionSettled settled(PublishedSessionRow state) {
        SessionRef ref = new SessionRef(state.server, state.accession);
        List<SessionSettled.SettledSeries> series = store.series(ref).stream()
                .filter(s -> s.status() != SeriesDiscovered.Status.REMOVED)
                .map(s -> new SessionSettled.SettledSeries(s.scan(), s.seriesRevision()))
                .toList();
        int resources =
                (int) store.resources(ref).stream().filter(r -> !r.removed()).count();
        Instant at = state.settledAt == null ? state.lastChange : state.settledAt;
        return SessionSettledBuilder.builder()
                .session(ref)
                .settleRevision(state.settleRevision)
                .cause(
                        policy(state).timedOut(state.lastChange, at)
                                ? SessionSettled.Cause.TIMED_OUT
                                : SessionSettled.Cause.QUIET)
                .series(series)
                .resources(resources)
                .firstSeen(state.firstSeen)
                .lastChange(state.lastChange)
                .build();
    }

    private SettlePolicy policy(PublishedSessionRow state) {
        return studies.current()
                .byProject(state.project)
                .map(study -> new SettlePolicy(study.quietPeriod(), study.settleCap()))
                .orElseGet(() -> new SettlePolicy(settings.quietPeriod(), settings.settleCap()));
    }

    /**
     * Evaluates a session with the current study configuration, with nothing else changed.
     *
     * @return whether the session now belongs to a study and its series have never been read
     */
    public boolean reconsider(SessionRef ref, EventChain chain) {
        StudyConfigurations current = studies.current();
        return QuarkusTransaction.requiringNew().call(() -> {
            Optional<PublishedSessionRow> row = store.lock(ref);
            if (row.isEmpty() || row.get().deleted) {
                return false;
            }
            PublishedSessionRow state = row.get();
            SessionDiscovered last = store.published(state);
            SessionDiscovered now = new SessionDiff(ref, current).reconsidered(last);
            if (now.equals(last)) {
                return false;
            }
            store.store(state, now);
            outbox.publish(chain, now);
            store.series(ref).stream()
                    .filter(s -> s.status() != SeriesDiscovered.Status.REMOVED)
                    .forEach(series -> outbox.publish(chain, series));
            // Paired data waits for the session's name as its series do.
            store.resources(ref).stream().filter(r -> !r.removed()).forEach(r -> outbox.publish(chain, r));
            return last.study().isEmpty() && now.study().isPresent();
        });
    }
}
