package org.datman.qc.state;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datman.contracts.event.Envelope;
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
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.platform.latest.LatestEvents;
import org.jboss.logging.Logger;

/** What qc knows of sessions: the latest events of the other services, its own results, and what is to be done with them again. */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
public class QcState {

    private static final Logger LOG = Logger.getLogger(QcState.class);

    /** Of a study, site and tag there is one gold standard for each day from which a person set one. */
    private static final String VALID_FROM = "#";

    private final EntityManager entities;
    private final LatestEvents latest;

    QcState(EntityManager entities, LatestEvents latest) {
        this.entities = entities;
        this.latest = latest;
    }

    /** The stored events of a series. */
    public record Series(String scan, Optional<SeriesTagged> tagged, Optional<SeriesExported> exported) {}

    /** Stores an event that another service published; false when a newer one about the same is stored. */
    public boolean remember(Envelope<?> envelope) {
        return envelope.event() instanceof GoldStandardSet gold
                ? latest.storeIfNewer(envelope, gold.identity() + VALID_FROM + gold.validFrom())
                : latest.storeIfNewer(envelope);
    }

    /** Whether a stored export is newer than this one. */
    public boolean isSuperseded(SeriesExported event) {
        return latest.isOutdated(event);
    }

    public void remember(QcComplete event) {
        ResultRow result =
                find(ResultRow.class, new ResultKey(event.session().identity(), event.scan(), event.stem()), () -> {
                    ResultRow fresh = new ResultRow();
                    fresh.session = event.session().identity();
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

    private Query of(ToRedo claim, String update, String more) {
        return entities.createNativeQuery(update + " where session = ?1 and scan = ?2 and stem = ?3" + more)
                .setParameter(1, claim.session().identity())
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
    public void judgeAgain(SessionRef session, String scan, String stem) {
        entities.createNativeQuery("""
                        update qc_result set judge_again = judge_again + 1
                        where session = ?1 and scan = ?2 and stem = ?3
                        """)
                .setParameter(1, session.identity())
                .setParameter(2, scan)
                .setParameter(3, stem)
                .executeUpdate();
    }

    /** The last results on all images of a session, including those that no longer exist; without those that cannot be read any more. */
    public List<QcComplete> resultsOf(SessionRef session) {
        return entities.createQuery("from ResultRow r where r.session = :session", ResultRow.class)
                .setParameter("session", session.identity())
                .getResultStream()
                .flatMap(result -> readable(result).stream())
                .toList();
    }

    /** Records that work on an image starts; returns the number of starts without an end, including this one. */
    public int begin(SessionRef session, String scan, String stem) {
        Object times = entities.createNativeQuery("""
                        insert into qc_begun (session, scan, stem, times) values (?1, ?2, ?3, 1)
                        on conflict (session, scan, stem) do update set times = qc_begun.times + 1
                        returning times
                        """)
                .setParameter(1, session.identity())
                .setParameter(2, scan)
                .setParameter(3, stem)
                .getSingleResult();
        return ((Number) times).intValue();
    }

    /** The work on an image has ended, successfully or not. */
    public void end(SessionRef session, String scan, String stem) {
        entities.createNativeQuery("delete from qc_begun where session = ?1 and scan = ?2 and stem = ?3")
                .setParameter(1, session.identity())
                .setParameter(2, scan)
                .setParameter(3, stem)
                .executeUpdate();
    }

    /** The current export of a scan. */
    public Optional<SeriesExported> exported(SessionRef session, String scan) {
        return latest.find(SeriesExported.class, session.identity() + "/" + scan);
    }

    /** The last result on an image; empty when it cannot be read any more, so that a new measurement can replace it. */
    public Optional<QcComplete> result(SessionRef session, String scan, String stem) {
        return Optional.ofNullable(entities.find(ResultRow.class, new ResultKey(session.identity(), scan, stem)))
                .flatMap(QcState::readable);
    }

    /** The standard that a person set and that applies on that day. */
    public Optional<GoldStandardSet> goldStandard(String study, String site, String tag, LocalDate day) {
        return latest.beginningWith(GoldStandardSet.class, String.join("/", study, site, tag) + VALID_FROM).stream()
                .filter(gold -> !gold.validFrom().isAfter(day))
                .max(Comparator.comparing(GoldStandardSet::validFrom));
    }

    public Optional<SessionDiscovered> discovered(SessionRef session) {
        return latest.find(SessionDiscovered.class, session.identity());
    }

    public Optional<SessionSettled> settled(SessionRef session) {
        return latest.find(SessionSettled.class, session.identity());
    }

    /** The series of a session, by scan id. */
    public List<Series> seriesOf(SessionRef session) {
        Map<String, SeriesTagged> tagged = new TreeMap<>();
        latest.ofSession(SeriesTagged.class, session).forEach(event -> tagged.put(event.scan(), event));
        Map<String, SeriesExported> exported = new TreeMap<>();
        latest.ofSession(SeriesExported.class, session).forEach(event -> exported.put(event.scan(), event));
        return Stream.concat(tagged.keySet().stream(), exported.keySet().stream())
                .distinct()
                .sorted()
                .map(scan -> new Series(
                        scan, Optional.ofNullable(tagged.get(scan)), Optional.ofNullable(exported.get(scan))))
                .toList();
    }

    /** Associated files of a session that are in the archive. */
    public List<ResourceExported> resourcesOf(SessionRef session) {
        return latest.ofSession(ResourceExported.class, session);
    }

    /** Images of a session that a person has blacklisted. */
    public Set<String> blacklisted(SessionRef session) {
        return latest.ofSession(QcReviewed.class, session).stream()
                .filter(review -> review.decision() == QcReviewed.Decision.BLACKLISTED)
                .flatMap(review -> review.stem().stream())
                .collect(Collectors.toSet());
    }

    /** Number of the next check of a session. */
    public long nextCheckRevision(SessionRef session) {
        return locked(session).checkRevision + 1;
    }

    /** Content of the last check of a session, without its number. */
    public Optional<String> lastCheck(SessionRef session) {
        return Optional.ofNullable(locked(session).lastCheck);
    }

    public void remember(SessionChecked event, String content) {
        SessionRow session = locked(event.session());
        session.checkRevision = event.checkRevision();
        session.lastCheck = content;
    }

    /** Locks a session for this transaction: one thread at a time decides what is published about it. */
    public void lock(SessionRef session) {
        locked(session);
    }

    private SessionRow locked(SessionRef session) {
        // An upsert: two that meet a new session both go on.
        entities.createNativeQuery("insert into qc_session (session) values (:session) on conflict do nothing")
                .setParameter("session", session.identity())
                .executeUpdate();
        return entities.find(SessionRow.class, session.identity(), LockModeType.PESSIMISTIC_WRITE);
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
            LOG.errorf(
                    e,
                    "A stored result cannot be read any more and is ignored result=%s scan=%s session=%s",
                    result.stem,
                    result.scan,
                    result.session);
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
