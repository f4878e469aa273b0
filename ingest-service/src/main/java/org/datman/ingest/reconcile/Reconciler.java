package org.datman.ingest.reconcile;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.datman.contracts.event.ProcessingFailed.Kind;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.ingest.IngestSettings;
import org.datman.ingest.failure.IngestFailures;
import org.datman.ingest.failure.Outages;
import org.datman.ingest.failure.Troubles;
import org.datman.ingest.listing.ListedSessions;
import org.datman.ingest.listing.ListingDiff;
import org.datman.ingest.listing.SweepQueue;
import org.datman.ingest.outgoing.EventChain;
import org.datman.ingest.published.SessionStore;
import org.datman.ingest.queue.SessionQueue;
import org.datman.ingest.queue.SyncOrigin;
import org.datman.ingest.setting.Settings;
import org.datman.platform.event.TransientErrors;
import org.datman.platform.lease.Claim;
import org.datman.platform.study.Studies;
import org.datman.platform.work.WorkerThreads;
import org.datman.platform.work.Workers;
import org.datman.xnat.ImageSource;
import org.datman.xnat.XnatDenied;
import org.datman.xnat.XnatException;
import org.datman.xnat.XnatListed;
import org.datman.xnat.XnatOutage;
import org.jboss.logging.Logger;

/**
 * Finds changes without a webhook: lists each project periodically and enqueues every session that is new, changed or
 * missing, and once a day every session.
 */
@ApplicationScoped
public class Reconciler {

    private static final Logger LOG = Logger.getLogger(Reconciler.class);
    private static final String STAGE = "reconcile";
    private static final String FULL_SWEEP = "last-full-sweep";

    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final SweepQueue sweeps;
    private final ListedSessions listings;
    private final SessionStore store;
    private final Settings stored;
    private final WorkerThreads threads;
    private final Workers worker;
    private final ImageSource xnat;
    private final SessionQueue queue;
    private final IngestFailures failures;
    private final Outages outages;
    private final Troubles troubles;
    private final Studies studies;
    private final IngestSettings settings;
    private final Clock clock;
    private final MeterRegistry metrics;

    /** How often in a row a project was asked for in vain. */
    private final Map<String, Integer> unanswered = new ConcurrentHashMap<>();

    Reconciler(
            SweepQueue sweeps,
            ListedSessions listings,
            SessionStore store,
            Settings stored,
            WorkerThreads threads,
            ImageSource xnat,
            SessionQueue queue,
            IngestFailures failures,
            Outages outages,
            Troubles troubles,
            Studies studies,
            IngestSettings settings,
            Clock clock,
            MeterRegistry metrics) {
        this.sweeps = sweeps;
        this.listings = listings;
        this.store = store;
        this.stored = stored;
        this.threads = threads;
        this.worker = new Workers("ingest-sweep", 1, IDLE, this::listNext);
        this.xnat = xnat;
        this.queue = queue;
        this.failures = failures;
        this.outages = outages;
        this.troubles = troubles;
        this.studies = studies;
        this.settings = settings;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Changes during a downtime of this service are found immediately. */
    void onStart(@Observes StartupEvent event) {
        sweeps.start(threads);
        listAllNow();
        worker.start(threads);
        reportOtherServers();
    }

    void onStop(@Observes ShutdownEvent event) throws InterruptedException {
        worker.stop(PATIENCE);
        sweeps.stop();
    }

    /** Schedules listings of all projects as soon as possible. */
    public void listAllNow() {
        sweeps.allNow();
        worker.wake();
    }

    @Scheduled(
            every = "${datman.ingest.tick:1s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void tick() {
        fullSweepIfDue();
        sweeps.add(studies.current().xnatProjects());
    }

    private boolean listNext() {
        if (outages.backOff().isPresent()) {
            return false;
        }
        Optional<Claim<String>> claim = sweeps.claim(this::isUsed);
        if (claim.isEmpty()) {
            return false;
        }
        try (Claim<String> project = claim.get()) {
            list(project);
        }
        return true;
    }

    /** Whether a study uses the project; what was said of one that none uses any more is over. */
    private boolean isUsed(String project) {
        boolean used = studies.current().byProject(project).isPresent();
        if (!used) {
            unanswered.remove(project);
            troubles.end(
                    STAGE, project, Reason.of("listing-resumed", "No study uses project '" + project + "' any more"));
        }
        return used;
    }

    private void list(Claim<String> claim) {
        String project = claim.work();
        try {
            List<XnatListed> listed = xnat.experimentsOf(project);
            outages.up();
            compare(claim, listed);
            unanswered.remove(project);
            troubles.end(STAGE, project, Reason.of("listing-resumed", "Project '" + project + "' is listed again"));
        } catch (XnatOutage e) {
            sweeps.retry(claim, settings.retryAfter());
            int inARow = unanswered.merge(project, 1, Integer::sum);
            // When all is away, that is published once for all projects.
            if (!outages.down(e) && inARow >= settings.reportAfter()) {
                troubles.begin(
                        STAGE,
                        project,
                        "project-not-answered",
                        Kind.TRANSIENT,
                        inARow,
                        new Reason(
                                "project-not-answered",
                                "Project '" + project + "' cannot be listed, others can: " + e.getMessage(),
                                "Look at this project on " + xnat.kind().product()
                                        + ". Nothing counts as deleted meanwhile"));
            }
        } catch (XnatException e) {
            sweeps.retry(claim, settings.reconcileEvery());
            publishFailure(project, e);
        } catch (RuntimeException e) {
            // It must not be due again at once: the other projects would never be listed.
            boolean outage = TransientErrors.isOutage(e);
            sweeps.retry(claim, outage ? settings.retryAfter() : settings.reconcileEvery());
            LOG.errorf(e, "A listing was not compared project=%s outage=%s", project, outage);
            if (!outage) {
                // The message may quote a label.
                publishOnce(
                        project,
                        new Reason(
                                "listing-not-compared",
                                xnat.kind().product() + " listed project '" + project
                                        + "', but the listing could not be compared with the one before, for a "
                                        + e.getClass().getSimpleName(),
                                "Look at the log of ingest; the project is listed every " + settings.reconcileEvery()
                                        + ". Nothing counts as deleted meanwhile"));
            }
        }
    }

    private void publishFailure(String project, XnatException e) {
        LOG.warnf("A project cannot be listed project=%s error=%s", project, e.getMessage());
        if (e instanceof XnatDenied denied && denied.isAccount()) {
            outages.refused(denied, settings.reconcileEvery());
            return;
        }
        outages.up();
        publishOnce(
                project,
                new Reason(
                        "project-not-listed",
                        "Project '" + project + "' cannot be listed: " + e.getMessage(),
                        "Check XnatProjects of its study, and that DATMAN's account may read the project. Nothing counts"
                                + " as deleted meanwhile"));
    }

    private void publishOnce(String project, Reason trouble) {
        troubles.begin(STAGE, project, trouble.message(), Kind.PERMANENT, 1, trouble);
    }

    /** Sessions under another name of the server are neither read nor settled, which nobody would notice. */
    private void reportOtherServers() {
        Map<String, Long> others = QuarkusTransaction.requiringNew().call(() -> store.ofOtherServers(xnat.server()));
        if (others.isEmpty()) {
            return;
        }
        long sessions = others.values().stream().mapToLong(Long::longValue).sum();
        failures.xnat(
                STAGE,
                "other-xnat-server",
                Kind.PERMANENT,
                1,
                new Reason(
                        "other-xnat-server",
                        sessions + " session(s) belong to another server than '" + xnat.server() + "': "
                                + String.join(", ", others.keySet()) + ". They are not read and do not settle",
                        "Is it the same server? Give DATMAN_XNAT_SERVER the name that it had then. The sessions of another one stay"
                                + " as they are; connect an ingest of its own to it"));
    }

    private void compare(Claim<String> claim, List<XnatListed> listed) {
        String project = claim.work();
        QuarkusTransaction.requiringNew().timeout(300).run(() -> {
            if (!sweeps.holds(claim)) {
                LOG.warnf("The listing took longer than its lease; another one counts project=%s", project);
                return;
            }
            ListingDiff diff = listings.store(project, xnat.server(), listed);
            EventChain chain = EventChain.first("sweep/" + project + "/" + clock.instant());
            for (XnatListed fresh : diff.fresh()) {
                SessionRef ref = new SessionRef(xnat.server(), fresh.accession());
                if (store.state(ref).isEmpty()) {
                    metrics.counter("datman.ingest.sessions.found.by.sweep").increment();
                }
                queue.now(ref, SyncOrigin.SWEEP, chain);
            }
            for (String accession : diff.missing()) {
                queue.now(new SessionRef(xnat.server(), accession), SyncOrigin.SWEEP, chain);
            }
            sweeps.complete(claim, diff.missing().isEmpty() ? settings.reconcileEvery() : shorterPause());
        });
    }

    private Duration shorterPause() {
        return settings.confirmEvery().compareTo(settings.reconcileEvery()) < 0
                ? settings.confirmEvery()
                : settings.reconcileEvery();
    }

    private void fullSweepIfDue() {
        ZonedDateTime now = clock.instant().atZone(settings.fullSweepZone());
        if (now.toLocalTime().isBefore(settings.fullSweepAt())) {
            return;
        }
        String today = now.toLocalDate().toString();
        boolean due = QuarkusTransaction.requiringNew().call(() -> !today.equals(stored.value(FULL_SWEEP)));
        if (due) {
            QuarkusTransaction.requiringNew().timeout(300).run(() -> {
                stored.store(FULL_SWEEP, today);
                EventChain chain = EventChain.first("full-sweep/" + today);
                store.present().stream()
                        .filter(ref -> ref.server().equals(xnat.server()))
                        .forEach(ref -> queue.now(ref, SyncOrigin.FULL_SWEEP, chain));
            });
            reportOtherServers();
        }
    }
}
