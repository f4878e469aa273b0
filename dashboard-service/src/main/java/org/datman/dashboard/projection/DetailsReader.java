package org.datman.dashboard.projection;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.datman.contracts.event.ConfigurationConfirmed;
import org.datman.contracts.event.ConfigurationRead;
import org.datman.contracts.event.PipelinePaused;
import org.datman.dashboard.access.Access;
import org.datman.dashboard.access.AccessScope;
import org.datman.dashboard.access.GrantedStudies;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Reads details of sessions and open failures from the read model. */
@ApplicationScoped
public class DetailsReader {

    // SQL, for reading only: events in jsonb, which the platform writes by JDBC.
    private final Jdbi jdbi;
    private final Jdbi everyStudy;
    private final Access access;

    DetailsReader(Jdbi jdbi, @EveryStudy Jdbi everyStudy, Access access) {
        this.jdbi = jdbi;
        this.everyStudy = everyStudy;
        this.access = access;
    }

    /** The details of a session; empty when no event names it. */
    public SessionDetails of(String session) {
        return jdbi.withHandle(handle -> new SessionDetails(
                StoredEvents.ofSession(handle, session), ReportedFailures.ofSession(handle, session)));
    }

    /** The faults of the study files, as ingest last read them. */
    public List<ConfigurationRead.Fault> configurationFaults() {
        // One event about all studies: what of it may be seen is decided here.
        AccessScope scope = access.scope();
        return everyStudy
                .withHandle(StoredEvents::configuration)
                .map(ConfigurationRead::faults)
                .orElse(List.of())
                .stream()
                .filter(fault -> GrantedStudies.isGranted(scope, fault.file()))
                .toList();
    }

    /**
     * A change of a study that is not applied before a person confirms it.
     *
     * @param confirmedBy who confirmed it, if anybody did; ingest applies it within seconds and then no longer publishes it as held
     */
    public record HeldChange(
            String study,
            String change,
            String file,
            String message,
            long series,
            @Nullable String confirmedBy) {}

    /** The changes of the study configuration that wait for a person, as ingest last published them. */
    public List<HeldChange> heldChanges() {
        AccessScope scope = access.scope();
        return everyStudy.withHandle(handle -> {
            Optional<ConfigurationRead> read = StoredEvents.configuration(handle);
            return read.flatMap(ConfigurationRead::held).orElse(List.of()).stream()
                    .filter(held -> scope.wholeStudy(held.study()))
                    .map(held -> new HeldChange(
                            held.study(),
                            held.change(),
                            held.file(),
                            held.message(),
                            held.series(),
                            // The same text may be held again after it was reverted: that needs its own confirmation.
                            StoredEvents.confirmed(handle, held, read.get().time())
                                    .map(ConfigurationConfirmed::confirmedBy)
                                    .orElse(null)))
                    .toList();
        });
    }

    /** What people last decided about pausing the pipelines of a study, by the name of the pipeline. */
    public Map<String, PipelinePaused> pauses(String study) {
        return jdbi.withHandle(handle -> StoredEvents.pauses(handle, study)).stream()
                .collect(Collectors.toMap(PipelinePaused::pipeline, Function.identity()));
    }

    /** The open alarms of all sessions, newest first, at most {@code limit}. */
    public List<ReportedAlarms.AlarmRow> openAlarms(int limit) {
        return jdbi.withHandle(handle -> ReportedAlarms.open(handle, limit));
    }

    /** The alarms that were noticed with a session. */
    public List<ReportedAlarms.AlarmRow> alarmsOf(String session) {
        return jdbi.withHandle(handle -> ReportedAlarms.ofSession(handle, session));
    }

    /** The open failures of all sessions and of none, newest first, at most {@code limit}. */
    public List<OpenFailure> openFailures(boolean withTransient, int limit) {
        return jdbi.withHandle(handle -> ReportedFailures.open(handle, withTransient, limit));
    }
}
