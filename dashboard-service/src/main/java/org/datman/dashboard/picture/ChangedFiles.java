package org.datman.dashboard.picture;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionRef;
import org.datman.dashboard.picture.PublishedFiles.Published;
import org.datman.dashboard.projection.OwnEvents;
import org.datman.dashboard.projection.Projector;
import org.jdbi.v3.core.Jdbi;

/** Reports once that a file of the archive is not as it was published, and closes the failure when it is again. */
@ApplicationScoped
class ChangedFiles {

    /** The code in failures. */
    static final String CODE = "files-changed";

    private final Jdbi jdbi;
    private final Projector projector;
    private final OwnEvents events;
    private final Clock clock;

    ChangedFiles(Jdbi jdbi, Projector projector, OwnEvents events, Clock clock) {
        this.jdbi = jdbi;
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
        boolean reported = jdbi.withHandle(handle -> {
            Projector.lock(handle, published.session());
            return handle.createQuery("select exists (select 1 from failure where identity = :identity and open)")
                    .bind("identity", failed.identity())
                    .mapTo(Boolean.class)
                    .one();
        });
        if (!reported) {
            events.publish(failed);
        }
    }

    /** Closes the failures of a file that is as published again. */
    @Transactional
    void close(String path) {
        record Open(String identity, String session) {}
        List<Open> open = jdbi.withHandle(handle -> handle.createQuery(
                        "select identity, session from failure where open and code = :code and service = :service and cause = :path")
                .bind("code", CODE)
                .bind("service", events.service())
                .bind("path", path)
                .map((row, context) -> new Open(row.getString("identity"), row.getString("session")))
                .list());
        for (Open failure : open) {
            jdbi.useHandle(handle -> handle.execute(
                    "insert into acknowledgement (failure, by, note, time) values (?, ?, ?, ?) on conflict (failure)"
                            + " do update set by = excluded.by, note = excluded.note, time = excluded.time",
                    failure.identity(),
                    events.service(),
                    "The file is as it was published again",
                    clock.instant()));
            projector.refresh(failure.session());
        }
    }
}
