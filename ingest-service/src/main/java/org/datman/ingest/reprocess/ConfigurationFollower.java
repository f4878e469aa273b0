package org.datman.ingest.reprocess;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.ConfigurationRead;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.ingest.hint.Hints;
import org.datman.ingest.hint.SessionHint;
import org.datman.ingest.reconcile.Remembered;
import org.datman.ingest.session.SessionState;
import org.datman.ingest.session.SessionUpdate;
import org.datman.ingest.session.Telling;
import org.datman.ingest.session.Telling.Chain;
import org.datman.platform.study.Studies;

/**
 * When the study configuration has changed, says so with what is wrong in it, and says again what it changes: names of sessions, and their series, so that they are
 * judged by the new rules. What was done before a kill is not done twice: a session that knows the revision is left alone.
 */
@ApplicationScoped
public class ConfigurationFollower {

    private static final String TOLD = "told-configuration";
    private static final String TOLD_STATE = "told-configuration-state";

    private final Studies studies;
    private final SessionUpdate update;
    private final Hints hints;
    private final Telling telling;
    private final Clock clock;

    ConfigurationFollower(Studies studies, SessionUpdate update, Hints hints, Telling telling, Clock clock) {
        this.studies = studies;
        this.update = update;
        this.hints = hints;
        this.telling = telling;
        this.clock = clock;
    }

    @Scheduled(
            every = "${datman.ingest.tick:1s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void tick() {
        StudyConfigurations now = studies.current();
        tell(now);
        String revision = now.revision();
        if (revision.equals(QuarkusTransaction.requiringNew().call(() -> Remembered.of(TOLD)))) {
            return;
        }
        List<SessionRef> sessions = QuarkusTransaction.requiringNew()
                .call(() -> SessionState.<SessionState>list("deleted = false").stream()
                        .map(s -> new SessionRef(s.server, s.accession))
                        .toList());
        Chain chain = new Chain("configuration/" + revision, Optional.empty());
        for (SessionRef ref : sessions) {
            if (update.reconsider(ref, chain)) {
                QuarkusTransaction.requiringNew().run(() -> hints.now(ref, SessionHint.Origin.CONFIGURATION, chain));
            }
        }
        QuarkusTransaction.requiringNew().run(() -> Remembered.put(TOLD, revision));
    }

    /** Says what holds and what is wrong, once each time that either changes; after a restart only if it did meanwhile. */
    private void tell(StudyConfigurations now) {
        String state = now.revision() + now.errors();
        QuarkusTransaction.requiringNew().run(() -> {
            if (state.equals(Remembered.of(TOLD_STATE))) {
                return;
            }
            Chain chain = new Chain("configuration/" + now.revision(), Optional.empty());
            telling.say(
                    chain,
                    new ConfigurationRead(
                            now.revision(),
                            now.valid().keySet().stream().sorted().toList(),
                            now.errors().stream()
                                    .map(e -> new ConfigurationRead.Fault(
                                            e.file(), e.line(), e.column(), e.key(), e.problem(), e.allowed()))
                                    .toList(),
                            clock.instant()));
            Remembered.put(TOLD_STATE, state);
        });
    }
}
