package org.datman.qc.visit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.groups.Tuple;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.VisitChecked;
import org.datman.contracts.event.VisitPlanned;
import org.datman.contracts.event.VisitPlannedBuilder;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;
import org.junit.jupiter.api.Test;

/** What ingest read from REDCap as a plan of the study. */
class RedcapVisitsTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
    private static final StudyConfiguration STUDY = study();

    @Test
    void whatRedcapPlansIsMissedLikeWhatAFilePlansAndSaysWhereItIsPlanned() {
        // Given: overdue, due, not yet due, withdrawn
        RedcapVisits redcap = RedcapVisits.of(
                STUDY,
                List.of(
                        planned("SPN_CMH_0001_02", "2026-11-01", "2026-11-19"),
                        planned("SPN_CMH_0002_02", "2026-11-01", "2026-11-20"),
                        planned("SPN_CMH_0003_02", "2026-11-21", "2026-11-30"),
                        planned("SPN_CMH_0004_02", "2026-11-01", "2026-11-19")
                                .withState(VisitPlanned.State.WITHDRAWN)));

        // When
        List<VisitChecked> all = VisitPlan.of(STUDY, List.of(), redcap, List.of(), List.of(), DAY);

        // Then
        assertThat(all)
                .extracting(VisitChecked::state, VisitChecked::source, visit -> visit.reason()
                        .message())
                .containsExactly(
                        Tuple.tuple(
                                VisitChecked.State.OVERDUE,
                                "REDCap, field planned_day",
                                "Session SPN_CMH_0001_02 was due by 2026-11-19, as planned in REDCap, field planned_day,"
                                        + " and has not arrived"),
                        Tuple.tuple(
                                VisitChecked.State.DUE,
                                "REDCap, field planned_day",
                                "Session SPN_CMH_0002_02 is due until 2026-11-20, as planned in REDCap, field"
                                        + " planned_day"),
                        Tuple.tuple(
                                VisitChecked.State.PLANNED,
                                "REDCap, field planned_day",
                                "Session SPN_CMH_0003_02 is planned from 2026-11-21 until 2026-11-30, as planned in"
                                        + " REDCap, field planned_day"));
    }

    @Test
    void theFileHasPrecedenceOverRedcapAndRedcapOverDaysAfterTheFirstSession() {
        // Given: of subject 1 all three plan timepoint 02, of subject 2 REDCap and the rule
        PlannedVisit byFile =
                new PlannedVisit("SPN_CMH_0001_02_01", "SPN_CMH_0001_02", null, DAY.plusDays(1), "visits.csv");
        RedcapVisits redcap = RedcapVisits.of(
                STUDY,
                List.of(
                        planned("SPN_CMH_0001_02", "2026-01-01", "2026-01-02"),
                        planned("SPN_CMH_0002_02", "2026-11-21", "2026-11-22")));
        List<ArrivedSession> sessions = List.of(
                session("SPN_CMH_0001_01_01", LocalDate.of(2026, 1, 10)),
                session("SPN_CMH_0002_01_01", LocalDate.of(2026, 1, 10)),
                session("SPN_CMH_0003_01_01", LocalDate.of(2026, 1, 10)));

        // When
        List<VisitChecked> all = VisitPlan.of(STUDY, List.of(byFile), redcap, List.of(), sessions, DAY);

        // Then
        assertThat(all)
                .extracting(VisitChecked::visit, VisitChecked::source, VisitChecked::state)
                .containsExactlyInAnyOrder(
                        Tuple.tuple("SPN_CMH_0001_02_01", "visits.csv", VisitChecked.State.DUE),
                        Tuple.tuple("SPN_CMH_0002_02", "REDCap, field planned_day", VisitChecked.State.PLANNED),
                        Tuple.tuple("SPN_CMH_0003_02", "Visits", VisitChecked.State.OVERDUE));
    }

    @Test
    void aVisitWithoutADayIsAFaultUnlessItCameOrHasItsDayElsewhereOrWillNotCome() {
        // Given: 1 nothing; 2 came; 3 has a rule; 4 is planned by the file; 5 left, which line 3 says
        RedcapVisits redcap = RedcapVisits.of(
                STUDY,
                List.of(
                        undated("SPN_CMH_0001_03"),
                        undated("SPN_CMH_0002_03"),
                        undated("SPN_CMH_0003_02"),
                        undated("SPN_CMH_0004_03"),
                        undated("SPN_CMH_0005_03")));
        PlannedVisit byFile = new PlannedVisit("SPN_CMH_0004_03", "SPN_CMH_0004_03", null, DAY, "visits.csv");
        NotExpected left = new NotExpected("SPN_CMH_0005", "", "visits.csv", "visits.csv line 3");
        List<ArrivedSession> sessions =
                List.of(session("SPN_CMH_0002_03_01", null), session("SPN_CMH_0003_01_01", LocalDate.of(2026, 8, 22)));

        // When
        List<VisitChecked> all = VisitPlan.of(STUDY, List.of(byFile), redcap, List.of(left), sessions, DAY);

        // Then
        assertThat(all)
                .extracting(VisitChecked::visit, VisitChecked::state)
                .containsExactlyInAnyOrder(
                        Tuple.tuple("SPN_CMH_0001_03", VisitChecked.State.UNREADABLE),
                        Tuple.tuple("SPN_CMH_0002_03", VisitChecked.State.ARRIVED),
                        Tuple.tuple("SPN_CMH_0003_02", VisitChecked.State.DUE),
                        Tuple.tuple("SPN_CMH_0004_03", VisitChecked.State.DUE));
        assertThat(all)
                .filteredOn(visit -> visit.state() == VisitChecked.State.ARRIVED)
                .extracting(visit -> visit.reason().message())
                .containsExactly("Session SPN_CMH_0002_03 arrived as SPN_CMH_0002_03_01, and has no planned day in"
                        + " REDCap, field planned_day");
    }

    @Test
    void aRecordThatPlansNothingAndARedcapThatIsAwayAreFaultsWithTheReasonsOfIngest() {
        // Given: and a visit of a site that the study file has not
        Reason away = new Reason("redcap-not-read", "REDCap cannot be read", "Look whether it is up");
        RedcapVisits redcap = RedcapVisits.of(
                STUDY,
                List.of(
                        planned("record 12", "2026-11-01", "2026-11-19")
                                .withState(VisitPlanned.State.UNREADABLE)
                                .withReason(new Reason("visit-not-assigned", "Its field is empty", "Correct it")),
                        planned("REDCap", "2026-11-01", "2026-11-19")
                                .withState(VisitPlanned.State.UNREADABLE)
                                .withReason(away),
                        planned("SPN_UTO_0001_02", "2026-11-01", "2026-11-19"),
                        planned("SPN_CMH_0001_02", "2026-11-01", "2026-11-19")));

        // When
        List<VisitChecked> all = VisitPlan.of(STUDY, List.of(), redcap, List.of(), List.of(), DAY);

        // Then: the visits that were read apply
        assertThat(all)
                .extracting(VisitChecked::visit, VisitChecked::state, visit -> visit.reason()
                        .code())
                .containsExactlyInAnyOrder(
                        Tuple.tuple("SPN_CMH_0001_02", VisitChecked.State.OVERDUE, "visit-overdue"),
                        Tuple.tuple("REDCap record 12", VisitChecked.State.UNREADABLE, "visit-not-assigned"),
                        Tuple.tuple("REDCap", VisitChecked.State.UNREADABLE, "redcap-not-read"),
                        Tuple.tuple("REDCap SPN_UTO_0001_02", VisitChecked.State.UNREADABLE, "visit-not-assigned"));
        assertThat(all)
                .filteredOn(visit -> visit.visit().equals("REDCap"))
                .extracting(VisitChecked::reason)
                .containsExactly(away);
    }

    @Test
    void whatWasReadOfAFileThatIsAwayIsNotWhatRedcapPlanned() {
        // Given: both were published, and the file is not there any more
        List<VisitChecked> last = VisitPlan.of(
                STUDY,
                List.of(new PlannedVisit("SPN_CMH_0001_02", "SPN_CMH_0001_02", null, DAY, "visits.csv")),
                RedcapVisits.of(STUDY, List.of(planned("SPN_CMH_0002_02", "2026-11-01", "2026-11-19"))),
                List.of(),
                List.of(),
                DAY);

        // When
        PlanFile file =
                VisitCheck.inForce(new PlanFile(List.of(), List.of(), Map.of(), Map.of(), false), "visits.csv", last);

        // Then
        assertThat(file.visits()).extracting(PlannedVisit::name).containsExactly("SPN_CMH_0001_02");
    }

    private static VisitPlanned undated(String visit) {
        return planned(visit, "2026-01-01", "2026-01-01")
                .withState(VisitPlanned.State.UNDATED)
                .withFrom(Optional.empty())
                .withTo(Optional.empty());
    }

    private static VisitPlanned planned(String visit, String from, String to) {
        return VisitPlannedBuilder.builder()
                .study("SPN")
                .visit(visit)
                .visitRevision(1)
                .state(VisitPlanned.State.PLANNED)
                .records(List.of("12"))
                .field("planned_day")
                .configRevision("config")
                .reason(Reason.of("visit-planned-in-redcap", "is planned"))
                .from(Optional.of(LocalDate.parse(from)))
                .to(Optional.of(LocalDate.parse(to)))
                .build();
    }

    private static ArrivedSession session(String name, LocalDate day) {
        return new ArrivedSession(DatmanIds.parse(name), day);
    }

    /** Days of visits are planned by the test as ingest would, whatever the file says of the fields. */
    private static StudyConfiguration study() {
        StudyConfigurations read = StudyConfigurations.ofText("SPN.yml", """
                StudyTag: SPN
                XnatProjects: [SPN]
                Sites: {CMH: {}}
                Visits: {'02': {Days: 90}}
                """.getBytes(StandardCharsets.UTF_8));
        return read.study("SPN").orElseThrow();
    }
}
