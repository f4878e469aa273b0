package org.datman.ingest.sync;

import io.github.resilience4j.core.IntervalFunction;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.datman.contracts.event.ProcessingFailed.Kind;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.ingest.IngestSettings;
import org.datman.ingest.failure.IngestFailures;
import org.datman.ingest.failure.Outages;
import org.datman.ingest.listing.DeletionConfirmation;
import org.datman.ingest.queue.SessionQueue;
import org.datman.ingest.queue.SyncOrigin;
import org.datman.ingest.queue.SyncTask;
import org.datman.ingest.read.SessionRead;
import org.datman.ingest.read.SessionReader;
import org.datman.ingest.read.SessionSnapshot;
import org.datman.platform.study.Studies;
import org.datman.xnat.XnatDenied;
import org.datman.xnat.XnatGone;
import org.datman.xnat.XnatOutage;
import org.datman.xnat.XnatProtocol;
import org.datman.xnat.XnatSettings;
import org.jboss.logging.Logger;

/** Synchronises one session, or records why that is not possible now. A queue entry is removed only when its session is done. */
@ApplicationScoped
public class SessionSync {

    private static final Logger LOG = Logger.getLogger(SessionSync.class);
    private static final Duration ONE_HOUR = Duration.ofHours(1);

    private final SessionReader reader;
    private final SessionUpdate update;
    private final DeletionConfirmation deletions;
    private final SessionQueue queue;
    private final IngestFailures failures;
    private final Outages outages;
    private final Studies studies;
    private final IngestSettings settings;
    private final XnatSettings xnat;
    private final String product;
    private final MeterRegistry metrics;

    /** Sessions of which this process published that they cannot be read. */
    private final Set<SessionRef> reported = ConcurrentHashMap.newKeySet();

    SessionSync(
            SessionReader reader,
            SessionUpdate update,
            DeletionConfirmation deletions,
            SessionQueue queue,
            IngestFailures failures,
            Outages outages,
            Studies studies,
            IngestSettings settings,
            XnatSettings xnat,
            MeterRegistry metrics) {
        this.reader = reader;
        this.update = update;
        this.deletions = deletions;
        this.queue = queue;
        this.failures = failures;
        this.outages = outages;
        this.studies = studies;
        this.settings = settings;
        this.xnat = xnat;
        this.product = xnat.kind().product();
        this.metrics = metrics;
    }

    /** How long to wait before the next request to XNAT; empty when a session may be read. */
    public Optional<Duration> waitBeforeRead() {
        return outages.backOff();
    }

    /** Processes one session. */
    public void sync(SyncTask task) {
        try {
            attempt(task);
        } catch (RuntimeException e) {
            LOG.errorf(e, "Reading a session failed session=%s attempt=%d", task.ref(), task.attempts() + 1);
            failSession(task, "unexpected-error", e, "Look at the log of ingest; it is tried again now and then");
        }
    }

    private void attempt(SyncTask task) {
        try {
            read(task);
        } catch (XnatGone e) {
            outages.up();
            missing(task, e);
        } catch (XnatOutage e) {
            away(task, e);
        } catch (XnatDenied e) {
            denied(task, e);
        } catch (XnatProtocol e) {
            outages.up();
            failSession(task, "unreadable-answer", e, lookAtIt());
        }
    }

    private String lookAtIt() {
        return "Look at this session on " + product + "; it is tried again now and then";
    }

    private void read(SyncTask task) {
        if (!task.ref().server().equals(xnat.server())) {
            otherServer(task);
            return;
        }
        SessionRead.Request request = update.request(task, task.origin() == SyncOrigin.FULL_SWEEP);
        SessionRead read = reader.read(request, studies.current());
        outages.up();
        SessionSnapshot snapshot = read.snapshot();
        if (snapshot != null) {
            update.present(task, snapshot);
            deletions.present(task.ref(), snapshot.session().project());
        } else if (read.kind() == SessionRead.Kind.UNCHANGED) {
            update.unchanged(task);
        } else {
            LOG.infof("Skipped, not an imaging session session=%s type=%s", task.ref(), read.xsiType());
            metrics.counter("datman.ingest.not.a.session").increment();
            update.nothing(task);
        }
        boolean wasReported = reported.remove(task.ref());
        if (wasReported || task.attempts() >= settings.reportAfter()) {
            // Where nothing of it had changed, no other event ends the failure.
            failures.session(
                    task,
                    Kind.TRANSIENT,
                    1,
                    Reason.of("session-read-resumed", "The session is read from " + product + " again"));
        }
    }

    private void report(SyncTask task, Kind kind, int attempts, Reason reason) {
        reported.add(task.ref());
        failures.session(task, kind, attempts, reason);
    }

    /** This XNAT may have a session with the same accession id: it is another one, and its files are not published under this name. */
    private void otherServer(SyncTask task) {
        LOG.warnf("Not read, of another server session=%s server=%s", task.ref(), xnat.server());
        failures.session(
                task,
                Kind.PERMANENT,
                task.attempts() + 1,
                new Reason(
                        "other-xnat-server",
                        "The session is on server '" + task.ref().server() + "', but this service reads '"
                                + xnat.server() + "'",
                        "Give DATMAN_XNAT_SERVER the name that it had when the session was first seen; sessions of another"
                                + " server are published by what reads that server"));
        update.nothing(task);
    }

    /** XNAT answers 404 to a valid login. A deletion is accepted when the listings of the project agree. */
    private void missing(SyncTask task, XnatGone e) {
        switch (deletions.judge(task.ref())) {
            case DELETED -> update.gone(task);
            case NOT_CONFIRMED -> {
                LOG.infof("Session not found; its project is listed to confirm session=%s", task.ref());
                // The listings will confirm it; where none is made any more, XNAT is not asked every minute for ever.
                queue.retry(task, longer(settings.confirmEvery(), task.attempts() - 9, ONE_HOUR));
                if (task.attempts() + 1 == settings.deletionConfirmations() + 5) {
                    report(
                            task,
                            Kind.PERMANENT,
                            task.attempts() + 1,
                            new Reason(
                                    "session-not-visible",
                                    product
                                            + " answers that the session does not exist, but its project's listing does not confirm it",
                                    "Check that account '" + xnat.user() + "' may still read the project"));
                }
            }
            case NEVER_SEEN -> neverSeen(task, e);
            default -> throw new IllegalStateException("Unexpected value");
        }
    }

    /** The session was never seen: retried a few times, because events may arrive early, then dropped. */
    private void neverSeen(SyncTask task, XnatGone e) {
        int attempts = task.attempts() + 1;
        String action = product
                + " has no such session, and DATMAN never saw it. If it was deleted there before DATMAN could read"
                + " it, press 'Dismiss'. Else check that account '" + xnat.user() + "' may read its project";
        if (attempts < settings.neverSeenAttempts()) {
            failSession(task, "session-not-found", e, action + "; it is tried again some times");
            return;
        }
        LOG.warnf("Session dropped session=%s attempts=%d", task.ref(), attempts);
        metrics.counter("datman.ingest.sessions.given.up").increment();
        failures.session(
                task,
                Kind.PERMANENT,
                attempts,
                new Reason(
                        "session-not-found",
                        summary(e) + "; it was requested " + attempts + " times and is not requested again",
                        action + ", then press 'Reprocess'; the next webhook or listing that names it reads it too"));
        update.nothing(task);
    }

    /** Doubles with each failure, up to a limit. */
    private static Duration longer(Duration first, int failures, Duration limit) {
        return Duration.ofMillis(
                IntervalFunction.ofExponentialBackoff(first, 2, limit).apply(1 + Math.max(0, failures)));
    }

    /** Where XNAT answers others, it is about this session: it then waits longer each time, and that is published. */
    private void away(SyncTask task, XnatOutage e) {
        int attempts = task.attempts() + 1;
        boolean all = outages.down(e);
        queue.retry(
                task, all ? settings.retryAfter() : longer(settings.retryAfter(), attempts - 1, settings.retryCap()));
        LOG.warnf("XNAT is unavailable session=%s attempt=%d error=%s", task.ref(), attempts, e.getMessage());
        if (!all && attempts == settings.reportAfter()) {
            report(task, Kind.TRANSIENT, attempts, new Reason("session-not-answered", summary(e), lookAtIt()));
        }
    }

    private void denied(SyncTask task, XnatDenied e) {
        if (!e.isAccount()) {
            outages.up();
            failSession(
                    task, "no-right", e, "Give account '" + xnat.user() + "' the right to read this session's project");
            return;
        }
        queue.retry(task, xnat.lockOutPause());
        LOG.errorf("XNAT refuses the account session=%s error=%s", task.ref(), e.getMessage());
        outages.refused(e, xnat.lockOutPause());
    }

    /** Only this session cannot be processed. It is retried with backoff, and the failure is published once. */
    private void failSession(SyncTask task, String code, RuntimeException e, String action) {
        int attempts = task.attempts() + 1;
        queue.retry(task, longer(settings.retryAfter(), attempts - 1, settings.retryCap()));
        LOG.warnf("Session waits session=%s attempt=%d reason=%s error=%s", task.ref(), attempts, code, e.getMessage());
        if (attempts == settings.reportAfter()) {
            report(task, Kind.PERMANENT, attempts, new Reason(code, summary(e), action));
        }
    }

    private static String summary(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
