package org.datman.dashboard.projection;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.QcAlarm;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;

/** The table of alarms. A note is shown and needs no action. */
@ApplicationScoped
public class ReportedAlarms implements PanacheRepositoryBase<ReportedAlarm, String> {

    // SQL: all alarms of a session in one statement, at every event of it.
    private static final String UPDATE_OPEN = """
            update alarm a set open = a.state = 'RAISED' and a.severity <> 'note'
                and not exists (select 1 from acknowledgement k where k.failure = a.identity)
            where a.session = :session
            """;
    // SQL: read into records, with the newest reading of each history by its index.
    private static final String SELECT = """
            select a.identity, a.session, a.scan, a.stem, a.study, a.site, a.tag, a.name, a.phantom, a.subject, a.rule,
                a.severity, a.state, a.since, a.noticed, a.until, a.usual, a.now, a.message, a.action, a.published, a.open,
                k.by, k.note, latest.replaced
            from alarm a left join acknowledgement k on k.failure = a.identity
            left join lateral (
                select case
                    when m.software <> '' and m.software <> a.software then 'the scanner has ' || m.software || ' since'
                    when m.version::int > nullif(a.version, '')::int
                        then 'the metric has definition v' || m.version || ' since' end as replaced
                from metric m where m.study = a.study and m.tag = a.tag and m.key = a.subject
                    and m.site = a.site and m.scanner = a.scanner and m.phantom = a.phantom
                order by m.day desc, m.version::int desc, m.software desc limit 1) latest on true
            """;

    /**
     * An alarm.
     *
     * @param until the last day, when it is over
     * @param by who acknowledged it, if anybody did
     * @param note the note of that person
     * @param replaced text about newer software of the scanner or a newer definition of the metric: the history that
     *     the alarm belongs to has ended, and so has the alarm
     */
    public record AlarmRow(
            String identity,
            String session,
            String scan,
            String stem,
            String study,
            String site,
            String tag,
            String name,
            boolean phantom,
            String subject,
            String rule,
            String severity,
            String state,
            LocalDate since,
            LocalDate noticed,
            @Nullable LocalDate until,
            String usual,
            String now,
            String message,
            String action,
            Instant published,
            boolean open,
            @Nullable String by,
            @Nullable String note,
            @Nullable String replaced) {

        /** The badge of its severity. */
        public String badge() {
            return switch (severity) {
                case "flag" -> "FLAG";
                case "warn" -> "WARN";
                default -> "NOTE";
            };
        }

        /** Whether it is about a metric, which then has a chart. */
        public boolean charted() {
            return !rule.equals("HEADER_DRIFT");
        }
    }

    /** Stores an alarm unless a later revision of it is stored, in a transaction that has locked the session. */
    void store(QcAlarm event, Instant published) {
        ReportedAlarm known = findById(event.identity());
        if (known == null) {
            persist(new ReportedAlarm(event, published));
        } else if (known.revision() < event.alarmRevision()) {
            known.update(event, published);
        }
        flush();
    }

    /** The session of an alarm, as {@code server/accession}. */
    public Optional<String> findSession(String identity) {
        return findByIdOptional(identity).map(ReportedAlarm::session);
    }

    /** Updates for each alarm of a session whether it is open. */
    static void updateOpen(Handle handle, String session) {
        handle.createUpdate(UPDATE_OPEN).bind("session", session).execute();
    }

    /** The open ones, newest first. */
    static List<AlarmRow> open(Handle handle, int limit) {
        return handle.createQuery(
                        SELECT
                                + " where a.open and latest.replaced is null order by a.published desc, a.identity limit :limit")
                .bind("limit", limit)
                .map(ConstructorMapper.of(AlarmRow.class))
                .list();
    }

    /** Those of a session, except withdrawn ones. */
    static List<AlarmRow> ofSession(Handle handle, String session) {
        return handle.createQuery(
                        SELECT
                                + " where a.session = :session and a.state <> 'WITHDRAWN' order by a.open desc, a.severity, a.identity")
                .bind("session", session)
                .map(ConstructorMapper.of(AlarmRow.class))
                .list();
    }
}
