package org.datman.ingest.reconcile;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.datman.contracts.event.ProcessingFailed.Kind;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.ingest.IngestSettings;
import org.datman.ingest.failure.Failures;
import org.datman.ingest.listing.ListedSession;
import org.datman.ingest.listing.ListingDiff;
import org.datman.ingest.listing.ProjectSweep;
import org.datman.ingest.listing.ProjectSweeps;
import org.datman.ingest.outgoing.EventChain;
import org.datman.ingest.queue.SessionHint.Origin;
import org.datman.ingest.queue.SessionQueue;
import org.datman.ingest.session.PublishedSessionRow;
import org.datman.ingest.xnat.XnatAvailability;
import org.datman.platform.event.TransientErrors;
import org.datman.platform.lease.Claim;
import org.datman.platform.lease.LeasedQueue;
import org.datman.platform.lease.LeasedQueue.Due;
import org.datman.platform.study.Studies;
import org.datman.platform.work.WorkerThreads;
import org.datman.xnat.XnatClient;
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
    private static final String FULL_SWEEP = "last-full-sweep";

    private final ProjectSweeps sweeps;
    private final LeasedQueue<ProjectSweep> due;
    private final WorkerThreads threads;
    private final XnatClient xnat;
    private final SessionQueue queue;
    private final Failures failures;
    private final XnatAvailability availability;
    private final Studies studies;
    private final IngestSettings settings;
    private final Clock clock;
    private final MeterRegistry metrics;
    private final Map<String, String> publishedTroubles = new ConcurrentHashMap<>();

    Reconciler(
            EntityManager database,
            ProjectSweeps sweeps,
            WorkerThreads threads,
            XnatClient xnat,
            SessionQueue queue,
            Failures failures,
            XnatAvailability availability,
            Studies studies,
            IngestSettings settings,
            Clock clock,
            MeterRegistry metrics) {
        this.sweeps = sweeps;
        this.due = new LeasedQueue<>("sweeps", ProjectSweep.class, database, settings.lease());
        this.threads = threads;
        this.xnat = xnat;
        this.queue = queue;
        this.failures = failures;
        this.availability = availability;
        this.studies = studies;
        this.settings = settings;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Changes during a downtime of this service are found immediately. */
    void onStart(@Observes StartupEvent event) {
        due.start(threads);
        listAllNow();
    }

    void onStop(@Observes ShutdownEvent event) {
        due.stop();
    }

    /** Schedules listings of all projects as soon as possible. */
    public void listAllNow() {
        QuarkusTransaction.requiringNew().run(() -> sweeps.allSoon(clock.instant()));
    }

    @Scheduled(
            every = "${datman.ingest.tick:1s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void tick() {
        fullSweepIfDue();
        know(studies.current().xnatProjects());
        while (availability.backOff().isEmpty()) {
            Optional<Claim<String>> claim = claim();
            if (claim.isEmpty()) {
                return;
            }
            try (Claim<String> project = claim.get()) {
                list(project);
            }
        }
    }

    private void know(Iterable<String> projects) {
        QuarkusTransaction.requiringNew().run(() -> projects.forEach(project -> sweeps.know(project, clock.instant())));
    }

    private Optional<Claim<String>> claim() {
        return due.claim(new Due("r.nextAt <= :now", "r.nextAt", Map.of("now", clock.instant())), (sweep, owner) -> {
            if (studies.current().byProject(sweep.project).isEmpty()) {
                sweeps.delete(sweep); // no study uses it any more; it is added again when one does
                return Optional.empty();
            }
            return Optional.of(sweep.project);
        });
    }

    private void list(Claim<String> claim) {
        String project = claim.work();
        try {
            List<XnatListed> listed = xnat.experimentsOf(project);
            availability.up();
            compare(claim, listed);
            publishedTroubles.remove(project);
        } catch (XnatOutage e) {
            availability.down(e.getMessage());
            again(claim, settings.retryAfter());
        } catch (XnatException e) {
            again(claim, settings.reconcileEvery());
            publishFailure(project, e);
        } catch (RuntimeException e) {
            // It must not be due again at once: the other projects would never be listed.
            boolean outage = TransientErrors.isOutage(e);
            again(claim, outage ? settings.retryAfter() : settings.reconcileEvery());
            LOG.errorf(e, "A listing was not compared project=%s outage=%s", project, outage);
            if (!outage) {
                // The message may quote a label.
                publishOnce(
                        project,
                        "its listing was not compared, for a " + e.getClass().getSimpleName()
                                + "; the log of ingest has more");
            }
        }
    }

    private void publishFailure(String project, XnatException e) {
        LOG.warnf("A project cannot be listed project=%s error=%s", project, e.getMessage());
        if (e instanceof XnatDenied denied && denied.isAccount()) {
            availability.refused(e.getMessage(), settings.reconcileEvery());
        }
        publishOnce(project, e.getMessage());
    }

    private void publishOnce(String project, String trouble) {
        if (!trouble.equals(publishedTroubles.put(project, trouble))) {
            failures.xnat(
                    "reconcile",
                    project,
                    Kind.PERMANENT,
                    1,
                    new Reason(
                            "project-not-listed",
                            "Project '" + project + "' cannot be listed: " + trouble,
                            "Check XnatProjects of its study, and that DATMAN's account may read the project. Nothing counts"
                                    + " as deleted meanwhile"));
        }
    }

    private void again(Claim<String> claim, Duration wait) {
        QuarkusTransaction.requiringNew()
                .run(() -> due.held(claim.work(), claim.owner()).ifPresent(sweep -> {
                    sweep.release();
                    sweep.nextAt = clock.instant().plus(wait);
                }));
    }

    private void compare(Claim<String> claim, List<XnatListed> listed) {
        String project = claim.work();
        QuarkusTransaction.requiringNew().timeout(300).run(() -> {
            Optional<ProjectSweep> held = due.held(project, claim.owner());
            if (held.isEmpty()) {
                LOG.warnf("The listing took longer than its lease; another one counts project=%s", project);
                return;
            }
            Instant now = clock.instant();
            Map<String, ListedSession> rows = new HashMap<>();
            Map<String, String> before = new HashMap<>();
            for (ListedSession row : ListedSession.<ListedSession>list("project", project)) {
                String accession = row.sessionId.substring(xnat.server().length() + 1);
                rows.put(accession, row);
                before.put(accession, row.signature);
            }
            ListingDiff diff = ListingDiff.of(before, listed);
            EventChain chain = new EventChain("sweep/" + project + "/" + now, Optional.empty());
            for (XnatListed fresh : diff.fresh()) {
                SessionRef ref = new SessionRef(xnat.server(), fresh.accession());
                if (PublishedSessionRow.findById(ref.identity()) == null) {
                    metrics.counter("datman.ingest.sessions.found.by.sweep").increment();
                }
                queue.now(ref, Origin.SWEEP, chain);
            }
            for (XnatListed session : listed) {
                ListedSession row = rows.computeIfAbsent(session.accession(), accession -> row(project, accession));
                row.signature = ListingDiff.signature(session);
                row.missed = 0;
                row.persist();
            }
            for (String accession : diff.missing()) {
                Objects.requireNonNull(rows.get(accession), accession).missed++;
                queue.now(new SessionRef(xnat.server(), accession), Origin.SWEEP, chain);
            }
            ProjectSweep sweep = held.get();
            sweep.lastComplete = now;
            sweep.nextAt = now.plus(diff.missing().isEmpty() ? settings.reconcileEvery() : shorterPause());
            sweep.release();
        });
    }

    private Duration shorterPause() {
        return settings.confirmEvery().compareTo(settings.reconcileEvery()) < 0
                ? settings.confirmEvery()
                : settings.reconcileEvery();
    }

    private ListedSession row(String project, String accession) {
        ListedSession row = new ListedSession();
        row.sessionId = xnat.server() + "/" + accession;
        row.id = project + "/" + row.sessionId;
        row.project = project;
        return row;
    }

    private void fullSweepIfDue() {
        ZonedDateTime now = clock.instant().atZone(settings.fullSweepZone());
        if (now.toLocalTime().isBefore(settings.fullSweepAt())) {
            return;
        }
        String today = now.toLocalDate().toString();
        boolean due = QuarkusTransaction.requiringNew().call(() -> !today.equals(Setting.of(FULL_SWEEP)));
        if (due) {
            QuarkusTransaction.requiringNew().timeout(300).run(() -> {
                Setting.put(FULL_SWEEP, today);
                EventChain chain = new EventChain("full-sweep/" + today, Optional.empty());
                PublishedSessionRow.<PublishedSessionRow>stream("deleted = false and server = ?1", xnat.server())
                        .forEach(s -> queue.now(new SessionRef(s.server, s.accession), Origin.FULL_SWEEP, chain));
            });
        }
    }
}
