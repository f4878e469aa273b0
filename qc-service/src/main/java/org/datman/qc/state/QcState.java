package org.datman.qc.state;

import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
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
import org.datman.contracts.metric.MetricCatalogue;

/**
 * Stores the latest event of each kind, so that any order of topics gives the same state. An event of an older revision
 * never overwrites a newer one; it is then a known event.
 */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
public class QcState {

    private final EntityManager entities;

    QcState(EntityManager entities) {
        this.entities = entities;
    }

    /** The stored events of a series. */
    public record Series(String scan, Optional<SeriesTagged> tagged, Optional<SeriesExported> exported) {}

    public void remember(SessionDiscovered event) {
        SessionRow session = lock(event.session().accession());
        if (known(session.discovered, SessionDiscovered.class)
                .filter(known -> known.sessionRevision() > event.sessionRevision())
                .isEmpty()) {
            session.discovered = write(event);
        }
    }

    public void remember(SessionSettled event) {
        SessionRow session = lock(event.session().accession());
        if (known(session.settled, SessionSettled.class)
                .filter(known -> known.settleRevision() > event.settleRevision())
                .isEmpty()) {
            session.settled = write(event);
        }
    }

    public void remember(SeriesTagged event) {
        SeriesRow series = series(event.session().accession(), event.scan());
        if (known(series.tagged, SeriesTagged.class)
                .filter(known -> known.seriesRevision() > event.seriesRevision())
                .isEmpty()) {
            series.tagged = write(event);
        }
    }

    /** Stores an export; false when a newer one is stored. */
    public boolean remember(SeriesExported event) {
        SeriesRow series = series(event.session().accession(), event.scan());
        boolean older =
                isOlder(event, known(series.exported, SeriesExported.class).orElse(event));
        if (!older) {
            series.exported = write(event);
        }
        return !older;
    }

    /** Whether a stored export is newer than this one. */
    public boolean isSuperseded(SeriesExported event) {
        SeriesRow series =
                entities.find(SeriesRow.class, new SeriesKey(event.session().accession(), event.scan()));
        return series != null
                && isOlder(event, known(series.exported, SeriesExported.class).orElse(event));
    }

    private static boolean isOlder(SeriesExported event, SeriesExported known) {
        return known.seriesRevision() > event.seriesRevision() || known.exportRevision() > event.exportRevision();
    }

    public void remember(ResourceExported event) {
        ResourceRow resource =
                find(ResourceRow.class, new ResourceKey(event.session().accession(), event.identity()), () -> {
                    ResourceRow fresh = new ResourceRow();
                    fresh.accession = event.session().accession();
                    fresh.identity = event.identity();
                    fresh.exported = write(event);
                    return fresh;
                });
        if (known(resource.exported, ResourceExported.class)
                .filter(known -> known.resourceRevision() > event.resourceRevision())
                .isEmpty()) {
            resource.exported = write(event);
        }
    }

    public void remember(QcReviewed event) {
        String stem = event.stem().orElse("");
        ReviewRow review = find(ReviewRow.class, new ReviewKey(event.session().accession(), stem), () -> {
            ReviewRow fresh = new ReviewRow();
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

    /** Stores a gold standard; false when a later decision about the same day is stored. */
    public boolean remember(GoldStandardSet event) {
        GoldStandardRow gold = find(
                GoldStandardRow.class,
                new GoldStandardKey(event.study(), event.site(), event.tag(), event.validFrom()),
                () -> {
                    GoldStandardRow fresh = new GoldStandardRow();
                    fresh.study = event.study();
                    fresh.site = event.site();
                    fresh.tag = event.tag();
                    fresh.validFrom = event.validFrom();
                    fresh.event = write(event);
                    return fresh;
                });
        if (known(gold.event, GoldStandardSet.class)
                .filter(known -> known.time().isAfter(event.time()))
                .isPresent()) {
            return false;
        }
        gold.event = write(event);
        return true;
    }

    public void remember(QcComplete event) {
        ResultRow result =
                find(ResultRow.class, new ResultKey(event.session().accession(), event.scan(), event.stem()), () -> {
                    ResultRow fresh = new ResultRow();
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
        result.study = event.study();
        result.site = event.site();
        result.tag = event.tag();
        result.day = event.date().orElse(null);
    }

    /**
     * A result that is outdated by newer definitions or another gold standard.
     *
     * @param event the result as it was stored
     * @param outdated whether it was stored under other definitions than the current ones
     * @param asked number of requests to re-evaluate it
     * @param until when the claim on it lapses
     */
    public record ToRedo(
            String accession, String scan, String stem, String event, boolean outdated, long asked, Instant until) {

        /**
         * The result itself.
         *
         * @throws EventFormatException when it was stored in a form that this program cannot read
         */
        public QcComplete result() throws EventFormatException {
            return EventJson.read(event.getBytes(StandardCharsets.UTF_8), QcComplete.class);
        }

        ToRedo until(Instant lapses) {
            return new ToRedo(accession, scan, stem, event, outdated, asked, lapses);
        }
    }

    /**
     * Claims a result that was made under other definitions or is to be re-evaluated, exclusively until the claim lapses. Those
     * that a person's gold standard requires come first.
     */
    public Optional<ToRedo> claimToRedo(String definitions, Instant now, Instant until) {
        // In the database's precision: the claim is identified by it.
        Instant lapses = until.truncatedTo(ChronoUnit.MILLIS);
        List<?> claimed = entities.createNativeQuery("""
                        update qc_result set claimed_until = ?3 where (accession, scan, stem) = (
                            select accession, scan, stem from qc_result
                            where (definitions <> ?1 or judge_again > 0) and (claimed_until is null or claimed_until < ?2)
                            order by judge_again = 0, accession, scan, stem limit 1 for update skip locked)
                        returning accession, scan, stem, event, definitions <> ?1, judge_again
                        """)
                .setParameter(1, definitions)
                .setParameter(2, now)
                .setParameter(3, lapses)
                .getResultList();
        return claimed.stream()
                .findFirst()
                .map(Object[].class::cast)
                .map(row -> new ToRedo(
                        (String) row[0],
                        (String) row[1],
                        (String) row[2],
                        (String) row[3],
                        (Boolean) row[4],
                        ((Number) row[5]).longValue(),
                        lapses));
    }

    /** Nothing is left to do: the result is current under these definitions, and evaluated unless that was requested again meanwhile. */
    public void redone(ToRedo claim, String definitions) {
        upToDate(claim, definitions);
        judged(claim);
    }

    /** The result needs no new measurement under these definitions; a request to evaluate it stays. */
    public void upToDate(ToRedo claim, String definitions) {
        of(claim, "update qc_result set definitions = ?4", "")
                .setParameter(4, definitions)
                .executeUpdate();
    }

    /** The result was re-evaluated; one that was requested again meanwhile stays marked. */
    public void judged(ToRedo claim) {
        of(claim, "update qc_result set judge_again = 0", " and judge_again = ?4")
                .setParameter(4, claim.asked())
                .executeUpdate();
    }

    /** Renews a claim; empty when it lapsed and was taken by another worker. */
    public Optional<ToRedo> renew(ToRedo claim, Instant until) {
        Instant lapses = until.truncatedTo(ChronoUnit.MILLIS);
        int renewed = of(claim, "update qc_result set claimed_until = ?5", " and claimed_until = ?4")
                .setParameter(4, claim.until())
                .setParameter(5, lapses)
                .executeUpdate();
        return renewed == 0 ? Optional.empty() : Optional.of(claim.until(lapses));
    }

    /** Releases a claim for the next worker; one that lapsed and was taken by another stays with that other. */
    public void release(ToRedo claim) {
        of(claim, "update qc_result set claimed_until = null", " and claimed_until = ?4")
                .setParameter(4, claim.until())
                .executeUpdate();
    }

    private Query of(ToRedo claim, String update, String more) {
        return entities.createNativeQuery(update + " where accession = ?1 and scan = ?2 and stem = ?3" + more)
                .setParameter(1, claim.accession())
                .setParameter(2, claim.scan())
                .setParameter(3, claim.stem());
    }

    /** Marks results on images of this study, site and tag from that day on for re-evaluation; returns their number. */
    public int judgeAgain(GoldStandardSet gold) {
        // A result from before the day was recorded may be one of them: an unneeded evaluation changes nothing.
        return entities.createNativeQuery("""
                        update qc_result set judge_again = judge_again + 1
                        where study = ?1 and site = ?2 and tag = ?3 and (day is null or day >= ?4)
                        """)
                .setParameter(1, gold.study())
                .setParameter(2, gold.site())
                .setParameter(3, gold.tag())
                .setParameter(4, gold.validFrom())
                .executeUpdate();
    }

    /** Marks the result on one image for re-evaluation. */
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

    /** The last results on all images of a session, including those that no longer exist; without those that cannot be read any more. */
    public List<QcComplete> resultsOf(String accession) {
        return entities.createQuery("from ResultRow r where r.accession = :accession", ResultRow.class)
                .setParameter("accession", accession)
                .getResultStream()
                .flatMap(result -> readable(result).stream())
                .toList();
    }

    /** Records that work on an image starts; returns the number of starts without an end, including this one. */
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

    /** The work on an image has ended, successfully or not. */
    public void end(String accession, String scan, String stem) {
        entities.createNativeQuery("delete from qc_begun where accession = ?1 and scan = ?2 and stem = ?3")
                .setParameter(1, accession)
                .setParameter(2, scan)
                .setParameter(3, stem)
                .executeUpdate();
    }

    /** The current export of a scan. */
    public Optional<SeriesExported> exported(String accession, String scan) {
        return Optional.ofNullable(entities.find(SeriesRow.class, new SeriesKey(accession, scan)))
                .flatMap(series -> read(series.exported, SeriesExported.class));
    }

    /** The last result on an image; empty when it cannot be read any more, so that a new measurement can replace it. */
    public Optional<QcComplete> result(String accession, String scan, String stem) {
        return Optional.ofNullable(entities.find(ResultRow.class, new ResultKey(accession, scan, stem)))
                .flatMap(QcState::readable);
    }

    /** The standard that a person set and that applies on that day. */
    public Optional<GoldStandardSet> goldStandard(String study, String site, String tag, LocalDate day) {
        return entities.createQuery(
                        "from GoldStandardRow g where g.study = :study and g.site = :site and g.tag = :tag"
                                + " and g.validFrom <= :day order by g.validFrom desc",
                        GoldStandardRow.class)
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
        return entities.createQuery("from SeriesRow s where s.accession = :accession order by s.scan", SeriesRow.class)
                .setParameter("accession", accession)
                .getResultStream()
                .map(series -> new Series(
                        series.scan,
                        read(series.tagged, SeriesTagged.class),
                        read(series.exported, SeriesExported.class)))
                .toList();
    }

    /** Associated files of a session that are in the archive. */
    public List<ResourceExported> resourcesOf(String accession) {
        return entities.createQuery("from ResourceRow r where r.accession = :accession", ResourceRow.class)
                .setParameter("accession", accession)
                .getResultStream()
                .flatMap(resource -> read(resource.exported, ResourceExported.class).stream())
                .toList();
    }

    /** Images of a session that a person has blacklisted. */
    public Set<String> blacklisted(String accession) {
        return entities.createQuery(
                        "from ReviewRow r where r.accession = :accession and r.decision = :decision", ReviewRow.class)
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

    /** Content of the last check of a session, without its number. */
    public Optional<String> lastCheck(String accession) {
        return Optional.ofNullable(lock(accession).lastCheck);
    }

    public void remember(SessionChecked event, String content) {
        SessionRow session = lock(event.session().accession());
        session.checkRevision = event.checkRevision();
        session.lastCheck = content;
    }

    /** The row of a session, locked: one thread at a time decides what is published about a session. */
    private SessionRow lock(String accession) {
        entities.createNativeQuery("insert into qc_session (accession) values (:accession) on conflict do nothing")
                .setParameter("accession", accession)
                .executeUpdate();
        return entities.find(SessionRow.class, accession, LockModeType.PESSIMISTIC_WRITE);
    }

    private SeriesRow series(String accession, String scan) {
        lock(accession);
        return find(SeriesRow.class, new SeriesKey(accession, scan), () -> {
            SeriesRow fresh = new SeriesRow();
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

    private static Optional<QcComplete> readable(ResultRow result) {
        try {
            return read(result.event, QcComplete.class);
        } catch (IllegalStateException e) {
            Log.errorf(
                    e,
                    "The stored result on %s of scan %s of %s cannot be read any more: it is ignored",
                    result.stem,
                    result.scan,
                    result.accession);
            return Optional.empty();
        }
    }

    /** The stored event that a new one is compared with; one that cannot be read any more is replaced by it. */
    private static <E extends Event> Optional<E> known(String json, Class<E> type) {
        try {
            return read(json, type);
        } catch (IllegalStateException e) {
            Log.errorf(e, "It is replaced by a newer %s", type.getSimpleName());
            return Optional.empty();
        }
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
