package org.datman.dashboard.inbox;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.dashboard.access.GrantedStudies;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.Query;

/**
 * Sessions in which something waits longer than its stage ever takes, with what waits and for which event. Derived from the
 * read model alone: a session is listed once, however much of it waits, and is removed when the events were consumed.
 */
@ApplicationScoped
public class OverdueSessions {

    private static final Duration UNKNOWN_STUDY = Duration.ofHours(6);
    private static final int NAMED = 3;

    /** How many of the oldest rows of each kind are read to find the oldest sessions. */
    private static final int ROWS = 50 * Inbox.MOST;

    /**
     * All that waits in the sessions that are late for longest. Each kind is read from its own index, the oldest first, up to a
     * limit: a page must not become slow just when a million series wait. A service's reason for the wait of a series (an outage, the
     * parts that an image lacks) is shown here with it, once; the inbox lists no transient failures.
     */
    static final String OLDEST = """
            with cap (study, seconds) as (
                select * from unnest(cast(:studies as text[]), cast(:caps as bigint[]))
            ), late (session, since) as (
                (select s.session, s.since from series s join session x on x.session = s.session
                    where s.state = 'WORKING' and s.stage = 'DISCOVERED' and s.code <> 'waits-for-parts' and s.since < :tag
                        and x.status <> 'DELETED'
                    order by s.since limit :rows)
                union all
                (select s.session, s.since from series s join session x on x.session = s.session
                    where s.state = 'WORKING' and s.stage = 'TAGGED' and s.code <> 'waits-for-parts' and s.since < :export
                        and x.status <> 'DELETED'
                    order by s.since limit :rows)
                union all
                (select s.session, s.since from series s join session x on x.session = s.session
                    where s.state = 'WORKING' and s.stage = 'EXPORTED' and s.code <> 'waits-for-parts' and s.since < :qc
                        and x.status <> 'DELETED'
                    order by s.since limit :rows)
                union all
                (select s.session, s.since from series s join session x on x.session = s.session
                    left join cap on cap.study = x.study
                    where s.state = 'WORKING' and s.code = 'waits-for-parts' and s.since < :soonest and x.status <> 'DELETED'
                        and s.since < cast(:settle as timestamptz) - make_interval(secs => coalesce(cap.seconds, :unknown))
                    order by s.since limit :rows)
                union all
                (select x.session, x.first_published from session x left join cap on cap.study = x.study
                    where x.named and x.settled is null and x.status <> 'DELETED' and x.first_published < :soonest
                        and x.first_published < cast(:settle as timestamptz) - make_interval(secs => coalesce(cap.seconds, :unknown))
                    order by x.first_published limit :rows)
                union all
                (select session, settled from session
                    where named and settled is not null and not checked and status <> 'DELETED' and settled < :check
                    order by settled limit :rows)
            ), oldest as (
                select session from late group by session order by min(since), session limit :most
            )
            select x.session, x.study, x.name, x.label, s.scan, s.tag, s.since,
                case when s.code = 'waits-for-parts' then 'PARTS' when s.stage = 'DISCOVERED' then 'TAG'
                    when s.stage = 'EXPORTED' then 'QC' else 'EXPORT' end as awaited,
                coalesce((select s.reason from failure f where f.open and f.session = s.session and f.scan = s.scan limit 1), '')
                    as why
            from oldest o join session x on x.session = o.session join series s on s.session = o.session
            where s.state = 'WORKING'
            union all
            select x.session, x.study, x.name, x.label, '', '', x.first_published, 'SETTLE', ''
            from oldest o join session x on x.session = o.session where x.named and x.settled is null
            union all
            select x.session, x.study, x.name, x.label, '', '', x.settled, 'CHECK', ''
            from oldest o join session x on x.session = o.session
            where x.named and x.settled is not null and not x.checked
            """;

    // SQL, for reading only: one query over partial indexes, the oldest rows of each kind first.
    private final Jdbi jdbi;
    private final GrantedStudies studies;
    private final Clock clock;
    private final Map<Wait, Duration> longest;

    OverdueSessions(
            Jdbi jdbi,
            GrantedStudies studies,
            Clock clock,
            @ConfigProperty(name = "datman.dashboard.overdue.tag", defaultValue = "PT30M") Duration tag,
            @ConfigProperty(name = "datman.dashboard.overdue.export", defaultValue = "PT6H") Duration export,
            @ConfigProperty(name = "datman.dashboard.overdue.qc", defaultValue = "PT6H") Duration qc,
            @ConfigProperty(name = "datman.dashboard.overdue.check", defaultValue = "PT30M") Duration check,
            @ConfigProperty(name = "datman.dashboard.overdue.settle", defaultValue = "PT30M") Duration settle) {
        this.jdbi = jdbi;
        this.studies = studies;
        this.clock = clock;
        this.longest = Map.of(
                Wait.TAG,
                tag,
                Wait.EXPORT,
                export,
                Wait.QC,
                qc,
                Wait.CHECK,
                check,
                Wait.SETTLE,
                settle,
                Wait.PARTS,
                settle);
    }

    /** The events that can be overdue. */
    public enum Wait {
        TAG("series-tagged", "tagging", "Re-tag"),
        /** The image of several scans is made when the session has settled. */
        PARTS("series-exported", "export", "Re-import"),
        EXPORT("series-exported", "export", "Re-tag"),
        QC("qc-complete", "qc", "Re-run QC"),
        SETTLE("session-settled", "ingest", "Re-import"),
        CHECK("session-checked", "qc", "Check again");

        private final String event;
        private final String service;
        private final String button;

        Wait(String event, String service, String button) {
            this.event = event;
            this.service = service;
            this.button = button;
        }

        /** Whether it cannot happen before the session has settled, which takes at most the study's settle cap. */
        boolean comesWhenSettled() {
            return this == SETTLE || this == PARTS;
        }
    }

    /**
     * Something that waits.
     *
     * @param scan empty for the session itself
     * @param since when it reached the stage in which it waits
     * @param why the reason that a service reported for the wait; empty when none did
     */
    public record Waiting(
            String session,
            String study,
            String name,
            String label,
            String scan,
            String tag,
            Wait awaited,
            Instant since,
            String why) {}

    /** The overdue work, one entry per session, the oldest first. */
    List<Inbox.WaitingSession> sessions() {
        return jdbi.withHandle(handle -> late(
                query(handle, OLDEST).map(ConstructorMapper.of(Waiting.class)).list()));
    }

    /** A query with all that {@link #OLDEST} wants. */
    Query query(Handle handle, String sql) {
        Instant now = clock.instant();
        List<StudyConfiguration> known = List.copyOf(studies.shown().valid().values());
        Duration shortest = known.stream()
                .map(StudyConfiguration::settleCap)
                .filter(cap -> cap.compareTo(UNKNOWN_STUDY) < 0)
                .min(Comparator.naturalOrder())
                .orElse(UNKNOWN_STUDY);
        return handle.createQuery(sql)
                .bind("tag", now.minus(longest.get(Wait.TAG)))
                .bind("export", now.minus(longest.get(Wait.EXPORT)))
                .bind("qc", now.minus(longest.get(Wait.QC)))
                .bind("check", now.minus(longest.get(Wait.CHECK)))
                .bind("settle", now.minus(longest.get(Wait.SETTLE)))
                .bind("soonest", now.minus(longest.get(Wait.SETTLE)).minus(shortest))
                .bindArray(
                        "studies",
                        String.class,
                        known.stream().map(StudyConfiguration::code).toArray())
                .bindArray(
                        "caps",
                        Long.class,
                        known.stream()
                                .map(study -> study.settleCap().toSeconds())
                                .toArray())
                .bind("unknown", UNKNOWN_STUDY.toSeconds())
                .bind("rows", ROWS)
                .bind("most", Inbox.MOST);
    }

    /** Those that wait too long, by session; the oldest first. */
    List<Inbox.WaitingSession> late(List<Waiting> waiting) {
        Instant now = clock.instant();
        Map<String, List<Waiting>> bySession = waiting.stream()
                .filter(one -> one.since().plus(longest(one)).isBefore(now))
                .sorted(Comparator.comparing(Waiting::since).thenComparing(Waiting::scan))
                .collect(Collectors.groupingBy(Waiting::session, LinkedHashMap::new, Collectors.toList()));
        return bySession.values().stream()
                .map(OverdueSessions::summary)
                .limit(Inbox.MOST)
                .toList();
    }

    private Duration longest(Waiting one) {
        Duration own = Objects.requireNonNull(longest.get(one.awaited()), one.awaited().event);
        return one.awaited().comesWhenSettled()
                ? studies.shown()
                        .study(one.study())
                        .map(StudyConfiguration::settleCap)
                        .orElse(UNKNOWN_STUDY)
                        .plus(own)
                : own;
    }

    private static Inbox.WaitingSession summary(List<Waiting> ofSession) {
        Waiting first = ofSession.get(0);
        List<String> what = new ArrayList<>();
        for (Waiting one : ofSession.subList(0, Math.min(NAMED, ofSession.size()))) {
            what.add((one.scan().isEmpty()
                            ? "the session"
                            : "series " + one.scan() + (one.tag().isEmpty() ? "" : " (" + one.tag() + ")"))
                    + " waits for " + one.awaited().event + " since "
                    + one.since().truncatedTo(ChronoUnit.MINUTES)
                    + (one.why().isEmpty() ? "" : " (" + one.why() + ")"));
        }
        if (ofSession.size() > NAMED) {
            what.add(ofSession.size() - NAMED + " more");
        }
        String action = "See with './datman status' whether " + first.awaited().service + " works; if it does, press '"
                + first.awaited().button + "' of the session";
        return new Inbox.WaitingSession(
                first.session(),
                first.study(),
                first.name(),
                first.label(),
                String.join("; ", what),
                action,
                first.since());
    }
}
