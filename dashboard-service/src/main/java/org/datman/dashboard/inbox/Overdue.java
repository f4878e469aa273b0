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
import java.util.stream.Collectors;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.platform.study.Studies;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/**
 * Sessions in which something waits longer than its stage ever takes, with what waits and for which event. Follows from the
 * read model alone: a session is there once, however much of it waits, and is gone when the events have come.
 */
@ApplicationScoped
public class Overdue {

    private static final Duration UNKNOWN_STUDY = Duration.ofHours(6);
    private static final int NAMED = 3;

    private final Jdbi jdbi;
    private final Studies studies;
    private final Clock clock;
    private final Map<Wait, Duration> longest;

    Overdue(
            Jdbi jdbi,
            Studies studies,
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

    /** What can be waited for. */
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

        /** Whether it cannot come before the session has settled, which takes the study's longest time at the most. */
        boolean comesWhenSettled() {
            return this == SETTLE || this == PARTS;
        }
    }

    /**
     * Something that waits.
     *
     * @param scan empty for the session itself
     * @param since when it came to where it waits
     */
    public record Waiting(
            String session,
            String study,
            String name,
            String label,
            String scan,
            String tag,
            Wait fact,
            Instant since) {}

    /** What is overdue now, one entry per session, the oldest first. */
    List<Inbox.WaitingSession> sessions() {
        return jdbi.withHandle(handle -> late(handle.createQuery("""
                                select * from (
                                    select s.session, x.study, x.name, x.label, s.scan, s.tag, s.since,
                                        case when s.stage = 'DISCOVERED' then 'TAG' when s.stage = 'EXPORTED' then 'QC'
                                            when s.code = 'waits-for-parts' then 'PARTS' else 'EXPORT' end as fact
                                    from series s join session x on x.session = s.session
                                    where s.state = 'WORKING' and x.status <> 'DELETED'
                                    union all
                                    select session, study, name, label, '', '', first_said, 'SETTLE'
                                    from session where named and settled is null and status <> 'DELETED'
                                    union all
                                    select session, study, name, label, '', '', settled, 'CHECK'
                                    from session where named and settled is not null and not checked and status <> 'DELETED'
                                ) waiting where since < :latest order by since
                                """)
                .bind("latest", clock.instant().minus(shortest()))
                .map(ConstructorMapper.of(Waiting.class))
                .list()));
    }

    private Duration shortest() {
        return longest.values().stream().min(Comparator.naturalOrder()).orElseThrow();
    }

    /** Those that wait too long, by session; the oldest first. */
    List<Inbox.WaitingSession> late(List<Waiting> waiting) {
        Instant now = clock.instant();
        Map<String, List<Waiting>> bySession = waiting.stream()
                .filter(one -> one.since().plus(longest(one)).isBefore(now))
                .sorted(Comparator.comparing(Waiting::since).thenComparing(Waiting::scan))
                .collect(Collectors.groupingBy(Waiting::session, LinkedHashMap::new, Collectors.toList()));
        return bySession.values().stream().map(Overdue::told).limit(Inbox.MOST).toList();
    }

    private Duration longest(Waiting one) {
        Duration own = longest.get(one.fact());
        return one.fact().comesWhenSettled()
                ? studies.current()
                        .study(one.study())
                        .map(StudyConfiguration::settleCap)
                        .orElse(UNKNOWN_STUDY)
                        .plus(own)
                : own;
    }

    private static Inbox.WaitingSession told(List<Waiting> ofSession) {
        Waiting first = ofSession.get(0);
        List<String> what = new ArrayList<>();
        for (Waiting one : ofSession.subList(0, Math.min(NAMED, ofSession.size()))) {
            what.add((one.scan().isEmpty()
                            ? "the session"
                            : "series " + one.scan() + (one.tag().isEmpty() ? "" : " (" + one.tag() + ")"))
                    + " waits for " + one.fact().event + " since "
                    + one.since().truncatedTo(ChronoUnit.MINUTES));
        }
        if (ofSession.size() > NAMED) {
            what.add(ofSession.size() - NAMED + " more");
        }
        String action = "See with './datman status' whether " + first.fact().service + " works; if it does, press '"
                + first.fact().button + "' of the session";
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
