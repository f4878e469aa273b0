package org.datman.qc.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ProcessingFailedBuilder;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionChecked.Paired;
import org.datman.contracts.event.SessionCheckedBuilder;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.naming.DatmanId;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.naming.NamingException;
import org.datman.contracts.study.ExpectedCount;
import org.datman.contracts.study.PairedData;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.platform.outbox.Outbox;
import org.datman.platform.study.Studies;
import org.datman.qc.state.QcState;
import org.datman.qc.trend.History;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Checks a settled session whenever something of it changes, and publishes the result when it differs from the last one. */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
public class SessionCheck {

    private static final Logger LOG = Logger.getLogger(SessionCheck.class);

    private final QcState state;
    private final History history;
    private final Studies studies;
    private final Outbox outbox;
    private final Clock clock;

    SessionCheck(QcState state, History history, Studies studies, Outbox outbox, Clock clock) {
        this.state = state;
        this.history = history;
        this.studies = studies;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Checks the session, if it has settled and has a name. */
    public void check(Envelope<?> cause, SessionRef session) {
        check(cause, session, false);
    }

    /** Checks the session and publishes the result even when nothing changed. */
    public void checkAgain(Envelope<?> cause, SessionRef session) {
        check(cause, session, true);
    }

    private void check(Envelope<?> cause, SessionRef session, boolean force) {
        state.lock(session);
        SessionDiscovered discovered = state.discovered(session).orElse(null);
        SessionSettled settled = state.settled(session).orElse(null);
        Optional<StudyConfiguration> study = Optional.ofNullable(discovered)
                .flatMap(SessionDiscovered::study)
                .flatMap(code -> studies.current().study(code));
        if (discovered == null
                || settled == null
                || study.isEmpty()
                || discovered.name().isEmpty()
                || discovered.site().isEmpty()
                || discovered.status() == SessionDiscovered.Status.DELETED) {
            whyNot(cause, session, discovered, settled, study.isPresent());
            if (force) {
                publishWhyNotRepeated(cause, session, discovered, settled);
            }
            return;
        }
        DatmanId id;
        try {
            id = DatmanIds.parse(discovered.name().get());
        } catch (NamingException e) {
            // Stored before the grammar was as it is today.
            Reason reason = new Reason(
                    "session-name-unreadable",
                    "Completeness not checked: the name of the session cannot be read: " + e.getMessage(),
                    "Correct its label on XNAT");
            publishFailed(
                    cause,
                    session,
                    reason,
                    force ? clock.instant() : settled.lastChange(),
                    force ? cause.id().toString() : "settle " + settled.settleRevision());
            return;
        }
        SessionChecked checked = judge(discovered, id, settled, study.get());
        String content = content(checked);
        if (force || state.lastCheck(session).filter(content::equals).isEmpty()) {
            state.store(checked, content);
            outbox.publish(cause, checked);
        }
    }

    /**
     * Why a session is not checked. One that has not settled is not due; for one without a name, session-discovered carries the reason;
     * a settled one whose study is not configured is reported here, since no other event reports it.
     */
    private void whyNot(
            Envelope<?> cause,
            SessionRef session,
            @Nullable SessionDiscovered discovered,
            @Nullable SessionSettled settled,
            boolean configured) {
        if (settled == null || discovered == null) {
            LOG.debugf("Not checked yet, the session has not settled session=%s", session.identity());
            return;
        }
        Optional<String> study = discovered.study();
        if (discovered.status() == SessionDiscovered.Status.DELETED) {
            LOG.infof("Not checked, the session is gone from XNAT session=%s", session.identity());
        } else if (study.isPresent() && !configured) {
            LOG.warnf("Not checked, the study is not configured session=%s study=%s", session.identity(), study.get());
            Reason reason = new Reason(
                    "study-not-configured",
                    "Completeness not checked: study " + study.get() + " is not configured any more",
                    "Put its file back into the folder of the studies, then press 'Check again'");
            publishFailed(cause, session, reason, settled.lastChange(), "settle " + settled.settleRevision());
        } else {
            LOG.infof(
                    "Not checked, the session has no study, site and name; reason in session-discovered session=%s",
                    session.identity());
        }
    }

    /** A person requested the check: every obstacle is published. A study that is not configured is reported already. */
    private void publishWhyNotRepeated(
            Envelope<?> cause,
            SessionRef session,
            @Nullable SessionDiscovered discovered,
            @Nullable SessionSettled settled) {
        Reason reason;
        if (discovered == null || settled == null) {
            reason = new Reason(
                    "not-settled",
                    "Completeness not checked: QC does not know that the upload of session " + session.identity()
                            + " is complete",
                    "It is checked by itself when the upload is complete; if it was complete before, press"
                            + " 'Re-import' of the session");
        } else if (discovered.study().isEmpty()
                || discovered.name().isEmpty()
                || discovered.site().isEmpty()) {
            reason = new Reason(
                    "no-name",
                    "Completeness not checked: the session has no study, site and name",
                    "Correct its label on XNAT; it is read again by itself");
        } else if (discovered.status() == SessionDiscovered.Status.DELETED) {
            reason = Reason.of("session-deleted", "Completeness not checked: the session was deleted on XNAT");
        } else {
            return;
        }
        publishFailed(cause, session, reason, clock.instant(), cause.id().toString());
    }

    /** @param identity equal for what is to be reported once */
    private void publishFailed(Envelope<?> cause, SessionRef session, Reason reason, Instant time, String identity) {
        outbox.publish(
                cause,
                ProcessingFailedBuilder.builder()
                        .service("qc")
                        .stage("check")
                        .kind(ProcessingFailed.Kind.PERMANENT)
                        .attempts(1)
                        .reason(reason)
                        .time(time)
                        .session(Optional.of(session))
                        .cause(Optional.of(identity))
                        .build());
    }

    private SessionChecked judge(
            SessionDiscovered session, DatmanId id, SessionSettled settled, StudyConfiguration study) {
        SessionRef ref = session.session();
        String site = session.site().orElseThrow();
        LocalDate day = day(session);
        String name = session.name().orElseThrow();
        Map<String, ExpectedCount> expected = study.expected(site, session.phantom(), id.timepoint(), day);
        SessionCompleteness completeness =
                SessionCompleteness.of(expected, settled.series(), state.seriesOf(ref), state.blacklisted(ref));
        List<String> reasons = new ArrayList<>(completeness.reasons());
        PairedDataCheck.Session own = new PairedDataCheck.Session(name, day, state.resourcesOf(ref));
        List<Paired> paired = PairedDataCheck.rows(
                study.open() ? study.pairedData() : List.of(),
                session.phantom(),
                own,
                ofSubject(session, own, study),
                completeness.rows());
        reasons.addAll(PairedDataCheck.reasons(paired, study.pairedData()));
        reasons.addAll(SeriesConsistency.reasons(study, site, counted(ref)));
        return SessionCheckedBuilder.builder()
                .session(session.session())
                .settleRevision(settled.settleRevision())
                .checkRevision(state.nextCheckRevision(ref))
                .study(study.code())
                .site(site)
                .sessionName(name)
                .phantom(session.phantom())
                .rows(completeness.rows())
                .complete(reasons.isEmpty() && completeness.pending().isEmpty())
                .reasons(reasons)
                .pending(completeness.pending())
                .configRevision(study.revision())
                .date(session.date())
                .paired(Optional.of(paired))
                .build();
    }

    private LocalDate day(SessionDiscovered session) {
        return session.date().orElseGet(() -> LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
    }

    /** The settled sessions of the session's subject, itself included; only itself where nothing is required per subject. */
    private List<PairedDataCheck.Session> ofSubject(
            SessionDiscovered session, PairedDataCheck.Session own, StudyConfiguration study) {
        List<PairedDataCheck.Session> all = new ArrayList<>(List.of(own));
        others(session, study).stream()
                .filter(other -> state.settled(other.session()).isPresent())
                .map(other -> new PairedDataCheck.Session(
                        other.name().orElseThrow(), day(other), state.resourcesOf(other.session())))
                .forEach(all::add);
        return all;
    }

    /**
     * The other sessions of the same subject, whose checks depend on this one: those of which the study requires files per subject. A check locks
     * its session: whoever checks several in one transaction locks them in the order of their ids first.
     */
    List<SessionRef> dependent(SessionRef session) {
        return state
                .discovered(session)
                .flatMap(known -> known.study()
                        .flatMap(code -> studies.current().study(code))
                        .map(study -> others(known, study)))
                .orElse(List.of())
                .stream()
                .map(SessionDiscovered::session)
                .toList();
    }

    /** Without those whose name cannot be read: their own check publishes that, and no other waits for what they would report. */
    private List<SessionDiscovered> others(SessionDiscovered session, StudyConfiguration study) {
        if (session.phantom() || study.pairedData().stream().noneMatch(PairedData::isPerSubject)) {
            return List.of();
        }
        return subject(session).stream()
                .flatMap(subject -> state.sessionsNamed(subject + "_").stream())
                .filter(other -> other.status() != SessionDiscovered.Status.DELETED
                        && !other.session().equals(session.session())
                        && subject(other).isPresent())
                .toList();
    }

    /** Empty as well when the name cannot be read. */
    private static Optional<String> subject(SessionDiscovered session) {
        try {
            return session.name().map(name -> DatmanIds.parse(name).fullSubject());
        } catch (NamingException e) {
            return Optional.empty();
        }
    }

    /** Images that a rater blacklisted are not compared. */
    private List<History.Tagged> counted(SessionRef ref) {
        Set<String> blacklisted = state.blacklisted(ref);
        return history.headersOf(ref).stream()
                .filter(image -> !blacklisted.contains(image.stem()))
                .toList();
    }

    /** The published content without the number of the check: equal content is published once. */
    private static String content(SessionChecked checked) {
        try {
            return EventJson.mapper()
                    .writeValueAsString(List.of(
                            checked.settleRevision(),
                            checked.sessionName(),
                            checked.rows(),
                            checked.reasons(),
                            checked.pending(),
                            checked.configRevision(),
                            checked.paired()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A check is always JSON", e);
        }
    }
}
