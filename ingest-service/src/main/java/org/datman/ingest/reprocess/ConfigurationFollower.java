package org.datman.ingest.reprocess;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.datman.contracts.event.ConfigurationRead;
import org.datman.contracts.event.ConfigurationRead.Held;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.ingest.configuration.Acceptance;
import org.datman.ingest.failure.IngestFailures;
import org.datman.ingest.outgoing.ChainedOutbox;
import org.datman.ingest.outgoing.EventChain;
import org.datman.ingest.published.SessionStore;
import org.datman.ingest.queue.SessionQueue;
import org.datman.ingest.queue.SyncOrigin;
import org.datman.ingest.setting.Settings;
import org.datman.ingest.sync.SessionUpdate;
import org.datman.platform.event.OutageException;
import org.datman.platform.event.TransientErrors;
import org.datman.platform.study.Studies;
import org.jboss.logging.Logger;

/**
 * When the study configuration has changed, publishes it with its errors, and publishes the affected session names and series
 * again, so that the new rules apply. Work done before a crash is not repeated: a session with the current revision is skipped.
 */
@ApplicationScoped
public class ConfigurationFollower {

    private static final String PUBLISHED_REVISION = "published-configuration";
    private static final String PUBLISHED_STATE = "published-configuration-state";

    private static final Logger LOG = Logger.getLogger(ConfigurationFollower.class);

    private final Acceptance acceptance;
    private final Studies studies;
    private final SessionStore store;
    private final Settings stored;
    private final SessionUpdate update;
    private final SessionQueue queue;
    private final ChainedOutbox outbox;
    private final Clock clock;

    /** Sessions and revisions whose failure is published, while others of the revision wait for an end of an outage. */
    private final Set<String> failed = new HashSet<>();

    ConfigurationFollower(
            Acceptance acceptance,
            Studies studies,
            SessionStore store,
            Settings stored,
            SessionUpdate update,
            SessionQueue queue,
            ChainedOutbox outbox,
            Clock clock) {
        this.acceptance = acceptance;
        this.studies = studies;
        this.store = store;
        this.stored = stored;
        this.update = update;
        this.queue = queue;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Scheduled(
            every = "${datman.ingest.tick:1s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void tick() {
        try {
            acceptance.check();
        } catch (IOException | OutageException e) {
            // Nothing is evaluated again while the texts in force are unknown.
            LOG.warnf("The study configuration waits, the archive cannot be written error=%s", e.getMessage());
            return;
        }
        StudyConfigurations now = studies.current();
        publish(now, acceptance.held());
        String revision = now.revision();
        if (revision.equals(QuarkusTransaction.requiringNew().call(() -> stored.value(PUBLISHED_REVISION)))) {
            return;
        }
        List<SessionRef> sessions = QuarkusTransaction.requiringNew().call(store::present);
        EventChain chain = EventChain.first("configuration/" + revision);
        boolean all = true;
        for (SessionRef ref : sessions) {
            try {
                update.reconsider(ref, chain);
            } catch (RuntimeException e) {
                // The others do not wait for it.
                if (TransientErrors.isOutage(e)) {
                    all = false;
                    LOG.warnf("A session does not follow the study configuration yet session=%s error=%s", ref, e);
                } else if (!failed.contains(ref.identity() + " " + revision)) {
                    LOG.errorf(e, "A session does not follow the study configuration session=%s", ref);
                    readInstead(ref, chain, e);
                    failed.add(ref.identity() + " " + revision);
                }
            }
        }
        if (!all) {
            return;
        }
        QuarkusTransaction.requiringNew().run(() -> stored.store(PUBLISHED_REVISION, revision));
        failed.clear();
    }

    /** Publishes that a session could not be evaluated, and has it read: a complete read applies the configuration as well. */
    private void readInstead(SessionRef ref, EventChain chain, RuntimeException e) {
        QuarkusTransaction.requiringNew().run(() -> {
            outbox.publish(
                    chain,
                    // The exception's message may quote a label.
                    IngestFailures.inSession(
                            ref,
                            "follow-configuration",
                            new Reason(
                                    "configuration-not-applied",
                                    "The changed study configuration could not be applied to the session, for a "
                                            + e.getClass().getSimpleName(),
                                    "It is read from its server instead. If that fails too, look at the log of ingest, then press 'Reprocess'"),
                            clock.instant()));
            queue.now(ref, SyncOrigin.CONFIGURATION, chain);
        });
    }

    /** Publishes the configuration and its errors, once per change; after a restart only if either changed in the meantime. */
    private void publish(StudyConfigurations now, List<Held> held) {
        String state = now.revision() + now.errors() + (held.isEmpty() ? "" : held.toString());
        QuarkusTransaction.requiringNew().run(() -> {
            if (state.equals(stored.value(PUBLISHED_STATE))) {
                return;
            }
            EventChain chain = EventChain.first("configuration/" + now.revision());
            outbox.publish(
                    chain,
                    new ConfigurationRead(
                            now.revision(),
                            now.valid().keySet().stream().sorted().toList(),
                            now.errors().stream()
                                    .map(e -> new ConfigurationRead.Fault(
                                            e.file(), e.line(), e.column(), e.key(), e.problem(), e.allowed()))
                                    .toList(),
                            clock.instant(),
                            Optional.of(held)));
            stored.store(PUBLISHED_STATE, state);
        });
    }
}
