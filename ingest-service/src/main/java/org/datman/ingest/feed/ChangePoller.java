package org.datman.ingest.feed;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.datman.contracts.event.ProcessingFailed.Kind;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.ingest.IngestSettings;
import org.datman.ingest.failure.IngestFailures;
import org.datman.ingest.outgoing.EventChain;
import org.datman.ingest.queue.SessionQueue;
import org.datman.ingest.queue.SyncOrigin;
import org.datman.ingest.setting.Settings;
import org.datman.ingest.xnat.XnatAvailability;
import org.datman.platform.study.Studies;
import org.datman.xnat.ChangeFeed;
import org.datman.xnat.ChangeFeed.Changes;
import org.datman.xnat.ImageSource;
import org.datman.xnat.XnatException;
import org.datman.xnat.XnatListed;
import org.datman.xnat.XnatOutage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Enqueues the sessions that a server reports as changed, where it numbers its changes. Hints, as webhooks are: what is missed is found by
 * the sweep. The number of the last change is stored with the queue entries, so a restart goes on where it was; at the first start it begins with the newest.
 *
 * <p>A session that belongs to no study is not read: on a server that a lab shares with others its names are nobody's business here. How many there are
 * is published, so that a wrong name in a study of the lab is noticed.
 */
@ApplicationScoped
public class ChangePoller {

    private static final Logger LOG = Logger.getLogger(ChangePoller.class);
    private static final int NAMED = 3;

    private final @Nullable ChangeFeed feed;
    private final String server;
    private final Settings stored;
    private final SessionQueue queue;
    private final XnatAvailability availability;
    private final Studies studies;
    private final IngestFailures failures;
    private final IngestSettings settings;
    private final Clock clock;
    private final MeterRegistry metrics;
    private Instant nextCount = Instant.MIN;
    private @Nullable Reason published;

    ChangePoller(
            ImageSource source,
            Settings stored,
            SessionQueue queue,
            XnatAvailability availability,
            Studies studies,
            IngestFailures failures,
            IngestSettings settings,
            Clock clock,
            MeterRegistry metrics) {
        this.feed = source instanceof ChangeFeed changes ? changes : null;
        this.server = source.server();
        this.stored = stored;
        this.queue = queue;
        this.availability = availability;
        this.studies = studies;
        this.failures = failures;
        this.settings = settings;
        this.clock = clock;
        this.metrics = metrics;
    }

    @Scheduled(
            every = "${datman.ingest.changes-every:2s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void poll() {
        if (feed == null || availability.backOff().isPresent()) {
            return;
        }
        try {
            readChanges(feed);
            countOthers(feed);
            availability.up();
        } catch (XnatOutage e) {
            failures.away(String.valueOf(e.getMessage()), availability.down(e.getMessage()), settings.reportAfter());
        } catch (XnatException e) {
            // The listing of the projects meets the same, and publishes it.
            LOG.warnf("The changes cannot be read server=%s error=%s", server, e.getMessage());
        }
    }

    private void readChanges(ChangeFeed changes) {
        String cursor = "last-change/" + server;
        String number = QuarkusTransaction.requiringNew().call(() -> stored.value(cursor));
        if (number.isEmpty()) {
            long newest = changes.lastChange();
            QuarkusTransaction.requiringNew().run(() -> stored.store(cursor, Long.toString(newest)));
            return;
        }
        Changes page;
        do {
            page = changes.changesAfter(Long.parseLong(number));
            String next = Long.toString(page.last());
            if (next.equals(number)) {
                return;
            }
            store(cursor, next, page.sessions());
            number = next;
        } while (!page.complete());
    }

    private void store(String cursor, String number, List<XnatListed> changed) {
        QuarkusTransaction.requiringNew().run(() -> {
            EventChain chain = EventChain.first("change/" + server + "/" + number);
            for (XnatListed session : changed) {
                if (studies.current().byProject(session.project()).isPresent()) {
                    queue.debounced(new SessionRef(server, session.accession()), SyncOrigin.FEED, chain);
                } else {
                    LOG.infof("Not read, it belongs to no study session=%s/%s", server, session.accession());
                    metrics.counter("datman.ingest.sessions.of.no.study").increment();
                }
            }
            stored.store(cursor, number);
        });
    }

    /** As often as projects are listed. */
    private void countOthers(ChangeFeed changes) {
        Instant now = clock.instant();
        if (now.isBefore(nextCount)) {
            return;
        }
        Set<String> projects = studies.current().xnatProjects();
        List<String> others = changes.sessionsOutside(projects);
        nextCount = now.plus(settings.reconcileEvery());
        Reason reason = others.isEmpty() ? null : ofNoStudy(others);
        if (reason != null && !Objects.equals(reason, published)) {
            failures.xnat("changes", "of-no-study", Kind.PERMANENT, 1, reason);
        }
        published = reason;
    }

    private static Reason ofNoStudy(List<String> others) {
        String more = others.size() > NAMED ? " and " + (others.size() - NAMED) + " more" : "";
        return new Reason(
                "of-no-study",
                (others.size() == 1 ? "1 study on Orthanc belongs" : others.size() + " studies on Orthanc belong")
                        + " to no study of DATMAN: "
                        + String.join(", ", others.subList(0, Math.min(NAMED, others.size()))) + more,
                "Look them up on Orthanc by these ids. Where one is the lab's, correct the element that names its project, or"
                        + " add it to XnatProjects of its study; the others are left alone");
    }
}
