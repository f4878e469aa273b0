package org.datman.dashboard.inbox;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.datman.contracts.event.ConfigurationRead;
import org.datman.contracts.event.FormChecked;
import org.datman.contracts.event.VisitChecked;
import org.datman.dashboard.access.GrantedStudies;
import org.datman.dashboard.listing.FormListing;
import org.datman.dashboard.listing.VisitListing;
import org.datman.dashboard.pipeline.RunListing;
import org.datman.dashboard.projection.DetailsReader;
import org.datman.dashboard.projection.OpenFailure;
import org.datman.dashboard.projection.ReportedAlarms;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/** Collects everything that needs a person. Each list is limited to {@link #MOST}. */
@ApplicationScoped
public class Inbox {

    static final int MOST = 100;

    // SQL, for reading only: lists of derived rows by their partial indexes, each a condition of one query.
    private final Jdbi jdbi;
    private final DetailsReader detailsReader;
    private final GrantedStudies studies;
    private final OverdueSessions overdue;
    private final VisitListing visits;
    private final FormListing forms;
    private final RunListing runs;

    Inbox(
            Jdbi jdbi,
            DetailsReader detailsReader,
            GrantedStudies studies,
            OverdueSessions overdue,
            VisitListing visits,
            FormListing forms,
            RunListing runs) {
        this.jdbi = jdbi;
        this.detailsReader = detailsReader;
        this.studies = studies;
        this.overdue = overdue;
        this.visits = visits;
        this.forms = forms;
        this.runs = runs;
    }

    /** A series that waits for a person. */
    public record WaitingSeries(
            String session,
            String scan,
            String description,
            String tag,
            String study,
            String name,
            String label,
            String state,
            String code,
            String reason,
            String action,
            Instant since,
            String verdict) {

        public String title() {
            return name.isEmpty() ? label : name;
        }
    }

    /** A session that waits for a person, and why. */
    public record WaitingSession(
            String session, String study, String name, String label, String reason, String action, Instant since) {

        public String title() {
            return !name.isEmpty() ? name : !label.isEmpty() ? label : session;
        }
    }

    /** All of it. */
    public record Content(
            List<OpenFailure> failures,
            List<RunListing.Run> runs,
            List<RunListing.Run> steps,
            List<ReportedAlarms.AlarmRow> alarms,
            List<WaitingSeries> failed,
            List<WaitingSeries> rules,
            List<WaitingSeries> images,
            List<WaitingSession> unnamed,
            List<WaitingSession> incomplete,
            List<WaitingSession> reopened,
            List<WaitingSeries> unreviewed,
            List<ConfigurationRead.Fault> configuration,
            List<DetailsReader.HeldChange> held,
            List<WaitingSession> overdue,
            List<VisitChecked> visits,
            List<FormChecked> forms) {

        /** The length of a list, with "or more" where it may be cut: a truncated count must not look complete. */
        public String counted(List<?> list) {
            return list.size() < MOST ? Integer.toString(list.size()) : MOST + " or more";
        }

        public boolean empty() {
            return count() == 0;
        }

        public int count() {
            return failures.size()
                    + runs.size()
                    + steps.size()
                    + alarms.size()
                    + failed.size()
                    + rules.size()
                    + images.size()
                    + unnamed.size()
                    + incomplete.size()
                    + reopened.size()
                    + unreviewed.size()
                    + configuration.size()
                    + held.size()
                    + overdue.size()
                    + visits.size()
                    + forms.size();
        }
    }

    /** Everything that needs a person now. */
    public Content content() {
        return new Content(
                detailsReader.openFailures(false, MOST),
                runs.openFailures(MOST),
                runs.manualSteps(MOST),
                detailsReader.openAlarms(MOST),
                // A failure that was published as processing-failed is in the first list already.
                series("""
                        s.state = 'FAILED' and not exists (select 1 from failure f where f.open
                            and f.session = s.session and f.scan = s.scan and f.kind <> 'TRANSIENT')
                        """),
                series("s.state = 'ATTENTION' and s.stage = 'TAGGED'"),
                series("s.state = 'ATTENTION' and s.stage <> 'TAGGED'"),
                sessions(
                        "not named and status <> 'DELETED'",
                        "case when name_problem = '' then 'It has no name' else name_problem end",
                        "name_action"),
                sessions(
                        "checked and not complete and state = 'ATTENTION' and review <> 'STALE'",
                        "case when missing > 0 then missing || ' series missing' else 'not as expected' end",
                        "'Look at what is missing or too much; sign it off to accept it'"),
                sessions(
                        "review = 'STALE' and status <> 'DELETED'",
                        "'Something changed after it was signed off'",
                        "'Look at what is new, then sign it off again'"),
                series("s.stage = 'MEASURED' and s.state = 'DONE'"),
                configuration(),
                detailsReader.heldChanges(),
                overdue.sessions(),
                visits.open(MOST),
                forms.open(MOST));
    }

    /** Problems that the dashboard reads itself, and those that ingest reported, which may see another copy of the files. */
    private List<ConfigurationRead.Fault> configuration() {
        return Stream.concat(
                        studies.shown().errors().stream()
                                .map(e -> new ConfigurationRead.Fault(
                                        e.file(), e.line(), e.column(), e.key(), e.problem(), e.allowed())),
                        detailsReader.configurationFaults().stream())
                .distinct()
                .toList();
    }

    private List<WaitingSeries> series(String condition) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select s.session, s.scan, s.description, s.tag, s.study, s.name,
                            coalesce(nullif(x.label, ''), s.session) as label, s.state, s.code, s.reason, s.action,
                            s.since, s.verdict
                        from series s left join session x on x.session = s.session
                        where coalesce(x.status, '') <> 'DELETED' and\s""" + condition + " order by s.since desc limit " + MOST)
                .map(ConstructorMapper.of(WaitingSeries.class))
                .list());
    }

    private List<WaitingSession> sessions(String condition, String reason, String action) {
        return jdbi.withHandle(handle -> handle.createQuery("select session, study, name, label, " + reason
                        + " as reason, " + action + " as action, last_published as since from session where "
                        + condition
                        + " order by last_published desc limit " + MOST)
                .map(ConstructorMapper.of(WaitingSession.class))
                .list());
    }
}
