package org.datman.qc.trend;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcComplete.Acquisition;
import org.datman.contracts.event.QcComplete.Level;
import org.datman.contracts.event.QcReviewed.Decision;
import org.datman.contracts.event.SessionRef;
import org.datman.header.ParameterRecord;
import org.datman.header.RecordJson;
import org.datman.metrics.trend.Reading;
import org.datman.metrics.trend.TrendMetrics;

/** The tables of numbers and headers of all images. */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
public class History {

    private final EntityManager entities;

    History(EntityManager entities) {
        this.entities = entities;
    }

    /** An image's header and the day of its scan. */
    record Header(SessionRef session, String scan, String stem, LocalDate day, ParameterRecord header) {}

    /** Stores the monitored numbers of an image; returns all histories that this changed. */
    Set<Stratum> keep(QcComplete result, LocalDate day) {
        Set<Stratum> changed = new LinkedHashSet<>();
        for (QcComplete.Metric metric : result.metrics()) {
            if (!TrendMetrics.is(result.kind(), metric.key()) || metric.value().isEmpty()) {
                continue;
            }
            Stratum stratum = Stratum.of(result, metric);
            strata(
                            "session = ?1 and scan = ?2 and stem = ?3 and metric = ?4 and version = ?5",
                            result.session().identity(),
                            result.scan(),
                            result.stem(),
                            metric.key(),
                            metric.version())
                    .forEach(changed::add);
            changed.add(stratum);
            query(
                            """
                    insert into trend_value (session, scan, stem, metric, version, study, site, tag, scanner, software,
                        coil, content, day, value, level)
                    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
                    on conflict (session, scan, stem, metric, version) do update set study = excluded.study,
                        site = excluded.site, tag = excluded.tag, scanner = excluded.scanner,
                        software = excluded.software, coil = excluded.coil, content = excluded.content,
                        day = excluded.day, value = excluded.value, level = excluded.level
                    """,
                            result.session().identity(),
                            result.scan(),
                            result.stem(),
                            metric.key(),
                            metric.version(),
                            stratum.study(),
                            stratum.site(),
                            stratum.tag(),
                            stratum.acquisition().scanner(),
                            stratum.acquisition().software(),
                            stratum.acquisition().coil(),
                            result.inputSha256(),
                            day,
                            metric.value().get(),
                            result.verdict().level().name())
                    .executeUpdate();
        }
        return changed;
    }

    /** Deletes the images of a scan that no longer exist; returns all histories that this changed. */
    Set<Stratum> forgetAllBut(SessionRef session, String scan, Collection<String> stems) {
        Object[] kept = {session.identity(), scan, stems.toArray(String[]::new)};
        Set<Stratum> changed = strata("session = ?1 and scan = ?2 and stem <> all(?3)", kept);
        for (String table : List.of("trend_value", "header_value")) {
            query("delete from " + table + " where session = ?1 and scan = ?2 and stem <> all(?3)", kept)
                    .executeUpdate();
        }
        return changed;
    }

    /** All histories that an image is part of. */
    Set<Stratum> of(SessionRef session, String stem) {
        return strata("session = ?1 and stem = ?2", session.identity(), stem);
    }

    /**
     * The readings of a history, except those of images that a rater blacklisted. An image counts towards the baseline unless it was
     * flagged, by DATMAN or by a rater, and no rater passed it.
     */
    List<Reading> readings(Stratum stratum) {
        List<?> rows = query(
                        """
                select v.session, v.scan, v.stem, v.content, v.day, v.value, v.level,
                    coalesce(r.payload ->> 'decision', '')
                from trend_value v left join latest_event r
                    on r.topic = 'qc-reviewed' and r.identity = v.session || '/' || v.stem
                where v.study = ?1 and v.site = ?2 and v.tag = ?3 and v.metric = ?4 and v.version = ?5
                    and v.scanner = ?6 and v.software = ?7 and v.coil = ?8
                """,
                        stratum.study(),
                        stratum.site(),
                        stratum.tag(),
                        stratum.metric(),
                        stratum.version(),
                        stratum.acquisition().scanner(),
                        stratum.acquisition().software(),
                        stratum.acquisition().coil())
                .getResultList();
        List<Reading> readings = new ArrayList<>();
        for (Object row : rows) {
            Object[] cells = (Object[]) row;
            Level level = Level.valueOf(text(cells[6]));
            String decision = text(cells[7]);
            if (!decision.equals(Decision.BLACKLISTED.name())) {
                boolean good = decision.equals(Decision.PASS.name())
                        || level.compareTo(Level.FLAG) < 0 && !decision.equals(Decision.FLAGGED.name());
                readings.add(new Reading(
                        image(session(cells[0]), text(cells[1]), text(cells[2])),
                        text(cells[3]),
                        day(cells[4]),
                        ((Number) cells[5]).doubleValue(),
                        good));
            }
        }
        return readings;
    }

    /** The name of an image in readings; it orders those of one day. */
    static String image(SessionRef session, String scan, String stem) {
        return stem + "\t" + session.identity() + "\t" + scan;
    }

    void keep(QcComplete result, LocalDate day, ParameterRecord header) {
        query(
                        """
                insert into header_value (session, scan, stem, study, site, tag, scanner, day, header)
                values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                on conflict (session, scan, stem) do update set study = excluded.study, site = excluded.site,
                    tag = excluded.tag, scanner = excluded.scanner, day = excluded.day, header = excluded.header
                """,
                        result.session().identity(),
                        result.scan(),
                        result.stem(),
                        result.study(),
                        result.site(),
                        result.tag(),
                        result.acquisition().map(Acquisition::scanner).orElse(""),
                        day,
                        RecordJson.write(header))
                .executeUpdate();
    }

    /** Headers of the same tag and scanner up to a day, the latest {@code most} of them, in order of time. */
    List<Header> headersUntil(String study, String site, String tag, String scanner, LocalDate day, int most) {
        List<Header> headers = headers(
                "study = ?1 and site = ?2 and tag = ?3 and scanner = ?4 and day <= ?5"
                        + " order by day desc, stem desc, session desc, scan desc limit "
                        + most,
                study,
                site,
                tag,
                scanner,
                day);
        Collections.reverse(headers);
        return headers;
    }

    /** Headers of the same tag and scanner after a day, the first {@code most} of them, in order of time. */
    List<Header> headersAfter(String study, String site, String tag, String scanner, LocalDate day, int most) {
        return headers(
                "study = ?1 and site = ?2 and tag = ?3 and scanner = ?4 and day > ?5"
                        + " order by day, stem, session, scan limit " + most,
                study,
                site,
                tag,
                scanner,
                day);
    }

    private List<Header> headers(String condition, Object... values) {
        List<Header> headers = new ArrayList<>();
        for (Object row : query("select session, scan, stem, day, header from header_value where " + condition, values)
                .getResultList()) {
            Object[] cells = (Object[]) row;
            header(session(cells[0]), text(cells[1]), text(cells[2]), text(cells[4]))
                    .ifPresent(header -> headers.add(
                            new Header(session(cells[0]), text(cells[1]), text(cells[2]), day(cells[3]), header)));
        }
        return headers;
    }

    /** A stored header; one that cannot be read any more must not stop all that come after it. */
    private static Optional<ParameterRecord> header(SessionRef session, String scan, String stem, String json) {
        try {
            return Optional.of(RecordJson.read(json));
        } catch (IllegalArgumentException e) {
            Log.errorf(
                    e,
                    "The stored header of %s (scan %s of %s) cannot be read any more: it is ignored. 'Re-run QC' replaces it",
                    stem,
                    scan,
                    session.identity());
            return Optional.empty();
        }
    }

    /** Identifies an image in the history. */
    public record Past(SessionRef session, String scan, String stem) {}

    /**
     * The latest images of the same tag, scanner, software and coil from the days before a day, except those that were flagged (and
     * that no rater passed) or blacklisted, in order of time. Images of the same day are excluded: their order is unknown,
     * and the result must not depend on which was measured first.
     */
    public List<Past> imagesBefore(
            LocalDate day, String study, String site, String tag, Acquisition acquisition, int most) {
        List<Past> past = new ArrayList<>();
        for (Object row : query(
                        """
                select distinct v.day, v.session, v.scan, v.stem
                from trend_value v left join latest_event r
                    on r.topic = 'qc-reviewed' and r.identity = v.session || '/' || v.stem
                where v.study = ?1 and v.site = ?2 and v.tag = ?3 and v.scanner = ?4 and v.software = ?5 and v.coil = ?6
                    and v.day < ?7
                    and (v.level in ('PASS', 'WARN') and coalesce(r.payload ->> 'decision', '') not in ('FLAGGED', 'BLACKLISTED')
                        or r.payload ->> 'decision' = 'PASS')
                order by v.day desc, v.stem desc, v.session desc, v.scan desc limit\s""" + most,
                        study,
                        site,
                        tag,
                        acquisition.scanner(),
                        acquisition.software(),
                        acquisition.coil(),
                        day)
                .getResultList()) {
            Object[] cells = (Object[]) row;
            past.add(new Past(session(cells[1]), text(cells[2]), text(cells[3])));
        }
        Collections.reverse(past);
        return past;
    }

    /** Headers of a session's images by tag. */
    public List<Tagged> headersOf(SessionRef session) {
        List<Tagged> headers = new ArrayList<>();
        for (Object row : query(
                        "select tag, scan, stem, header from header_value where session = ?1 order by tag, stem, scan",
                        session.identity())
                .getResultList()) {
            Object[] cells = (Object[]) row;
            header(session, text(cells[1]), text(cells[2]), text(cells[3]))
                    .ifPresent(
                            header -> headers.add(new Tagged(text(cells[0]), text(cells[1]), text(cells[2]), header)));
        }
        return headers;
    }

    /** The header of an image of a session. */
    public record Tagged(String tag, String scan, String stem, ParameterRecord header) {}

    /** Histories are locked: one is evaluated by one thread at a time. */
    void lock(String about) {
        query("select pg_advisory_xact_lock(hashtextextended(?1, 0))\\:\\:text", "qc " + about)
                .getResultList();
    }

    /** An alarm as it was last published, as JSON. */
    record PublishedAlarm(String identity, long revision, String event) {}

    List<History.PublishedAlarm> alarms(String about) {
        List<History.PublishedAlarm> alarms = new ArrayList<>();
        for (Object row : query("select identity, revision, event from alarm where about = ?1 order by identity", about)
                .getResultList()) {
            Object[] cells = (Object[]) row;
            alarms.add(new History.PublishedAlarm(text(cells[0]), ((Number) cells[1]).longValue(), text(cells[2])));
        }
        return alarms;
    }

    /** The revision under which an alarm was last published, under whatever history. */
    Optional<Long> revision(String identity) {
        List<?> found = query("select revision from alarm where identity = ?1", identity)
                .getResultList();
        return found.isEmpty() ? Optional.empty() : Optional.of(((Number) found.get(0)).longValue());
    }

    void recordPublished(String about, History.PublishedAlarm alarm) {
        query("""
                        insert into alarm (identity, about, revision, event) values (?1, ?2, ?3, ?4)
                        on conflict (identity) do update set about = excluded.about, revision = excluded.revision,
                            event = excluded.event
                        """, alarm.identity(), about, alarm.revision(), alarm.event()).executeUpdate();
    }

    private Set<Stratum> strata(String condition, Object... values) {
        Set<Stratum> strata = new LinkedHashSet<>();
        for (Object row : query(
                        "select distinct study, site, tag, scanner, software, coil, metric, version from trend_value where "
                                + condition,
                        values)
                .getResultList()) {
            Object[] cells = (Object[]) row;
            strata.add(new Stratum(
                    text(cells[0]),
                    text(cells[1]),
                    text(cells[2]),
                    new Acquisition(text(cells[3]), text(cells[4]), text(cells[5])),
                    text(cells[6]),
                    text(cells[7])));
        }
        return strata;
    }

    private Query query(String sql, Object... values) {
        Query query = entities.createNativeQuery(sql);
        for (int i = 0; i < values.length; i++) {
            query.setParameter(i + 1, values[i]);
        }
        return query;
    }

    private static SessionRef session(Object cell) {
        return SessionRef.of((String) cell);
    }

    private static String text(Object cell) {
        return (String) cell;
    }

    private static LocalDate day(Object cell) {
        return cell instanceof LocalDate day ? day : ((java.sql.Date) cell).toLocalDate();
    }
}
