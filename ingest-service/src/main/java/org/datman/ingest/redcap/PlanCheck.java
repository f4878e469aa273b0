package org.datman.ingest.redcap;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.VisitPlanned;
import org.datman.contracts.event.VisitPlanned.State;
import org.datman.contracts.study.RedcapPlan;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.platform.latest.LatestEvents;
import org.datman.platform.latest.RepeatedCheck;
import org.datman.platform.latest.RepeatedCheck.Facts;

/**
 * The visit plan of a study in REDCap: reads it, and publishes what changed since the last time. What was published last is all that is kept of it:
 * the plan is small, and is read as a whole each time.
 */
@ApplicationScoped
class PlanCheck {

    private static final Facts<VisitPlanned> VISITS = new Facts<>(
            VisitPlanned::visitRevision,
            VisitPlanned::configRevision,
            (fact, revision, configRevision) -> fact.withVisitRevision(revision).withConfigRevision(configRevision),
            fact -> fact.state() == State.WITHDRAWN,
            PlanRules::withdrawn);

    private final RedcapApi api;
    private final LatestEvents latest;
    private final RepeatedCheck check;

    PlanCheck(RedcapApi api, LatestEvents latest, RepeatedCheck check) {
        this.api = api;
        this.latest = latest;
        this.check = check;
    }

    /**
     * Reads the plan, and publishes what is new and what is not planned any more.
     *
     * @throws RedcapException when it cannot be read: nothing is published then
     */
    void read(StudyConfiguration study, RedcapPlan plan) throws RedcapException {
        List<PlanRow> rows = api.plan(study.code(), plan);
        long known = rows.isEmpty()
                ? inForce(study.code()).stream()
                        .filter(visit -> visit.state() != State.UNREADABLE)
                        .count()
                : 0;
        if (known > 0) {
            throw new RedcapException(new Reason(
                    "redcap-empty",
                    "REDCap exports no record, where it had " + known + " planned visits before",
                    "Give the account of the API token the right to export the project. If it was emptied on purpose, take"
                            + " SubjectField and Visits of Redcap (or all of Redcap, where no form is expected) out of the study"
                            + " file for an hour"));
        }
        publish(study, PlanRules.of(study, plan, rows));
    }

    /** What was read last stays in force, with the reason why it is not read now. */
    void notRead(StudyConfiguration study, Reason reason) {
        List<VisitPlanned> now = new ArrayList<>(inForce(study.code()));
        now.removeIf(visit -> visit.visit().equals(PlanRules.REDCAP));
        now.add(PlanRules.notRead(study, reason));
        publish(study, now);
    }

    private void publish(StudyConfiguration study, List<VisitPlanned> now) {
        check.publish(QuarkusTransaction.requiringNew()
                .call(() -> RepeatedCheck.changed(published(study.code()), now, study.revision(), VISITS)));
    }

    /** Codes of the studies whose plan in REDCap was published. */
    Set<String> studiesWithPlan() {
        return QuarkusTransaction.requiringNew().call(() -> latest.beginningWith(VisitPlanned.class, "")).stream()
                .filter(visit -> visit.state() != State.WITHDRAWN)
                .map(VisitPlanned::study)
                .collect(Collectors.toSet());
    }

    /** The study has no plan in REDCap any more. */
    void withdrawAll(String study) {
        check.publish(QuarkusTransaction.requiringNew()
                .call(() -> RepeatedCheck.changed(published(study), List.of(), null, VISITS)));
    }

    private List<VisitPlanned> inForce(String study) {
        return QuarkusTransaction.requiringNew().call(() -> published(study)).stream()
                .filter(visit -> visit.state() != State.WITHDRAWN)
                .toList();
    }

    private List<VisitPlanned> published(String study) {
        return latest.beginningWith(VisitPlanned.class, study + "/");
    }
}
