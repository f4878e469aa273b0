package org.datman.qc.visit;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.VisitChecked;
import org.datman.contracts.event.VisitChecked.State;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.naming.NamingException;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.platform.event.OutageException;
import org.datman.platform.latest.RepeatedCheck;
import org.datman.platform.latest.RepeatedCheck.Facts;
import org.datman.platform.study.Studies;
import org.datman.qc.state.QcState;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Compares the visit plans with the sessions that are there, and publishes each visit whose state changed: with time, with a session, or with
 * the plan. A timer, because a session that never comes causes no event; it asks the database and the folder of the studies only. What is planned in REDCap
 * ingest publishes.
 */
@ApplicationScoped
public class VisitCheck {

    private static final Logger LOG = Logger.getLogger(VisitCheck.class);

    private static final Facts<VisitChecked> VISITS = new Facts<>(
            VisitChecked::visitRevision,
            VisitChecked::configRevision,
            (fact, revision, configRevision) -> fact.withVisitRevision(revision).withConfigRevision(configRevision),
            fact -> fact.state() == State.WITHDRAWN,
            VisitPlan::withdrawn);

    private final Studies studies;
    private final QcState state;
    private final RepeatedCheck check;
    private final Path studyFolder;
    private final Clock clock;

    VisitCheck(
            Studies studies,
            QcState state,
            RepeatedCheck check,
            @ConfigProperty(name = "datman.studies") Path studyFolder,
            Clock clock) {
        this.studies = studies;
        this.state = state;
        this.check = check;
        this.studyFolder = studyFolder;
        this.clock = clock;
    }

    /** Checks all studies. One that cannot be checked delays no other. */
    @Scheduled(
            every = "${datman.qc.visits-every:5m}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    public void checkAll() {
        Map<String, StudyConfiguration> known;
        try {
            known = studies.current().valid();
        } catch (OutageException e) {
            LOG.warnf("Visits not checked, the studies cannot be read now reason=%s", e.getMessage());
            return;
        }
        Map<String, List<VisitChecked>> published = QuarkusTransaction.requiringNew().call(state::visits).stream()
                .collect(Collectors.groupingBy(VisitChecked::study));
        Set<String> codes = new HashSet<>(known.keySet());
        codes.addAll(published.keySet());
        codes.forEach(code -> {
            List<VisitChecked> last = published.getOrDefault(code, List.of());
            StudyConfiguration study = known.get(code);
            try {
                List<VisitChecked> now = study == null
                        ? List.of()
                        : QuarkusTransaction.requiringNew().call(() -> visits(study, last));
                check.publish(RepeatedCheck.changed(last, now, study == null ? null : study.revision(), VISITS));
            } catch (RuntimeException e) {
                LOG.errorf(e, "Visits of a study not checked, tried again study=%s", code);
            }
        });
    }

    private List<VisitChecked> visits(StudyConfiguration study, List<VisitChecked> last) {
        if (!study.open() || !study.hasVisitPlan()) {
            return List.of();
        }
        List<VisitChecked> faults = new ArrayList<>();
        PlanFile file = study.findVisitPlan()
                .map(name -> inForce(PlanFile.read(study, studyFolder.resolve(name), name), name, last))
                .orElseGet(PlanFile::none);
        String name = study.findVisitPlan().orElse("");
        file.faults().forEach((where, why) -> faults.add(VisitPlan.unreadable(study, where, why, name)));
        file.contradictions().forEach((where, visit) -> faults.add(VisitPlan.contradictory(study, where, visit, name)));
        RedcapVisits redcap = study.findRedcapPlan()
                .map(plan -> RedcapVisits.of(study, state.plannedInRedcap(study.code())))
                .orElseGet(RedcapVisits::none);
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        List<VisitChecked> all = new ArrayList<>(VisitPlan.of(
                study,
                file.visits(),
                redcap,
                file.notExpected(),
                arrived(study, state.sessionsOf(study), faults),
                today));
        all.addAll(faults);
        return all;
    }

    /** What the file says; while it cannot be read as a whole, what was read of it last, under whatever name it had then. */
    static PlanFile inForce(PlanFile file, String name, List<VisitChecked> last) {
        if (file.whole()) {
            return file;
        }
        return new PlanFile(
                last.stream().flatMap(visit -> again(visit, name).stream()).toList(),
                last.stream()
                        .filter(visit -> visit.reason().code().equals(VisitPlan.NOT_EXPECTED))
                        .map(visit -> new NotExpected(visit.visit(), visit.visit(), name, ""))
                        .toList(),
                file.faults(),
                file.contradictions(),
                false);
    }

    private static Optional<PlannedVisit> again(VisitChecked visit, String file) {
        boolean planned = !visit.source().isEmpty()
                && !visit.source().equals(VisitPlan.RULES)
                && !RedcapVisits.planned(visit.source())
                && visit.state() != State.WITHDRAWN
                && visit.state() != State.UNREADABLE;
        try {
            return visit.to()
                    .filter(to -> planned)
                    .map(to -> new PlannedVisit(
                            visit.visit(),
                            DatmanIds.parse(visit.visit()).withTimepoint(),
                            visit.from().orElse(null),
                            to,
                            file));
        } catch (NamingException e) {
            // Outside today's grammar: published as withdrawn.
            return Optional.empty();
        }
    }

    /** @param faults takes those whose name cannot be read */
    static List<ArrivedSession> arrived(
            StudyConfiguration study, List<SessionDiscovered> sessions, Collection<VisitChecked> faults) {
        Set<String> unreadable = new HashSet<>();
        List<ArrivedSession> arrived = new ArrayList<>();
        sessions.forEach(session -> {
            String name = session.name().orElseThrow();
            try {
                arrived.add(
                        new ArrivedSession(DatmanIds.parse(name), session.date().orElse(null)));
            } catch (NamingException e) {
                if (unreadable.add(name)) {
                    faults.add(VisitPlan.unreadableName(study, name, String.valueOf(e.getMessage())));
                }
            }
        });
        return arrived;
    }
}
