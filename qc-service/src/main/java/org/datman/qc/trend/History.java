package org.datman.qc.trend;

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
import java.util.stream.Collectors;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcComplete.Acquisition;
import org.datman.contracts.event.QcComplete.Level;
import org.datman.contracts.event.QcReviewed.Decision;
import org.datman.contracts.event.ScanId;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.header.ParameterRecord;
import org.datman.metrics.trend.Reading;

/** The tables of numbers and headers of all images. */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
public class History {

    private final EntityManager entities;
    private final TrendValues values;
    private final HeaderValues headers;
    private final StoredAlarms alarms;

    History(EntityManager entities, TrendValues values, HeaderValues headers, StoredAlarms alarms) {
        this.entities = entities;
        this.values = values;
        this.headers = headers;
        this.alarms = alarms;
    }

    /** An image's header and the day of its scan. */
    record Header(SessionRef session, String scan, String stem, LocalDate day, ParameterRecord header) {}

    /** Stores the monitored numbers of an image; returns all histories that this changed. */
    Set<Stratum> store(QcComplete result, LocalDate day) {
        Set<Stratum> changed = new LinkedHashSet<>();
        for (QcComplete.Metric metric : result.metrics()) {
            if (!MetricCatalogue.isTrended(result.kind(), metric.key())
                    || metric.value().isEmpty()) {
                continue;
            }
            TrendValueKey key = new TrendValueKey(
                    result.session().identity(), result.scan(), result.stem(), metric.key(), metric.version());
            Stratum stratum = Stratum.of(result, metric);
            double value = metric.value().get();
            Optional<TrendValue> known = values.findByIdOptional(key);
            known.ifPresentOrElse(
                    before -> {
                        changed.add(before.stratum());
                        before.replace(result, stratum, day, value);
                    },
                    () -> values.persist(new TrendValue(key, result, stratum, day, value)));
            changed.add(stratum);
        }
        return changed;
    }

    /** Deletes the images of a scan that no longer exist; returns all histories that this changed. */
    Set<Stratum> deleteAllBut(SessionRef session, String scan, Collection<String> stems) {
        // No image has an empty name: with it the list of those that stay is never empty.
        List<String> stay = new ArrayList<>(stems);
        stay.add("");
        String gone = "session = ?1 and scan = ?2 and stem not in ?3";
        List<TrendValue> numbers = values.list(gone, session.identity(), scan, stay);
        Set<Stratum> changed = strata(numbers);
        numbers.forEach(values::delete);
        headers.list(gone, session.identity(), scan, stay).forEach(headers::delete);
        return changed;
    }

    /** All histories that an image is part of. */
    Set<Stratum> of(SessionRef session, String stem) {
        return strata(values.list("session = ?1 and stem = ?2", session.identity(), stem));
    }

    private static Set<Stratum> strata(List<TrendValue> numbers) {
        return numbers.stream().map(TrendValue::stratum).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * The readings of a history, except those of images that a rater blacklisted. An image counts towards the baseline unless it was
     * flagged, by DATMAN or by a rater, and no rater passed it.
     */
    List<Reading> readings(Stratum stratum) {
        // SQL: numbers are joined with the decisions in latest_event, a table of the platform and no entity.
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

    void store(QcComplete result, LocalDate day, ParameterRecord header) {
        HeaderValueKey key = new HeaderValueKey(result.session().identity(), result.scan(), result.stem());
        headers.findByIdOptional(key)
                .ifPresentOrElse(
                        before -> before.replace(result, day, header),
                        () -> headers.persist(new HeaderValue(key, result, day, header)));
    }

    /** Headers of the same tag and scanner up to a day, the latest {@code most} of them, in order of time. */
    List<Header> headersUntil(String study, String site, String tag, String scanner, LocalDate day, int most) {
        List<Header> until = headers(
                most,
                "day <= ?5 order by day desc, stem desc, session desc, scan desc",
                study,
                site,
                tag,
                scanner,
                day);
        Collections.reverse(until);
        return until;
    }

    /** Headers of the same tag and scanner after a day, the first {@code most} of them, in order of time. */
    List<Header> headersAfter(String study, String site, String tag, String scanner, LocalDate day, int most) {
        return headers(most, "day > ?5 order by day, stem, session, scan", study, site, tag, scanner, day);
    }

    private List<Header> headers(int most, String condition, Object... parameters) {
        return headers
                .find("study = ?1 and site = ?2 and tag = ?3 and scanner = ?4 and " + condition, parameters)
                .page(0, most)
                .stream()
                .flatMap(value -> value.dated().stream())
                .collect(Collectors.toCollection(ArrayList::new));
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
        // SQL: as in readings.
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
        return headers.list("session = ?1 order by tag, stem, scan", session.identity()).stream()
                .flatMap(value -> value.tagged().stream())
                .toList();
    }

    /** The header of an image of a session. */
    public record Tagged(String tag, ScanId scan, String stem, ParameterRecord header) {}

    /** Histories are locked: one is evaluated by one thread at a time. */
    void lock(String about) {
        // SQL: an advisory lock, because a history may have no row yet.
        query("select pg_advisory_xact_lock(hashtextextended(?1, 0))\\:\\:text", "qc " + about)
                .getResultList();
    }

    /** An alarm as it was last published, as JSON. */
    record PublishedAlarm(String identity, long revision, String event) {}

    List<History.PublishedAlarm> alarms(String about) {
        return alarms.list("about = ?1 order by identity", about).stream()
                .map(StoredAlarm::published)
                .toList();
    }

    /** The revision under which an alarm was last published, under whatever history. */
    Optional<Long> revision(String identity) {
        return alarms.findByIdOptional(identity).map(StoredAlarm::revision);
    }

    void recordPublished(String about, History.PublishedAlarm alarm) {
        alarms.findByIdOptional(alarm.identity())
                .ifPresentOrElse(
                        before -> before.replace(about, alarm), () -> alarms.persist(new StoredAlarm(about, alarm)));
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
