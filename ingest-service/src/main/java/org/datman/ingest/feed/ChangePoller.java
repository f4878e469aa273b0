package org.datman.ingest.feed;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.datman.contracts.event.ProcessingFailed.Kind;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.ingest.IngestSettings;
import org.datman.ingest.failure.IngestFailures;
import org.datman.ingest.failure.Outages;
import org.datman.ingest.failure.Troubles;
import org.datman.ingest.outgoing.EventChain;
import org.datman.ingest.queue.SessionQueue;
import org.datman.ingest.queue.SyncOrigin;
import org.datman.ingest.setting.Settings;
import org.datman.platform.study.Studies;
import org.datman.xnat.ChangeFeed;
import org.datman.xnat.ChangeFeed.Changes;
import org.datman.xnat.ImageSource;
import org.datman.xnat.XnatDenied;
import org.datman.xnat.XnatException;
import org.datman.xnat.XnatListed;
import org.datman.xnat.XnatOutage;
import org.datman.xnat.XnatProtocol;
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
    private static final int MOST_UNREAD = 200;
    private static final String STAGE = "changes";
    private static final String NOT_LOOKED_UP = "changes-not-looked-up";
    private static final String CHANGED_STUDIES = "A changed study on Orthanc";
    private static final String OF_NO_STUDY = "of-no-study";

    private final @Nullable ChangeFeed feed;
    private final String server;
    private final Settings stored;
    private final SessionQueue queue;
    private final Outages outages;
    private final Troubles troubles;
    private final Studies studies;
    private final IngestFailures failures;
    private final IngestSettings settings;
    private final Clock clock;
    private final MeterRegistry metrics;
    private Instant nextRead = Instant.MIN;
    private Instant nextCount = Instant.MIN;

    ChangePoller(
            ImageSource source,
            Settings stored,
            SessionQueue queue,
            Outages outages,
            Troubles troubles,
            Studies studies,
            IngestFailures failures,
            IngestSettings settings,
            Clock clock,
            MeterRegistry metrics) {
        this.feed = source instanceof ChangeFeed changes ? changes : null;
        this.server = source.server();
        this.stored = stored;
        this.queue = queue;
        this.outages = outages;
        this.troubles = troubles;
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
        boolean reads = isDue(nextRead);
        boolean counts = isDue(nextCount);
        // Who asks whether to wait takes the one probe of an outage: only who then asks the server may.
        if (feed == null || !reads && !counts || outages.backOff().isPresent()) {
            return;
        }
        // Each by itself: what one cannot read holds up no other.
        if (reads && !attempt(() -> readChanges(feed), "changes-not-read", "The changes on Orthanc")) {
            nextRead = clock.instant().plus(settings.confirmEvery());
        }
        if (counts) {
            nextCount = clock.instant().plus(settings.reconcileEvery());
            attempt(() -> lookUpUnread(feed), NOT_LOOKED_UP, CHANGED_STUDIES);
            attempt(() -> countOthers(feed), "studies-not-listed", "The list of all studies on Orthanc");
        }
    }

    private boolean isDue(Instant time) {
        return !clock.instant().isBefore(time);
    }

    /** Returns whether it may be tried again soon. What is not read now is found by the listings of the projects. */
    private boolean attempt(Runnable part, String trouble, String what) {
        try {
            part.run();
            outages.up();
            troubles.end(STAGE, about(trouble), Reason.of(trouble + "-resumed", what + " can be read"));
            return true;
        } catch (XnatOutage e) {
            outages.down(e);
            return true;
        } catch (XnatException e) {
            LOG.warnf("Not read server=%s part=%s error=%s", server, trouble, e.getMessage());
            if (e instanceof XnatDenied denied && denied.isAccount()) {
                outages.refused(denied, settings.reconcileEvery());
                return false;
            }
            outages.up();
            troubles.begin(
                    STAGE, about(trouble), e.getMessage(), Kind.PERMANENT, 1, notRead(trouble, what, e.getMessage()));
            return false;
        }
    }

    private static Reason notRead(String trouble, String what, String why) {
        return new Reason(
                trouble,
                what + " cannot be read: " + why,
                "Give DATMAN's account the right to it, or look at Orthanc; it is tried again by itself. Sessions are found"
                        + " by the lists of all studies meanwhile");
    }

    private String about(String trouble) {
        return trouble + "/" + server;
    }

    private void readChanges(ChangeFeed changes) {
        String cursor = "last-change/" + server;
        String number = value(cursor);
        if (number.isEmpty()) {
            long newest = changes.lastChange();
            QuarkusTransaction.requiringNew().run(() -> stored.store(cursor, Long.toString(newest)));
            return;
        }
        long last = Long.parseLong(number);
        Changes page;
        do {
            page = changes.changesAfter(last);
            if (page.last() == last) {
                return;
            }
            if (page.last() < last) {
                beginAgain(cursor, last, page.last());
                last = 0;
                page = changes.changesAfter(last);
            }
            store(cursor, Long.toString(page.last()), page);
            last = page.last();
        } while (!page.complete());
    }

    /** All changes that there are: a session that is as it was is read and published no further. */
    private void beginAgain(String cursor, long ours, long theirs) {
        LOG.warnf("The changes begin again server=%s last=%d before=%d", server, theirs, ours);
        failures.xnat(
                STAGE,
                about("changes-began-again"),
                Kind.PERMANENT,
                1,
                new Reason(
                        "changes-began-again",
                        "Orthanc numbers its changes anew: the last one is " + theirs + ", and " + ours
                                + " was read before. Its database was replaced or restored",
                        "All its studies are looked at once more by themselves; those that it lost are reported as deleted."
                                + " Press 'Dismiss' if that was on purpose, else look at Orthanc"));
        QuarkusTransaction.requiringNew().run(() -> stored.store(cursor, "0"));
    }

    /** Those that could not be looked up before; what still cannot be is published. */
    private void lookUpUnread(ChangeFeed changes) {
        Set<String> before = unread();
        if (before.isEmpty()) {
            return;
        }
        Changes page = changes.lookUp(before);
        QuarkusTransaction.requiringNew().run(() -> enqueue(page, EventChain.first("change/" + server + "/again")));
        storeUnread(page.unread().keySet());
        if (!page.unread().isEmpty()) {
            throw new XnatProtocol(first(page.unread()));
        }
    }

    private static String first(Map<String, String> unread) {
        return new TreeMap<>(unread).firstEntry().getValue();
    }

    private void publishUnread(Map<String, String> unread) {
        String first = first(unread);
        troubles.begin(
                STAGE, about(NOT_LOOKED_UP), first, Kind.PERMANENT, 1, notRead(NOT_LOOKED_UP, CHANGED_STUDIES, first));
    }

    private Set<String> unread() {
        String paths = value("unread-changes/" + server);
        return paths.isEmpty() ? Set.of() : new LinkedHashSet<>(List.of(paths.split(" ")));
    }

    private void storeUnread(Collection<String> paths) {
        if (paths.size() > MOST_UNREAD) {
            LOG.warnf(
                    "Not all changes that cannot be looked up are kept; the listings find them server=%s kept=%d of=%d",
                    server, MOST_UNREAD, paths.size());
        }
        QuarkusTransaction.requiringNew()
                .run(() -> stored.store(
                        "unread-changes/" + server,
                        paths.stream().sorted().limit(MOST_UNREAD).collect(Collectors.joining(" "))));
    }

    private String value(String name) {
        return QuarkusTransaction.requiringNew().call(() -> stored.value(name));
    }

    private void store(String cursor, String number, Changes page) {
        if (!page.unread().isEmpty()) {
            Set<String> all = new LinkedHashSet<>(unread());
            all.addAll(page.unread().keySet());
            storeUnread(all);
            publishUnread(page.unread());
        }
        QuarkusTransaction.requiringNew().run(() -> {
            enqueue(page, EventChain.first("change/" + server + "/" + number));
            stored.store(cursor, number);
        });
    }

    private void enqueue(Changes page, EventChain chain) {
        for (XnatListed session : page.sessions()) {
            if (studies.current().byProject(session.project()).isPresent()) {
                queue.debounced(new SessionRef(server, session.accession()), SyncOrigin.FEED, chain);
            } else {
                LOG.infof("Not read, it belongs to no study session=%s/%s", server, session.accession());
                metrics.counter("datman.ingest.sessions.of.no.study").increment();
            }
        }
    }

    private void countOthers(ChangeFeed changes) {
        List<String> others = changes.sessionsOutside(studies.current().xnatProjects());
        if (others.isEmpty()) {
            troubles.end(
                    STAGE,
                    about(OF_NO_STUDY),
                    Reason.of(OF_NO_STUDY + "-resumed", "Every study on Orthanc is of a study of DATMAN"));
        } else {
            Reason reason = ofNoStudy(others);
            troubles.begin(STAGE, about(OF_NO_STUDY), reason.message(), Kind.PERMANENT, 1, reason);
        }
    }

    private static Reason ofNoStudy(List<String> others) {
        String more = others.size() > NAMED ? " and " + (others.size() - NAMED) + " more" : "";
        return new Reason(
                OF_NO_STUDY,
                (others.size() == 1 ? "1 study on Orthanc belongs" : others.size() + " studies on Orthanc belong")
                        + " to no study of DATMAN: "
                        + String.join(", ", others.subList(0, Math.min(NAMED, others.size()))) + more,
                "Look them up on Orthanc by these ids. Where one is the lab's, correct the element that names its project, or"
                        + " add it to XnatProjects of its study; the others are left alone");
    }
}
