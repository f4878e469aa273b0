package org.datman.qc.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionChecked;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.study.AppliesTo;
import org.datman.contracts.study.PairedData;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.platform.outbox.Outbox;
import org.datman.platform.study.Studies;
import org.datman.qc.state.QcState;

/** Judges a settled session whenever something of it changes, and says so when the judgement is another than before. */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
public class SessionCheck {

    private final QcState state;
    private final Studies studies;
    private final Outbox outbox;
    private final Clock clock;

    SessionCheck(QcState state, Studies studies, Outbox outbox, Clock clock) {
        this.state = state;
        this.studies = studies;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Judges the session, if it has settled and has a name. */
    public void check(Envelope<?> cause, SessionRef session) {
        check(cause, session, false);
    }

    /** Judges the session and says so even when nothing changed. */
    public void checkAgain(Envelope<?> cause, SessionRef session) {
        check(cause, session, true);
    }

    private void check(Envelope<?> cause, SessionRef session, boolean sayAnyway) {
        Optional<SessionDiscovered> discovered = state.discovered(session.accession());
        Optional<SessionSettled> settled = state.settled(session.accession());
        Optional<StudyConfiguration> study = discovered
                .flatMap(SessionDiscovered::study)
                .flatMap(code -> studies.current().study(code));
        if (settled.isEmpty()
                || study.isEmpty()
                || discovered.get().name().isEmpty()
                || discovered.get().site().isEmpty()
                || discovered.get().status() == SessionDiscovered.Status.DELETED) {
            // Not ripe yet, or a session without a place, which session-discovered and the dashboard tell with the
            // reason.
            return;
        }
        SessionChecked checked = judge(discovered.get(), settled.get(), study.get());
        String said = content(checked);
        if (sayAnyway
                || state.lastCheck(session.accession()).filter(said::equals).isEmpty()) {
            state.remember(checked, said);
            outbox.say(cause, checked);
        }
    }

    private SessionChecked judge(SessionDiscovered session, SessionSettled settled, StudyConfiguration study) {
        String accession = session.session().accession();
        String site = session.site().orElseThrow();
        LocalDate day = session.date().orElseGet(() -> LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        Map<String, Integer> expected = study.expected(site, session.phantom(), day);
        Completeness completeness =
                Completeness.of(expected, settled.series(), state.seriesOf(accession), state.blacklisted(accession));
        List<String> reasons = new ArrayList<>(completeness.reasons());
        reasons.addAll(missingPairedData(study, session.phantom(), state.resourcesOf(accession)));
        return new SessionChecked(
                session.session(),
                settled.settleRevision(),
                state.nextCheckRevision(accession),
                study.code(),
                site,
                session.name().orElseThrow(),
                session.phantom(),
                session.date().map(LocalDate::toString),
                completeness.rows(),
                reasons.isEmpty() && completeness.pending().isEmpty(),
                reasons,
                completeness.pending(),
                study.revision());
    }

    private static List<String> missingPairedData(
            StudyConfiguration study, boolean phantom, List<ResourceExported> resources) {
        List<String> missing = new ArrayList<>();
        for (PairedData wanted : study.pairedData()) {
            boolean applies =
                    wanted.appliesTo() == AppliesTo.BOTH || (wanted.appliesTo() == AppliesTo.PHANTOMS) == phantom;
            if (applies) {
                long found = resources.stream()
                        .filter(resource -> resource.outcome() == SeriesExported.Outcome.EXPORTED)
                        .filter(resource -> wanted.file()
                                .matcher(resource.path()
                                        .substring(resource.path().lastIndexOf('/') + 1))
                                .find())
                        .filter(resource -> resource.file()
                                .filter(file -> file.size() >= wanted.minBytes())
                                .isPresent())
                        .count();
                if (found < wanted.minCount()) {
                    missing.add(wanted.label() + ": expected at least " + wanted.minCount() + " file(s) of "
                            + wanted.minBytes() + " bytes or more, found " + found);
                }
            }
        }
        return missing;
    }

    /** What is said, without the number of the check: equal content is said once. */
    private static String content(SessionChecked checked) {
        try {
            return EventJson.mapper()
                    .writeValueAsString(List.of(
                            checked.settleRevision(),
                            checked.sessionName(),
                            checked.rows(),
                            checked.reasons(),
                            checked.pending(),
                            checked.configRevision()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A check is always JSON", e);
        }
    }
}
