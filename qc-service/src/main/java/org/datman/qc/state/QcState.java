package org.datman.qc.state;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
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
import org.datman.contracts.event.VisitChecked;
import org.datman.contracts.event.VisitPlanned;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.platform.latest.LatestEvents;
import org.jspecify.annotations.Nullable;

/** What qc knows of sessions: the latest events of the other services, its own results, and what is to be done with them again. */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
public class QcState {

    /** Of a study, site and tag there is one gold standard for each day from which a person set one. */
    private static final String VALID_FROM = "#";

    private final LatestEvents latest;
    private final StoredResults results;
    private final CheckedSessions sessions;
    private final MeasurementStarts starts;

    QcState(LatestEvents latest, StoredResults results, CheckedSessions sessions, MeasurementStarts starts) {
        this.latest = latest;
        this.results = results;
        this.sessions = sessions;
        this.starts = starts;
    }

    /** The stored events of a series. */
    public record Series(
            String scan,
            @Nullable SeriesTagged tagged,
            @Nullable SeriesExported exported) {}

    /** Stores an event that another service published; false when a newer one about the same is stored. */
    public boolean store(Envelope<?> envelope) {
        return envelope.event() instanceof GoldStandardSet gold
                ? latest.storeIfNewer(envelope, gold.identity() + VALID_FROM + gold.validFrom())
                : latest.storeIfNewer(envelope);
    }

    /** Whether a stored export is newer than this one. */
    public boolean isSuperseded(SeriesExported event) {
        return latest.isOutdated(event);
    }

    /** Stores a result as the last one on its image. */
    public void store(QcComplete result) {
        results.store(result);
    }

    /** Nothing is left to do: the result is current under these definitions, and evaluated unless that was requested again meanwhile. */
    public void redone(ToRedo claim, String definitions) {
        upToDate(claim, definitions);
        judged(claim);
    }

    /** The result needs no new measurement under these definitions; a request to evaluate it stays. */
    public void upToDate(ToRedo claim, String definitions) {
        results.upToDate(claim.key(), definitions);
    }

    /** The result was re-evaluated; one that was requested again meanwhile stays marked. */
    public void judged(ToRedo claim) {
        results.evaluated(claim.key(), claim.asked());
    }

    /** Marks results on images of this study, site and tag from that day on for re-evaluation; returns their number. */
    public int judgeAgain(GoldStandardSet gold) {
        return results.evaluateAgain(gold);
    }

    /** Marks the result on one image for re-evaluation. */
    public void judgeAgain(SessionRef session, String scan, String stem) {
        results.evaluateAgain(new ResultKey(session.identity(), scan, stem));
    }

    /** The last results on all images of a session, including those that no longer exist; without those that cannot be read any more. */
    public List<QcComplete> resultsOf(SessionRef session) {
        return results.ofSession(session).stream()
                .flatMap(stored -> stored.result().stream())
                .toList();
    }

    /** Records that work on an image starts; returns the number of starts without an end, including this one. */
    public int begin(SessionRef session, String scan, String stem) {
        return starts.count(new ResultKey(session.identity(), scan, stem));
    }

    /** The work on an image has ended, successfully or not. */
    public void end(SessionRef session, String scan, String stem) {
        starts.end(new ResultKey(session.identity(), scan, stem));
    }

    /** The current export of a scan. */
    public Optional<SeriesExported> exported(SessionRef session, String scan) {
        return latest.find(SeriesExported.class, session.identity() + "/" + scan);
    }

    /** The last result on an image; empty when it cannot be read any more, so that a new measurement can replace it. */
    public Optional<QcComplete> result(SessionRef session, String scan, String stem) {
        return results.findByIdOptional(new ResultKey(session.identity(), scan, stem))
                .flatMap(StoredResult::result);
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

    /** The visits of all studies as they were last published. */
    public List<VisitChecked> visits() {
        return latest.beginningWith(VisitChecked.class, "");
    }

    /** What the visit plan of a study in REDCap says, withdrawn visits included. */
    public List<VisitPlanned> plannedInRedcap(String study) {
        return latest.beginningWith(VisitPlanned.class, study + "/");
    }

    /** The sessions whose name begins so, deleted ones included. */
    public List<SessionDiscovered> sessionsNamed(String prefix) {
        return latest.sessionsNamed(prefix);
    }

    /** The sessions of a study that have a name and were not deleted. */
    public List<SessionDiscovered> sessionsOf(StudyConfiguration study) {
        return latest.sessionsOf(study);
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
                .map(scan -> new Series(scan, tagged.get(scan), exported.get(scan)))
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
        return sessions.lock(session).checkRevision() + 1;
    }

    /** Content of the last check of a session, without its number. */
    public Optional<String> lastCheck(SessionRef session) {
        return sessions.lock(session).lastCheck();
    }

    /** Stores a check as the last one of its session. */
    public void store(SessionChecked check, String content) {
        sessions.lock(check.session()).checked(check.checkRevision(), content);
    }

    /** Locks a session for this transaction: one thread at a time decides what is published about it. */
    public void lock(SessionRef session) {
        sessions.lock(session);
    }
}
