package org.datman.qc.state;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.contracts.event.Event;
import org.datman.contracts.event.EventFormatException;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.GoldStandardSet;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionSettled;
import org.datman.metrics.model.MetricCatalogue;

/**
 * Remembers the latest event of each kind, so that any order of topics gives the same state. An event of an older revision
 * never overwrites a newer one; it is then simply known already.
 */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
public class QcState {

    private final EntityManager entities;

    QcState(EntityManager entities) {
        this.entities = entities;
    }

    /** What is known of a series. */
    public record Series(String scan, Optional<SeriesTagged> tagged, Optional<SeriesExported> exported) {}

    public void remember(SessionDiscovered event) {
        SessionState session = lock(event.session().accession());
        if (read(session.discovered, SessionDiscovered.class)
                .filter(known -> known.sessionRevision() > event.sessionRevision())
                .isEmpty()) {
            session.discovered = write(event);
        }
    }

    public void remember(SessionSettled event) {
        SessionState session = lock(event.session().accession());
        if (read(session.settled, SessionSettled.class)
                .filter(known -> known.settleRevision() > event.settleRevision())
                .isEmpty()) {
            session.settled = write(event);
        }
    }

    public void remember(SeriesTagged event) {
        SeriesState series = series(event.session().accession(), event.scan());
        if (read(series.tagged, SeriesTagged.class)
                .filter(known -> known.seriesRevision() > event.seriesRevision())
                .isEmpty()) {
            series.tagged = write(event);
        }
    }

    /** Remembers an export; false when a newer one is known. */
    public boolean remember(SeriesExported event) {
        SeriesState series = series(event.session().accession(), event.scan());
        boolean older = read(series.exported, SeriesExported.class)
                .filter(known -> known.seriesRevision() > event.seriesRevision()
                        || known.exportRevision() > event.exportRevision())
                .isPresent();
        if (!older) {
            series.exported = write(event);
        }
        return !older;
    }

    public void remember(ResourceExported event) {
        ResourceState resource =
                find(ResourceState.class, new ResourceKey(event.session().accession(), event.identity()), () -> {
                    ResourceState fresh = new ResourceState();
                    fresh.accession = event.session().accession();
                    fresh.identity = event.identity();
                    fresh.exported = write(event);
                    return fresh;
                });
        if (read(resource.exported, ResourceExported.class)
                .filter(known -> known.resourceRevision() > event.resourceRevision())
                .isEmpty()) {
            resource.exported = write(event);
        }
    }

    public void remember(QcReviewed event) {
        String stem = event.stem().orElse("");
        ReviewState review =
                find(ReviewState.class, new ReviewKey(event.session().accession(), stem), () -> {
                    ReviewState fresh = new ReviewState();
                    fresh.accession = event.session().accession();
                    fresh.stem = stem;
                    fresh.time = event.time();
                    fresh.decision = event.decision().name();
                    fresh.reviewId = event.reviewId();
                    return fresh;
                });
        if (!review.time.isAfter(event.time())) {
            review.decision = event.decision().name();
            review.reviewId = event.reviewId();
            review.time = event.time();
        }
    }

    public void remember(GoldStandardSet event) {
        GoldStandardState gold = find(
                GoldStandardState.class,
                new GoldStandardKey(event.study(), event.site(), event.tag(), event.validFrom()),
                () -> {
                    GoldStandardState fresh = new GoldStandardState();
                    fresh.study = event.study();
                    fresh.site = event.site();
                    fresh.tag = event.tag();
                    fresh.validFrom = event.validFrom();
                    fresh.event = write(event);
                    return fresh;
                });
        gold.event = write(event);
    }

    public void remember(QcComplete event) {
        ResultState result =
                find(ResultState.class, new ResultKey(event.session().accession(), event.scan(), event.stem()), () -> {
                    ResultState fresh = new ResultState();
                    fresh.accession = event.session().accession();
                    fresh.scan = event.scan();
                    fresh.stem = event.stem();
                    fresh.runKey = event.runKey();
                    fresh.event = write(event);
                    fresh.definitions = "";
                    return fresh;
                });
        result.runKey = event.runKey();
        result.event = write(event);
        result.definitions = MetricCatalogue.revision();
    }

    /** Takes a result that other definitions made, for nobody else to take until the claim lapses. */
    public Optional<QcComplete> claimOutdated(String definitions, Instant now, Instant until) {
        List<?> claimed = entities.createNativeQuery("""
                        update qc_result set claimed_until = ?3 where (accession, scan, stem) = (
                            select accession, scan, stem from qc_result
                            where definitions <> ?1 and (claimed_until is null or claimed_until < ?2)
                            order by accession, scan, stem limit 1 for update skip locked)
                        returning event
                        """)
                .setParameter(1, definitions)
                .setParameter(2, now)
                .setParameter(3, until)
                .getResultList();
        return claimed.stream().findFirst().flatMap(event -> read((String) event, QcComplete.class));
    }

    /** The result needs no new measurement under these definitions. */
    public void upToDate(String accession, String scan, String stem, String definitions) {
        Optional.ofNullable(entities.find(ResultState.class, new ResultKey(accession, scan, stem)))
                .ifPresent(result -> result.definitions = definitions);
    }

    /** Results on images of this study, site and tag from that day on are to be judged anew; answers how many. */
    public int judgeAgain(GoldStandardSet gold) {
        return entities.createNativeQuery("""
                        update qc_result r set judge_again = r.judge_again + 1 from header_value h
                        where h.accession = r.accession and h.scan = r.scan and h.stem = r.stem
                            and h.study = ?1 and h.site = ?2 and h.tag = ?3 and h.day >= ?4
                        """)
                .setParameter(1, gold.study())
                .setParameter(2, gold.site())
                .setParameter(3, gold.tag())
                .setParameter(4, gold.validFrom())
                .executeUpdate();
    }

    /** The result on one image is to be judged anew. */
    public void judgeAgain(String accession, String scan, String stem) {
        entities.createNativeQuery("""
                        update qc_result set judge_again = judge_again + 1
                        where accession = ?1 and scan = ?2 and stem = ?3
                        """)
                .setParameter(1, accession)
                .setParameter(2, scan)
                .setParameter(3, stem)
                .executeUpdate();
    }

    /** A result that is to be judged anew, and how often that was asked. */
    public record ToJudge(QcComplete result, long asked) {}

    /** Takes a result that is to be judged anew, for nobody else to take until the claim lapses. */
    public Optional<ToJudge> claimToJudge(Instant now, Instant until) {
        List<?> claimed = entities.createNativeQuery("""
                        update qc_result set claimed_until = ?2 where (accession, scan, stem) = (
                            select accession, scan, stem from qc_result
                            where judge_again > 0 and (claimed_until is null or claimed_until < ?1)
                            order by accession, scan, stem limit 1 for update skip locked)
                        returning event, judge_again
                        """)
                .setParameter(1, now)
                .setParameter(2, until)
                .getResultList();
        return claimed.stream()
                .findFirst()
                .map(Object[].class::cast)
                .map(row -> new ToJudge(
                        read((String) row[0], QcComplete.class).orElseThrow(), ((Number) row[1]).longValue()));
    }

    /** A result was judged anew; one that was asked for again meanwhile stays to be judged. */
    public void judged(ToJudge done) {
        entities.createNativeQuery("""
                        update qc_result set claimed_until = null,
                            judge_again = case when judge_again = ?4 then 0 else judge_again end
                        where accession = ?1 and scan = ?2 and stem = ?3
                        """)
                .setParameter(1, done.result().session().accession())
                .setParameter(2, done.result().scan())
                .setParameter(3, done.result().stem())
                .setParameter(4, done.asked())
                .executeUpdate();
    }

    /** The last results on all images of a session, those that are no more included. */
    public List<QcComplete> resultsOf(String accession) {
        return entities.createQuery("from ResultState r where r.accession = :accession", ResultState.class)
                .setParameter("accession", accession)
                .getResultStream()
                .flatMap(result -> read(result.event, QcComplete.class).stream())
                .toList();
    }

    /** Notes that an image is begun; answers how often it was without an end, this time included. */
    public int begin(String accession, String scan, String stem) {
        Object times = entities.createNativeQuery("""
                        insert into qc_begun (accession, scan, stem, times) values (?1, ?2, ?3, 1)
                        on conflict (accession, scan, stem) do update set times = qc_begun.times + 1
                        returning times
                        """)
                .setParameter(1, accession)
                .setParameter(2, scan)
                .setParameter(3, stem)
                .getSingleResult();
        return ((Number) times).intValue();
    }

    /** The work on an image has ended, well or not. */
    public void end(String accession, String scan, String stem) {
        entities.createNativeQuery("delete from qc_begun where accession = ?1 and scan = ?2 and stem = ?3")
                .setParameter(1, accession)
                .setParameter(2, scan)
                .setParameter(3, stem)
                .executeUpdate();
    }

    /** The export of a scan that is current. */
    public Optional<SeriesExported> exported(String accession, String scan) {
        return Optional.ofNullable(entities.find(SeriesState.class, new SeriesKey(accession, scan)))
                .flatMap(series -> read(series.exported, SeriesExported.class));
    }

    /** The last result on an image. */
    public Optional<QcComplete> result(String accession, String scan, String stem) {
        return Optional.ofNullable(entities.find(ResultState.class, new ResultKey(accession, scan, stem)))
                .flatMap(result -> read(result.event, QcComplete.class));
    }

    /** The standard that a person set and that holds on that day. */
    public Optional<GoldStandardSet> goldStandard(String study, String site, String tag, LocalDate day) {
        return entities.createQuery(
                        "from GoldStandardState g where g.study = :study and g.site = :site and g.tag = :tag"
                                + " and g.validFrom <= :day order by g.validFrom desc",
                        GoldStandardState.class)
                .setParameter("study", study)
                .setParameter("site", site)
                .setParameter("tag", tag)
                .setParameter("day", day)
                .setMaxResults(1)
                .getResultStream()
                .findFirst()
                .flatMap(gold -> read(gold.event, GoldStandardSet.class));
    }

    public Optional<SessionDiscovered> discovered(String accession) {
        return read(lock(accession).discovered, SessionDiscovered.class);
    }

    public Optional<SessionSettled> settled(String accession) {
        return read(lock(accession).settled, SessionSettled.class);
    }

    /** The series of a session, by scan id. */
    public List<Series> seriesOf(String accession) {
        return entities.createQuery(
                        "from SeriesState s where s.accession = :accession order by s.scan", SeriesState.class)
                .setParameter("accession", accession)
                .getResultStream()
                .map(series -> new Series(
                        series.scan,
                        read(series.tagged, SeriesTagged.class),
                        read(series.exported, SeriesExported.class)))
                .toList();
    }

    /** Paired data of a session as it lies in the archive. */
    public List<ResourceExported> resourcesOf(String accession) {
        return entities.createQuery("from ResourceState r where r.accession = :accession", ResourceState.class)
                .setParameter("accession", accession)
                .getResultStream()
                .flatMap(resource -> read(resource.exported, ResourceExported.class).stream())
                .toList();
    }

    /** Images of a session that a person has blacklisted. */
    public Set<String> blacklisted(String accession) {
        return entities.createQuery(
                        "from ReviewState r where r.accession = :accession and r.decision = :decision",
                        ReviewState.class)
                .setParameter("accession", accession)
                .setParameter("decision", QcReviewed.Decision.BLACKLISTED.name())
                .getResultStream()
                .map(review -> review.stem)
                .collect(Collectors.toSet());
    }

    /** Number of the next check of a session. */
    public long nextCheckRevision(String accession) {
        return lock(accession).checkRevision + 1;
    }

    /** What the last check of a session said, without its number. */
    public Optional<String> lastCheck(String accession) {
        return Optional.ofNullable(lock(accession).lastCheck);
    }

    public void remember(SessionChecked event, String said) {
        SessionState session = lock(event.session().accession());
        session.checkRevision = event.checkRevision();
        session.lastCheck = said;
    }

    /** The row of a session, locked: what is said of a session is decided by one thread at a time. */
    private SessionState lock(String accession) {
        entities.createNativeQuery("insert into qc_session (accession) values (:accession) on conflict do nothing")
                .setParameter("accession", accession)
                .executeUpdate();
        return entities.find(SessionState.class, accession, LockModeType.PESSIMISTIC_WRITE);
    }

    private SeriesState series(String accession, String scan) {
        lock(accession);
        return find(SeriesState.class, new SeriesKey(accession, scan), () -> {
            SeriesState fresh = new SeriesState();
            fresh.accession = accession;
            fresh.scan = scan;
            return fresh;
        });
    }

    private <T> T find(Class<T> type, Object key, java.util.function.Supplier<T> fresh) {
        T found = entities.find(type, key);
        if (found == null) {
            found = fresh.get();
            entities.persist(found);
        }
        return found;
    }

    private static String write(Event event) {
        return new String(EventJson.write(event), StandardCharsets.UTF_8);
    }

    private static <E extends Event> Optional<E> read(String json, Class<E> type) {
        if (json == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(EventJson.read(json.getBytes(StandardCharsets.UTF_8), type));
        } catch (EventFormatException e) {
            throw new IllegalStateException("A stored " + type.getSimpleName() + " cannot be read any more", e);
        }
    }
}
