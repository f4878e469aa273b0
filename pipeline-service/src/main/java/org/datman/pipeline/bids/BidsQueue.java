package org.datman.pipeline.bids;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.datman.contracts.event.SessionRef;
import org.datman.pipeline.selection.BidsContent;
import org.datman.platform.lease.Claim;
import org.datman.platform.lease.LeasedQueue;
import org.datman.platform.lease.LeasedQueue.Due;
import org.datman.platform.work.WorkerThreads;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The sessions whose files in a BIDS dataset do not match their events, each for one worker at a time. */
@ApplicationScoped
public class BidsQueue {

    /**
     * The stage of failures, and the name under which the dashboard shows that one is over. No pipeline of a study file has it: names that
     * begin so are refused.
     */
    public static final String NAME = "datman:bids";

    /** What is stored as the failure when a person asked: whatever is found then is published, the same included. */
    private static final String ASKED = "asked by a person";

    private final BidsSessionRows rows;
    private final Clock clock;
    private final WorkerThreads threads;
    private final LeasedQueue<BidsSessionRow> queue;

    /** The events of a session come together; its files are written once, so long after the first of them. */
    private final Duration gathering;

    BidsQueue(
            BidsSessionRows rows,
            Clock clock,
            WorkerThreads threads,
            @ConfigProperty(name = "datman.pipelines.lease") Duration lease,
            @ConfigProperty(name = "datman.bids.gathering") Duration gathering) {
        this.rows = rows;
        this.clock = clock;
        this.threads = threads;
        this.gathering = gathering;
        this.queue = new LeasedQueue<>("bids", BidsSessionRow.class, rows.getEntityManager(), lease);
    }

    void onStart(@Observes StartupEvent event) {
        queue.start(threads);
    }

    void onStop(@Observes ShutdownEvent event) {
        queue.stop();
    }

    /**
     * Something about a session changed: its files are to be written again. In the current transaction, which has stored the session.
     *
     * <p>SQL: an upsert that counts, for consumers of several topics do it at the same time.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void changed(SessionRef session) {
        rows.getEntityManager()
                .createNativeQuery("""
                        insert into bids_session as known (session, not_before) values (:session, :when)
                        on conflict (session) do update set wanted = known.wanted + 1, bulk = false,
                            not_before = case when known.wanted = known.written then excluded.not_before else known.not_before end
                        """)
                .setParameter("session", session.identity())
                .setParameter("when", clock.instant().plus(gathering))
                .executeUpdate();
    }

    /**
     * A person asked for the files of a session: they are written again, and what fails is published once more, or that nothing does if
     * something ever did. In the current transaction.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void asked(SessionRef session) {
        changed(session);
        rows.update("failure = ?1 where session = ?2 and failures > 0", ASKED, session.identity());
    }

    /**
     * A session in its dataset.
     *
     * @param json as it was written last; empty when it is in none
     * @param pending whether it is to be written again, since something changed
     */
    public record Content(String json, boolean pending) {

        /** Of a session that no writer knows yet. */
        public static final Content UNKNOWN = new Content("", true);

        /** As it was written last; null when it is in none. */
        public @Nullable BidsContent known() {
            return BidsSessionRow.read(json);
        }
    }

    /** Some sessions in their datasets, by identity; none of those that no writer knows yet. In the current transaction. */
    @Transactional(Transactional.TxType.MANDATORY)
    public Map<String, Content> contents(Collection<SessionRef> sessions) {
        // Values, not rows: what other consumers and the writer change is changed by SQL.
        return rows.getEntityManager()
                .createQuery(
                        "select b.session, b.content, b.wanted, b.written from BidsSessionRow b where b.session in :sessions",
                        Object[].class)
                .setParameter(
                        "sessions", sessions.stream().map(SessionRef::identity).toList())
                .getResultStream()
                .collect(Collectors.toMap(
                        row -> (String) row[0], row -> new Content((String) row[1], !row[2].equals(row[3]))));
    }

    /** Makes changed rows visible to queries of this transaction. */
    void flush() {
        rows.flush();
    }

    /** What a worker does: the files of a session as they are to be after so many changes. */
    record Task(SessionRef session, long wanted) {}

    Optional<Claim<Task>> claim() {
        return queue.claim(
                new Due(
                        "r.wanted <> r.written and r.notBefore <= :now",
                        "r.bulk, r.notBefore",
                        Map.of("now", clock.instant())),
                (row, owner) -> Optional.of(new Task(row.ref(), row.wanted())));
    }

    /** The row, locked, if it still belongs to that claim. In the current transaction. */
    Optional<BidsSessionRow> held(Claim<Task> claim) {
        return queue.held(claim.work().session().identity(), claim.owner());
    }

    /** Another session that has the folder, or the subject label as another participant. */
    Optional<BidsSessionRow> rival(BidsSession session, String identity) {
        return rows.find(
                        "session <> ?1 and study = ?2 and dataset = ?3"
                                + " and (folder = ?4 or (folder like ?5 and participant <> ?6))",
                        identity,
                        session.study(),
                        session.dataset(),
                        session.folder(),
                        session.subject() + "/%",
                        session.id().fullSubject())
                .firstResultOptional();
    }

    /** The written sessions of a dataset. */
    List<BidsSessionRow> ofDataset(String study, String dataset) {
        return rows.list(
                "study = ?1 and dataset = ?2 and folder <> '' and summary <> '' order by folder", study, dataset);
    }

    /**
     * Waits until no other process writes into the datasets of the study, for the rest of the transaction.
     *
     * <p>SQL: an advisory lock, since what is protected are files and not rows.
     */
    void lockStudy(String study) {
        rows.getEntityManager()
                .createNativeQuery(
                        "select 1 from (select pg_advisory_xact_lock(hashtext('bids'), hashtext(:study))) locked")
                .setParameter("study", study)
                .getSingleResult();
    }

    /** Sessions that were written with other rules of their study are written again, after all of which something changed. */
    void rulesChanged(String study, String revision) {
        rows.update(
                "wanted = wanted + 1, bulk = true where study = ?1 and studyRevision <> ?2 and studyRevision <> '' and wanted = written",
                study,
                revision);
    }

    /** Sessions that wait for a folder or a label of others are tried again. */
    void folderFreed(String study) {
        rows.update(
                "wanted = wanted + 1, bulk = false where study = ?1 and failure like 'bids-folder-taken%' and wanted = written",
                study);
    }
}
