package org.datman.dashboard.picture;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Optional;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.dashboard.acknowledgement.Acknowledgements;
import org.datman.dashboard.picture.PublishedFiles.Published;
import org.datman.dashboard.projection.FailedWork;
import org.datman.dashboard.projection.OwnEvents;
import org.datman.dashboard.projection.Projector;
import org.datman.dashboard.projection.ReportedFailures;

/** Reports once that a file of the archive is not as it was published, and closes the failure when it is again. */
@ApplicationScoped
class ChangedFiles {

    /** The code in failures. */
    static final String CODE = "files-changed";

    private final ReportedFailures failures;
    private final Acknowledgements acknowledgements;
    private final Projector projector;
    private final OwnEvents events;
    private final Clock clock;

    ChangedFiles(
            ReportedFailures failures,
            Acknowledgements acknowledgements,
            Projector projector,
            OwnEvents events,
            Clock clock) {
        this.failures = failures;
        this.acknowledgements = acknowledgements;
        this.projector = projector;
        this.events = events;
        this.clock = clock;
    }

    /** Reports that a file is not as published, unless that is reported already. */
    @Transactional
    void report(String path, Published published, String problem) {
        int slash = published.session().indexOf('/');
        ProcessingFailed failed = ProcessingFailedBuilder.builder()
                .service(events.service())
                .stage(published.stage())
                .kind(ProcessingFailed.Kind.PERMANENT)
                .attempts(1)
                .reason(new Reason(
                        CODE,
                        path + " was not served: " + problem,
                        "Press 'Reprocess': the file is created again. Find out who or what changed it (a person, a"
                                + " program, the storage)"))
                .time(clock.instant())
                .session(Optional.of(new SessionRef(
                        published.session().substring(0, slash),
                        published.session().substring(slash + 1))))
                .scan(published.scan().isEmpty() ? Optional.empty() : Optional.of(published.scan()))
                .cause(Optional.of(path))
                .build();
        projector.lock(published.session());
        if (!failures.isOpen(failed.identity())) {
            events.publish(failed);
        }
    }

    /** Closes the failures of a file that is as published again. */
    @Transactional
    void close(String path) {
        for (FailedWork work : failures.openWork(events.service(), CODE, path)) {
            acknowledgements.acknowledge(
                    work.identity(), work.session(), events.service(), "The file is as it was published again");
        }
    }
}
