package org.datman.dashboard.projection;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.GoldStandardSet;
import org.datman.contracts.event.PipelineCancelled;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.QcAlarm;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ScanId;
import org.datman.contracts.event.SessionRef;
import org.datman.dashboard.projection.SessionSummary.SeriesWithStatus;
import org.datman.platform.latest.LatestEvents;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Projects events into the read model: the latest event, the timeline, the derived rows. Consuming an event again changes
 * nothing, and the order between topics does not matter.
 */
@ApplicationScoped
public class Projector {

    /** PostgreSQL channel that notifies of changed sessions, as {@code study/site session}, once committed. */
    public static final String CHANGES = "datman_dashboard";

    // SQL from here on: rows are computed at every event, and an upsert is one round trip without reading the row
    // before.
    private static final String TIMELINE_EVENT = """
            insert into timeline_event (event_id, topic, session, scan, published, source, cause, description)
            values (:eventId, :topic, :session, :scan, :published, :source, :cause, :description)
            on conflict (event_id) do update set published = least(timeline_event.published, excluded.published)
            """;
    private static final String SERIES = """
            insert into series (session, scan, series_number, description, tag, study, site, name, phantom, stage, state,
                code, reason, action, since, verdict, review, discovered, measured, verdict_seconds)
            values (:session, :scan, :number, :description, :tag, '', '', '', false, :stage, :state,
                :code, :reason, :action, :since, :verdict, :review, :discovered, :measured, :verdictSeconds)
            on conflict (session, scan) do update set series_number = excluded.series_number,
                description = excluded.description, tag = excluded.tag, stage = excluded.stage, state = excluded.state,
                code = excluded.code, reason = excluded.reason, action = excluded.action, since = excluded.since,
                verdict = excluded.verdict, review = excluded.review, discovered = excluded.discovered,
                measured = excluded.measured, verdict_seconds = excluded.verdict_seconds
            """;
    private static final String SESSION = """
            insert into session (session, server, accession, study, site, name, label, previous_label, project,
                subject_label, phantom, scan_day, status, named, name_problem, name_action, state, settled, checked,
                complete, missing, series, working, attention, failed, unreviewed, verdict, review, first_published,
                last_published, verdict_seconds, search)
            select :session, :server, :accession, :study, :site, :name, :label, :previousLabel, :project,
                :subjectLabel, :phantom, :day, :status, :named, :nameProblem.message, :nameProblem.action, :state, :settled, :checked,
                :complete, :missing, :series, :working, :attention, :failed, :unreviewed, :verdict, :review,
                coalesce((select min(published) from timeline_event where session = :session), to_timestamp(0)),
                coalesce((select max(published) from timeline_event where session = :session), to_timestamp(0)),
                :verdictSeconds, :search
            on conflict (session) do update set study = excluded.study, site = excluded.site, name = excluded.name,
                label = excluded.label, previous_label = excluded.previous_label, project = excluded.project,
                subject_label = excluded.subject_label, phantom = excluded.phantom, scan_day = excluded.scan_day,
                status = excluded.status, named = excluded.named, name_problem = excluded.name_problem,
                name_action = excluded.name_action, state = excluded.state, settled = excluded.settled,
                checked = excluded.checked, complete = excluded.complete, missing = excluded.missing,
                series = excluded.series, working = excluded.working, attention = excluded.attention,
                failed = excluded.failed, unreviewed = excluded.unreviewed, verdict = excluded.verdict,
                review = excluded.review, first_published = excluded.first_published, last_published = excluded.last_published,
                verdict_seconds = excluded.verdict_seconds, search = excluded.search
            """;
    private static final String SERIES_NAMES = """
            update series set study = :study, site = :site, name = :name, phantom = :phantom
            where session = :session and (study, site, name, phantom) is distinct from (:study, :site, :name, :phantom)
            """;
    private static final String METRIC_NAMES = """
            update metric set study = :study, site = :site, name = :name, day = :day, phantom = :phantom
            where session = :session
                and (study, site, name, day, phantom) is distinct from (:study, :site, :name, :day, :phantom)
            """;

    private final Jdbi jdbi;
    private final LatestEvents latest;
    private final ReportedFailures failures;
    private final ReportedAlarms alarms;

    Projector(@EveryStudy Jdbi jdbi, LatestEvents latest, ReportedFailures failures, ReportedAlarms alarms) {
        this.jdbi = jdbi;
        this.latest = latest;
        this.failures = failures;
        this.alarms = alarms;
    }

    /** Processes one event, in the current transaction or in a new one. */
    @Transactional
    public void apply(Envelope<?> envelope) {
        Event event = envelope.event();
        String session = event.sessionRef().map(SessionRef::identity).orElse("");
        String scan = event.scanId().map(ScanId::text).orElse("");
        jdbi.useHandle(handle -> {
            lock(handle, session);
            latest.storeIfNewer(envelope, thing(event));
            timelineEvent(handle, session, scan, envelope);
            if (event instanceof ProcessingFailed failed) {
                failures.store(failed, envelope.id());
            }
            if (event instanceof QcAlarm alarm) {
                alarms.store(alarm, envelope.time());
            }
            if (event instanceof PipelineUpdated) {
                measures(handle, session);
            }
            updateDerivedRows(handle, session, scan, event instanceof QcReviewed);
        });
    }

    /** Recomputes the derived rows of a session, after a person dismissed one of its failures. */
    @Transactional
    public void refresh(String session) {
        jdbi.useHandle(handle -> {
            lock(handle, session);
            updateDerivedRows(handle, session, "", true);
        });
    }

    private static void updateDerivedRows(Handle handle, String session, String scan, boolean allSeries) {
        ReportedFailures.updateOpen(handle, session);
        ReportedAlarms.updateOpen(handle, session);
        if (session.isEmpty()) {
            notifyPages(handle, "", "", "");
            return;
        }
        if (scan.isEmpty() && !allSeries) {
            session(handle, session);
            return;
        }
        List<OpenFailure> failures = ReportedFailures.ofSession(handle, session);
        if (scan.isEmpty()) {
            new SessionDetails(StoredEvents.ofSession(handle, session), failures)
                    .series()
                    .forEach(series -> series(handle, session, series));
        } else {
            series(
                    handle,
                    session,
                    SessionDetails.series(scan, StoredEvents.ofSeries(handle, session, scan), failures));
        }
        session(handle, session);
    }

    /**
     * Locks a session, or another name, in the current transaction: topics are consumed concurrently, and the derived rows of one
     * session are computed by one of them at a time.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void lock(String session) {
        jdbi.useHandle(handle -> lock(handle, session));
    }

    private static void lock(Handle handle, String session) {
        handle.createQuery("select pg_advisory_xact_lock(hashtextextended(:session, 0))::text")
                .bind("session", "dashboard " + session)
                .mapTo(String.class)
                .one();
    }

    /** Reviews, runs and requests are each a thing of their own: a later one does not replace an earlier one. */
    private static String thing(Event event) {
        if (event instanceof QcReviewed
                || event instanceof ReprocessRequested
                || event instanceof PipelineRequested
                || event instanceof PipelineCancelled
                || event instanceof GoldStandardSet) {
            return event.identity() + "#" + event.revision();
        } else if (event instanceof PipelineUpdated e) {
            return e.identity() + "#" + e.runKey();
        }
        return event.identity();
    }

    private static void timelineEvent(Handle handle, String session, String scan, Envelope<?> envelope) {
        handle.createUpdate(TIMELINE_EVENT)
                .bind("eventId", envelope.id())
                .bind("topic", envelope.event().type().topic())
                .bind("session", session)
                .bind("scan", scan)
                .bind("published", envelope.time())
                .bind("source", envelope.source())
                .bind("cause", envelope.causationId().orElse(""))
                .bind("description", envelope.event().summary().replace("\0", ""))
                .execute();
    }

    private static void series(Handle handle, String session, SeriesDetails series) {
        SeriesStatus state = SeriesStatus.of(series);
        handle.createUpdate(SERIES)
                .bind("session", session)
                .bind("scan", series.scan())
                .bind("number", series.findSeriesNumber().orElse(null))
                .bind("description", series.description().replace("\0", ""))
                .bind("tag", SessionSummary.tags(series))
                .bind("stage", state.stage().name())
                .bind("state", state.state().name())
                .bind("code", state.reason().code())
                .bind("reason", state.reason().message())
                .bind("action", state.reason().action())
                .bind("since", state.since())
                .bind("verdict", state.findVerdict().map(Enum::name).orElse(""))
                .bind("review", state.review().name())
                .bind("discovered", series.findDiscovered().map(Recorded::at).orElse(null))
                .bind("measured", state.measuredAt())
                .bind(
                        "verdictSeconds",
                        SessionSummary.verdictSeconds(new SeriesWithStatus(series, state))
                                .orElse(null))
                .execute();
        metrics(handle, session, series);
    }

    private static void metrics(Handle handle, String session, SeriesDetails series) {
        List<MetricValue> numbers = MetricValue.of(series);
        handle.createUpdate("""
                        delete from metric m where session = :session and scan = :scan and not exists (
                            select 1 from unnest(:stems, :keys, :versions) as now (stem, key, version)
                            where now.stem = m.stem and now.key = m.key and now.version::int > m.version::int)
                        """)
                .bind("session", session)
                .bind("scan", series.scan())
                .bindArray(
                        "stems",
                        String.class,
                        numbers.stream().map(MetricValue::stem).toList())
                .bindArray(
                        "keys",
                        String.class,
                        numbers.stream().map(MetricValue::key).toList())
                .bindArray(
                        "versions",
                        String.class,
                        numbers.stream().map(MetricValue::version).toList())
                .execute();
        insert(handle, session, series.scan(), numbers);
        // Values of an older definition stay, with the current review of their image.
        series.images()
                .forEach(image -> handle.createUpdate("update metric set review = :review where session = :session"
                                + " and scan = :scan and stem = :stem and review <> :review")
                        .bind("session", session)
                        .bind("scan", series.scan())
                        .bind("stem", image.product().stem())
                        .bind("review", image.review().name())
                        .execute());
    }

    private static void insert(Handle handle, String session, String scan, List<MetricValue> numbers) {
        PreparedBatch batch = handle.prepareBatch("""
                insert into metric (session, scan, stem, key, version, value, unit, study, site, tag, name, day, scanner,
                    software, coil, phantom, content, standing, verdict, review)
                values (:session, :scan, :stem, :key, :version, :value, :unit, '', '', :tag, '', to_timestamp(0)::date,
                    :scanner, :software, :coil, :phantom, :content, :standing, :verdict, :review)
                on conflict do nothing
                """);
        numbers.forEach(number -> batch.bind("session", session)
                .bind("scan", scan)
                .bindMethods(number)
                .add());
        if (batch.size() > 0) {
            batch.execute();
        }
    }

    /** Of the tools' numbers the current ones stay: those of an earlier run are in its table in the archive. */
    private static void measures(Handle handle, String session) {
        handle.createUpdate("delete from metric where session = :session and scan = ''")
                .bind("session", session)
                .execute();
        SessionDetails details = new SessionDetails(StoredEvents.ofSession(handle, session), List.of());
        insert(handle, session, "", MetricValue.of(details));
        LatestRuns.update(handle, session, details.runs());
    }

    private static void session(Handle handle, String session) {
        SessionDetails details = new SessionDetails(
                StoredEvents.ofSession(handle, session), ReportedFailures.ofSession(handle, session));
        SessionSummary row = SessionSummary.of(session, details);
        handle.createUpdate(SESSION).bind("session", session).bindMethods(row).execute();
        for (String names : List.of(SERIES_NAMES, METRIC_NAMES)) {
            handle.createUpdate(names).bind("session", session).bindMethods(row).execute();
        }
        notifyPages(handle, row.study(), row.site(), session);
    }

    private static void notifyPages(Handle handle, String study, String site, String session) {
        handle.createQuery("select pg_notify(:channel, :change)::text")
                .bind("channel", CHANGES)
                .bind("change", study + "/" + site + " " + session)
                .mapTo(String.class)
                .findOne();
    }
}
