package org.datman.ingest.reprocess;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.SessionRef;
import org.datman.ingest.hint.Hints;
import org.datman.ingest.hint.SessionHint;
import org.datman.ingest.reconcile.Remembered;
import org.datman.ingest.session.SessionState;
import org.datman.ingest.session.SessionUpdate;
import org.datman.ingest.session.Telling.Chain;
import org.datman.platform.study.Studies;

/**
 * When the study configuration has changed, says again what it changes: names of sessions, and their series, so that they are
 * judged by the new rules. What was done before a kill is not done twice: a session that knows the revision is left alone.
 */
@ApplicationScoped
public class ConfigurationFollower {

    private static final String TOLD = "told-configuration";

    private final Studies studies;
    private final SessionUpdate update;
    private final Hints hints;

    ConfigurationFollower(Studies studies, SessionUpdate update, Hints hints) {
        this.studies = studies;
        this.update = update;
        this.hints = hints;
    }

    @Scheduled(
            every = "${datman.ingest.tick:1s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void tick() {
        String revision = studies.current().revision();
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
}
