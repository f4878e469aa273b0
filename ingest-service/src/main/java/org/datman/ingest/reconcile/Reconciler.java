package org.datman.ingest.reconcile;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
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
import org.datman.ingest.outgoing.EventChain;
import org.datman.ingest.queue.SessionHint.Origin;
import org.datman.ingest.queue.SessionQueue;
import org.datman.ingest.session.PublishedSessionRow;
import org.datman.ingest.xnat.XnatAvailability;
import org.datman.platform.study.Studies;
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
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final String FULL_SWEEP = "last-full-sweep";
    private static final String DUE = """
            select * from project_sweep where next_at <= :now and (lease_until is null or lease_until < :now)
            order by next_at limit 1 for update skip locked
            """;

    private final EntityManager database;
    private final XnatClient xnat;
    private final SessionQueue queue;
    private final Failures failures;
    private final XnatAvailability availability;
    private final Studies studies;
    private final IngestSettings settings;
    private final Clock clock;
    private final MeterRegistry metrics;
    private final Map<String, String> toldTroubles = new ConcurrentHashMap<>();

    Reconciler(
            EntityManager database,
            XnatClient xnat,
            SessionQueue queue,
            Failures failures,
            XnatAvailability availability,
            Studies studies,
            IngestSettings settings,
            Clock clock,
            MeterRegistry metrics) {
        this.database = database;
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
        // A lease of a listing that was interrupted by a crash has no owner.
        QuarkusTransaction.requiringNew()
                .run(() -> ProjectSweep.update("leaseUntil = null where leaseUntil is not null"));
        listAllNow();
    }

    /** Schedules listings of all projects as soon as possible. */
    public void listAllNow() {
        QuarkusTransaction.requiringNew().run(() -> ProjectSweep.update("nextAt = ?1", clock.instant()));
    }

    @Scheduled(
            every = "${datman.ingest.tick:1s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void tick() {
        fullSweepIfDue();
        know(studies.current().xnatProjects());
        while (availability.backOff().isEmpty()) {
            Optional<String> project = claim();
            if (project.isEmpty()) {
                return;
            }
            list(project.get());
        }
    }

    private void know(Iterable<String> projects) {
        QuarkusTransaction.requiringNew()
                .run(() -> projects.forEach(project -> database.createNativeQuery(
                                "insert into project_sweep (project, next_at) values (?1, ?2) on conflict do nothing")
                        .setParameter(1, project)
                        .setParameter(2, clock.instant())
                        .executeUpdate()));
    }

    private Optional<String> claim() {
        return QuarkusTransaction.requiringNew().call(() -> {
            Instant now = clock.instant();
            List<?> due = database.createNativeQuery(DUE, ProjectSweep.class)
                    .setParameter("now", now)
                    .getResultList();
            if (due.isEmpty()) {
                return Optional.empty();
            }
            ProjectSweep sweep = (ProjectSweep) due.get(0);
            if (studies.current().byProject(sweep.project).isEmpty()) {
                sweep.delete(); // no study uses it any more; it is added again when one does
                return Optional.empty();
            }
            sweep.leaseUntil = now.plus(LEASE);
            return Optional.of(sweep.project);
        });
    }

    private void list(String project) {
        try {
            List<XnatListed> listed = xnat.experimentsOf(project);
            availability.up();
            toldTroubles.remove(project);
            compare(project, listed);
        } catch (XnatOutage e) {
            availability.down(e.getMessage());
            again(project, settings.retryAfter());
        } catch (XnatException e) {
            again(project, settings.reconcileEvery());
            publishFailure(project, e);
        }
    }

    private void publishFailure(String project, XnatException e) {
        LOG.warnf("A project cannot be listed project=%s error=%s", project, e.getMessage());
        if (e instanceof XnatDenied denied && denied.isAccount()) {
            availability.refused(e.getMessage(), settings.reconcileEvery());
        }
        if (!e.getMessage().equals(toldTroubles.put(project, e.getMessage()))) {
            failures.xnat(
                    "reconcile",
                    project,
                    Kind.PERMANENT,
                    1,
                    new Reason(
                            "project-not-listed",
                            "Project '" + project + "' cannot be listed: " + e.getMessage(),
                            "Check XnatProjects of its study, and that DATMAN's account may read the project. Nothing counts"
                                    + " as deleted meanwhile"));
        }
    }

    private void again(String project, Duration wait) {
        QuarkusTransaction.requiringNew().run(() -> {
            ProjectSweep sweep = ProjectSweep.findById(project);
            if (sweep != null) {
                sweep.leaseUntil = null;
                sweep.nextAt = clock.instant().plus(wait);
            }
        });
    }

    private void compare(String project, List<XnatListed> listed) {
        QuarkusTransaction.requiringNew().timeout(300).run(() -> {
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
                ListedSession row = rows.getOrDefault(session.accession(), row(project, session.accession()));
                row.signature = ListingDiff.signature(session);
                row.missed = 0;
                row.persist();
            }
            for (String accession : diff.missing()) {
                rows.get(accession).missed++;
                queue.now(new SessionRef(xnat.server(), accession), Origin.SWEEP, chain);
            }
            ProjectSweep sweep = ProjectSweep.findById(project);
            if (sweep != null) {
                sweep.lastComplete = now;
                sweep.leaseUntil = null;
                sweep.nextAt = now.plus(diff.missing().isEmpty() ? settings.reconcileEvery() : shorterPause());
            }
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
                PublishedSessionRow.<PublishedSessionRow>stream("deleted = false")
                        .forEach(s -> queue.now(new SessionRef(s.server, s.accession), Origin.FULL_SWEEP, chain));
            });
        }
    }
}
