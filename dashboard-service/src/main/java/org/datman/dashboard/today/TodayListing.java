package org.datman.dashboard.today;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.EventType;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.SessionChecked;
import org.datman.dashboard.operations.Operations;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;

/** The sessions that arrived lately, by scanner. */
@ApplicationScoped
public class TodayListing {

    /** A long day at the scanner. */
    static final Duration LATELY = Duration.ofHours(18);

    /** Most sessions of a page; those of today come first, so that a transfer of old ones does not hide them. */
    static final int MOST = 40;

    // SQL, for reading only: a few rows of the read model for one page.
    private static final String SESSIONS = """
            select session, study, site, coalesce(nullif(name, ''), nullif(label, ''), accession) as title, phantom, scan_day,
                state, first_published
            from session
            where first_published > :from and state <> 'REMOVED' and (:site = '' or site = :site)
            order by scan_day < :yesterday, first_published desc, session limit :most
            """;
    private static final String SERIES = """
            select session, scan, series_number, description, tag, state, reason, action, coalesce(verdict, '') as verdict,
                discovered, measured
            from series where session = any(:sessions) order by session, series_number, scan
            """;
    /** Of images that are not usable only: an event has all their numbers. */
    private static final String VERDICTS = """
            select e.session, e.scan, e.payload::text as text from latest_event e
            join series s on s.session = e.session and s.scan = e.scan
            where e.topic = :topic and e.session = any(:sessions) and s.verdict in ('FLAG', 'ERROR', 'WARN')
            order by e.identity
            """;

    private static final String CHECKS = """
            select session, scan, payload::text as text from latest_event where topic = :topic and session = any(:sessions)
            """;
    private static final String SCANNERS = """
            select distinct on (session) session, scan, payload -> 'acquisition' ->> 'scanner' as text from latest_event
            where topic = :topic and session = any(:sessions) and payload -> 'acquisition' ->> 'scanner' <> ''
            order by session, identity
            """;

    private final Jdbi jdbi;
    private final Operations operations;
    private final Clock clock;

    TodayListing(Jdbi jdbi, Operations operations, Clock clock) {
        this.jdbi = jdbi;
        this.operations = operations;
        this.clock = clock;
    }

    /**
     * What the page shows.
     *
     * @param scanners by site, then by scanner
     * @param speed times from the discovery of a series to its verdict
     * @param more whether there are more sessions than are shown
     */
    public record Content(List<Scanner> scanners, Operations.Speed speed, boolean more) {}

    /**
     * A scanner with its sessions, the newest first.
     *
     * @param name as quality control reads it from the headers; empty while no image was measured
     */
    public record Scanner(String site, String name, List<TodaySession> sessions) {}

    /** Public for the mapper. */
    public record SessionRow(
            String session,
            String study,
            String site,
            String title,
            boolean phantom,
            LocalDate scanDay,
            String state,
            Instant firstPublished) {}

    /** Public for the mapper. */
    public record SeriesRow(
            String session,
            String scan,
            @Nullable Integer seriesNumber,
            String description,
            String tag,
            String state,
            String reason,
            String action,
            String verdict,
            @Nullable Instant discovered,
            @Nullable Instant measured) {}

    /** Of an event of a session; public for the mapper. */
    public record Stored(String session, String scan, String text) {}

    /**
     * The sessions that arrived lately.
     *
     * @param site of which; empty for all that the request may see
     */
    public Content content(String site) {
        Instant now = clock.instant();
        LocalDate yesterday = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(1);
        return jdbi.withHandle(handle -> {
            List<SessionRow> found = handle.createQuery(SESSIONS)
                    .bind("from", now.minus(LATELY))
                    .bind("yesterday", yesterday)
                    .bind("site", site)
                    .bind("most", MOST + 1)
                    .map(ConstructorMapper.of(SessionRow.class))
                    .list();
            List<SessionRow> sessions = found.subList(0, Math.min(MOST, found.size()));
            return new Content(scanners(handle, sessions, yesterday), operations.speed(), found.size() > MOST);
        });
    }

    private static List<Scanner> scanners(Handle handle, List<SessionRow> sessions, LocalDate yesterday) {
        List<String> ids = sessions.stream().map(SessionRow::session).toList();
        Map<String, List<String>> reasons = reasons(handle, ids);
        Map<String, List<TodaySession.Row>> series = new HashMap<>();
        handle.createQuery(SERIES)
                .bindArray("sessions", String.class, ids)
                .map(ConstructorMapper.of(SeriesRow.class))
                .forEach(row -> series.computeIfAbsent(row.session(), session -> new ArrayList<>())
                        .add(new TodaySession.Row(
                                row.scan(),
                                row.seriesNumber(),
                                row.description(),
                                row.tag(),
                                row.state(),
                                row.reason(),
                                row.action(),
                                row.verdict(),
                                row.discovered(),
                                row.measured(),
                                reasons.getOrDefault(row.session() + "\n" + row.scan(), List.of()))));
        Map<String, SessionChecked> checks = new HashMap<>();
        stored(handle, CHECKS, EventType.SESSION_CHECKED, ids)
                .forEach(event -> checks.put(event.session(), read(event.text(), SessionChecked.class)));
        Map<String, String> names = new HashMap<>();
        stored(handle, SCANNERS, EventType.QC_COMPLETE, ids).forEach(event -> names.put(event.session(), event.text()));
        Map<String, Scanner> scanners = new TreeMap<>();
        for (SessionRow row : sessions) {
            String name = names.getOrDefault(row.session(), "");
            scanners.computeIfAbsent(row.site() + "\n" + name, key -> new Scanner(row.site(), name, new ArrayList<>()))
                    .sessions()
                    .add(TodaySession.of(
                            row.session(),
                            row.study(),
                            row.title(),
                            row.phantom(),
                            row.scanDay().equals(LocalDate.EPOCH) ? null : row.scanDay(),
                            row.scanDay().isBefore(yesterday) && !row.scanDay().equals(LocalDate.EPOCH),
                            row.firstPublished(),
                            row.state().equals("WORKING"),
                            series.getOrDefault(row.session(), List.of()),
                            checks.get(row.session())));
        }
        return List.copyOf(scanners.values());
    }

    private static Map<String, List<String>> reasons(Handle handle, List<String> sessions) {
        Map<String, List<String>> reasons = new HashMap<>();
        stored(handle, VERDICTS, EventType.QC_COMPLETE, sessions).forEach(event -> reasons.computeIfAbsent(
                        event.session() + "\n" + event.scan(), scan -> new ArrayList<>())
                .addAll(read(event.text(), QcComplete.class).verdict().reasons()));
        return reasons;
    }

    private static List<Stored> stored(Handle handle, String sql, EventType type, List<String> sessions) {
        return handle.createQuery(sql)
                .bind("topic", type.topic())
                .bindArray("sessions", String.class, sessions)
                .map(ConstructorMapper.of(Stored.class))
                .list();
    }

    private static <E> E read(String payload, Class<E> type) {
        try {
            return EventJson.mapper().readValue(payload, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The read model has events that were read before", e);
        }
    }
}
