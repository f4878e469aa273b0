package org.datman.dashboard.projection;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.datman.contracts.event.QcAlarm;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;

/** The table of alarms. A note is shown and needs no action. */
public final class Alarms {

    private static final String STORE = """
            insert into alarm (identity, revision, session, scan, stem, study, site, tag, name, phantom, subject, version,
                rule, severity, state, since, noticed, until, usual, now, message, action, published, scanner, software, open)
            values (:identity, :revision, :session, :scan, :stem, :study, :site, :tag, :name, :phantom, :subject, :version,
                :rule, :severity, :state, :since, :noticed, :until, :usual, :now, :message, :action, :published, :scanner, :software,
                true)
            on conflict (identity) do update set revision = excluded.revision, study = excluded.study,
                site = excluded.site, tag = excluded.tag, name = excluded.name, severity = excluded.severity,
                state = excluded.state, since = excluded.since, noticed = excluded.noticed, until = excluded.until,
                usual = excluded.usual, now = excluded.now, message = excluded.message, action = excluded.action,
                published = excluded.published, scanner = excluded.scanner, software = excluded.software
            where alarm.revision < excluded.revision
            """;
    private static final String UPDATE_OPEN = """
            update alarm a set open = a.state = 'RAISED' and a.severity <> 'note'
                and not exists (select 1 from acknowledgement k where k.failure = a.identity)
            where a.session = :session
            """;
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

    private Alarms() {}

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

    static void store(Handle handle, QcAlarm event, Instant published) {
        handle.createUpdate(STORE)
                .bind("identity", event.identity())
                .bind("revision", event.alarmRevision())
                .bind("session", event.session().identity())
                .bind("scan", event.scan())
                .bind("stem", event.stem())
                .bind("study", event.study())
                .bind("site", event.site())
                .bind("tag", event.tag())
                .bind("name", event.sessionName())
                .bind("phantom", event.phantom())
                .bind("subject", event.subject())
                .bind("version", event.version())
                .bind("rule", event.rule().name())
                .bind("severity", event.severity())
                .bind("state", event.state().name())
                .bind("since", event.since())
                .bind("noticed", event.noticed())
                .bind("until", event.until().orElse(null))
                .bind("usual", event.usual())
                .bind("now", event.now())
                .bind("message", event.reason().message())
                .bind("action", event.reason().action())
                .bind("published", published)
                .bind("scanner", event.acquisition().scanner())
                .bind("software", event.acquisition().software())
                .execute();
    }

    /** Updates for each alarm of a session whether it is open. */
    static void updateOpen(Handle handle, String session) {
        handle.createUpdate(UPDATE_OPEN).bind("session", session).execute();
    }

    /** The open ones, newest first. */
    public static List<Alarms.AlarmRow> open(Handle handle, int limit) {
        return handle.createQuery(
                        SELECT
                                + " where a.open and latest.replaced is null order by a.published desc, a.identity limit :limit")
                .bind("limit", limit)
                .map(ConstructorMapper.of(Alarms.AlarmRow.class))
                .list();
    }

    /** Those of a session, except withdrawn ones. */
    public static List<Alarms.AlarmRow> ofSession(Handle handle, String session) {
        return handle.createQuery(
                        SELECT
                                + " where a.session = :session and a.state <> 'WITHDRAWN' order by a.open desc, a.severity, a.identity")
                .bind("session", session)
                .map(ConstructorMapper.of(Alarms.AlarmRow.class))
                .list();
    }
}
