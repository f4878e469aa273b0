package org.datman.qc.visit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.groups.Tuple;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionDiscoveredBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.event.VisitChecked;
import org.datman.contracts.event.VisitChecked.State;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisitPlanTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        // today, a session that came, state
        "2026-11-09,, PLANNED",
        "2026-11-10,, DUE",
        "2026-11-20,, DUE",
        "2026-11-21,, OVERDUE",
        "2026-11-21, SPN_CMH_0001_02_01, ARRIVED",
        "2026-11-09, SPN_CMH_0001_02_02, ARRIVED",
        "2026-11-21, SPN_CMH_0001_03_01, OVERDUE",
        "2026-11-21, SPN_CMH_0002_02_01, OVERDUE",
    })
    void aPlannedSessionIsDueBetweenItsDaysAndOverdueAfterThem(LocalDate today, String came, State state)
            throws Exception {
        // Given
        PlannedVisit visit =
                new PlannedVisit("SPN_CMH_0001_02", "SPN_CMH_0001_02", LocalDate.of(2026, 11, 10), DAY, "visits.csv");
        List<ArrivedSession> sessions = came == null ? List.of() : List.of(session(came, null));

        // When
        List<VisitChecked> all = VisitPlan.of(
                study("VisitPlan: visits.csv"), List.of(visit), RedcapVisits.none(), List.of(), sessions, today);

        // Then
        assertThat(all)
                .filteredOn(one -> one.visit().equals("SPN_CMH_0001_02"))
                .extracting(VisitChecked::state)
                .containsExactly(state);
    }

    @Test
    void whatNeverCameIsReportedWithItsLastDayAndWhatToDo() throws Exception {
        // Given
        PlannedVisit visit = new PlannedVisit("SPN_CMH_0001_02", "SPN_CMH_0001_02", null, DAY, "visits.csv");

        // When
        List<VisitChecked> all = VisitPlan.of(
                study("VisitPlan: visits.csv"),
                List.of(visit),
                RedcapVisits.none(),
                List.of(),
                List.of(),
                DAY.plusDays(1));

        // Then
        Reason reason = all.get(0).reason();
        assertThat(reason.message()).isEqualTo("Session SPN_CMH_0001_02 was due by 2026-11-20 and has not arrived");
        assertThat(reason.action()).contains("upload it under this label", "write none as its day");
    }

    @Test
    void visitsAreDueSoManyDaysAfterTheFirstSessionOfTheirSubject() throws Exception {
        // Given: two subjects; of the second no session has a date, of the first a session came at a timepoint without
        // a plan
        StudyConfiguration study = study("Visits: {'02': {Days: 90, Window: 14}, '03': {Days: 365}}");
        List<ArrivedSession> sessions = List.of(
                session("SPN_CMH_0001_01_01", LocalDate.of(2026, 1, 10)),
                session("SPN_CMH_0001_02_01", LocalDate.of(2026, 5, 1)),
                session("SPN_CMH_0001_04_01", LocalDate.of(2026, 6, 1)),
                session("SPN_CMH_0002_03_01", null),
                session("SPN_CMH_PHA_FBN260101", LocalDate.of(2026, 1, 1)));

        // When
        List<VisitChecked> all =
                VisitPlan.of(study, List.of(), RedcapVisits.none(), List.of(), sessions, LocalDate.of(2027, 1, 11));

        // Then: 2026-01-10 and 90 days are 2026-04-10, 365 days are 2027-01-10
        assertThat(all)
                .extracting(VisitChecked::visit, VisitChecked::state, VisitChecked::from, VisitChecked::to)
                .containsExactlyInAnyOrder(
                        Tuple.tuple("SPN_CMH_0001_02", State.ARRIVED, day(2026, 3, 27), day(2026, 4, 24)),
                        Tuple.tuple("SPN_CMH_0001_03", State.OVERDUE, day(2027, 1, 10), day(2027, 1, 10)),
                        Tuple.tuple("SPN_CMH_0001_04_01", State.UNPLANNED, Optional.empty(), Optional.empty()),
                        Tuple.tuple("SPN_CMH_0002_03_01", State.UNPLANNED, Optional.empty(), Optional.empty()));
        assertThat(all.get(0).reason().message())
                .isEqualTo("Session SPN_CMH_0001_02 arrived as SPN_CMH_0001_02_01 of 2026-05-01, after 2026-04-24");
    }

    @Test
    void theFileHasPrecedenceOverDaysAfterTheFirstSession() throws Exception {
        // Given
        StudyConfiguration study = study("Visits: {'02': {Days: 90}}");
        PlannedVisit visit = new PlannedVisit(
                "SPN_CMH_0001_02_01", "SPN_CMH_0001_02", null, LocalDate.of(2026, 12, 1), "visits.csv");
        List<ArrivedSession> sessions = List.of(session("SPN_CMH_0001_01_01", LocalDate.of(2026, 1, 10)));

        // When
        List<VisitChecked> all = VisitPlan.of(study, List.of(visit), RedcapVisits.none(), List.of(), sessions, DAY);

        // Then
        assertThat(all)
                .extracting(VisitChecked::visit, VisitChecked::state)
                .containsExactly(Tuple.tuple("SPN_CMH_0001_02_01", State.DUE));
    }

    @Test
    void theFileIsReadLineByLineAndEachFaultHasItsLine() throws Exception {
        // Given: as a spreadsheet writes it, with a byte order mark
        Path file = write("visits.csv", """
                \uFEFFsession,from,to,comment
                SPN_CMH_0001_02,2026-11-10,2026-11-20,
                SPN_CMH_0002_02_01,,2026-12-24,by phone
                SPN_CMH_0003,,2026-12-24,
                SPN_UTO_0004_01,,2026-12-24,
                SPN_CMH_0005_01,2026-12-25,2026-12-24,
                SPN_CMH_0006_01,,24.12.2026,
                SPN_CMH_0001_02,,2026-11-20,
                SPN_CMH_0007_02,,none,moved
                SPN_CMH_0008,,None,left the study
                SPN_UTO_0009,,none,
                """);

        // When
        PlanFile plan = PlanFile.read(study("VisitPlan: visits.csv"), file, "visits.csv");

        // Then
        assertThat(plan.visits())
                .containsExactly(
                        new PlannedVisit(
                                "SPN_CMH_0001_02", "SPN_CMH_0001_02", LocalDate.of(2026, 11, 10), DAY, "visits.csv"),
                        new PlannedVisit(
                                "SPN_CMH_0002_02_01",
                                "SPN_CMH_0002_02",
                                null,
                                LocalDate.of(2026, 12, 24),
                                "visits.csv"));
        assertThat(plan.faults().keySet())
                .containsExactlyInAnyOrder(
                        "visits.csv line 4",
                        "visits.csv line 5",
                        "visits.csv line 6",
                        "visits.csv line 7",
                        "visits.csv line 8",
                        "visits.csv line 11");
        assertThat(plan.notExpected())
                .containsExactly(
                        new NotExpected("SPN_CMH_0007_02", "SPN_CMH_0007_02", "visits.csv", "visits.csv line 9"),
                        new NotExpected("SPN_CMH_0008", "", "visits.csv", "visits.csv line 10"));
        assertThat(plan.faults().get("visits.csv line 5")).contains("'UTO' is not a site of SPN");
        assertThat(plan.faults().get("visits.csv line 7")).contains("'24.12.2026' is no day");
    }

    @Test
    void aFileThatIsMissingOrHasOtherColumnsIsAFaultOfTheFile() throws Exception {
        // Given
        StudyConfiguration study = study("VisitPlan: visits.csv");
        Path other = write("other.csv", "subject,day\nSPN_CMH_0001_02,2026-11-20\n");

        // When
        List<PlanFile> plans = List.of(
                PlanFile.read(study, folder.resolve("visits.csv"), "visits.csv"),
                PlanFile.read(study, other, "visits.csv"));

        // Then
        assertThat(plans).allSatisfy(plan -> {
            assertThat(plan.whole()).isFalse();
            assertThat(plan.faults()).containsOnlyKeys("visits.csv");
        });
        assertThat(plans.get(1).faults().get("visits.csv")).contains("subject, day");
    }

    @Test
    void nothingMoreIsExpectedOfWhomTheFileDropsAndWhatArrivedStaysArrived() throws Exception {
        // Given: of subject 1 the second session came; subject 2 misses one by the file and one by days; of subject 3
        // the
        // file names in full the session of a timepoint that is planned by days
        StudyConfiguration study = study("Visits: {'02': {Days: 90}, '03': {Days: 180}}");
        PlannedVisit byFile =
                new PlannedVisit("SPN_CMH_0002_02_01", "SPN_CMH_0002_02", null, LocalDate.of(2026, 5, 1), "visits.csv");
        List<ArrivedSession> sessions = List.of(
                session("SPN_CMH_0001_01_01", LocalDate.of(2026, 1, 10)),
                session("SPN_CMH_0001_02_01", LocalDate.of(2026, 4, 10)),
                session("SPN_CMH_0002_01_01", LocalDate.of(2026, 1, 10)),
                session("SPN_CMH_0003_01_01", LocalDate.of(2026, 1, 10)));
        List<NotExpected> dropped = List.of(
                new NotExpected("SPN_CMH_0001", "", "visits.csv", "visits.csv line 3"),
                new NotExpected("SPN_CMH_0002", "", "visits.csv", "visits.csv line 4"),
                new NotExpected("SPN_CMH_0003_02_01", "SPN_CMH_0003_02", "visits.csv", "visits.csv line 5"));

        // When
        List<VisitChecked> all = VisitPlan.of(study, List.of(byFile), RedcapVisits.none(), dropped, sessions, DAY);

        // Then
        assertThat(all)
                .extracting(VisitChecked::visit, VisitChecked::state)
                .containsExactlyInAnyOrder(
                        Tuple.tuple("SPN_CMH_0001_02", State.ARRIVED),
                        Tuple.tuple("SPN_CMH_0001_03", State.WITHDRAWN),
                        Tuple.tuple("SPN_CMH_0002_02_01", State.WITHDRAWN),
                        Tuple.tuple("SPN_CMH_0002_03", State.WITHDRAWN),
                        Tuple.tuple("SPN_CMH_0003_02", State.WITHDRAWN),
                        Tuple.tuple("SPN_CMH_0003_03", State.OVERDUE));
        assertThat(all)
                .filteredOn(visit -> visit.visit().equals("SPN_CMH_0003_02"))
                .extracting(visit -> visit.reason().message())
                .containsExactly("Session SPN_CMH_0003_02 is not expected, as visits.csv says");
    }

    @Test
    void aPlanThatIsThereUnderNoNameAnyMoreStillApplies() throws Exception {
        // Given: what was published of visits.csv, before the study file named it plan.csv, which is not there
        StudyConfiguration study = study("Visits: {'03': {Days: 90}}\nVisitPlan: plan.csv");
        PlannedVisit visit = new PlannedVisit("SPN_CMH_0001_02", "SPN_CMH_0001_02", null, DAY, "visits.csv");
        List<ArrivedSession> sessions = List.of(session("SPN_CMH_0001_01_01", LocalDate.of(2026, 1, 10)));
        List<NotExpected> dropped =
                List.of(new NotExpected("SPN_CMH_0001_03", "SPN_CMH_0001_03", "visits.csv", "visits.csv line 3"));
        List<VisitChecked> last = VisitPlan.of(study, List.of(visit), RedcapVisits.none(), dropped, sessions, DAY);

        // When
        PlanFile plan =
                VisitCheck.inForce(PlanFile.read(study, folder.resolve("plan.csv"), "plan.csv"), "plan.csv", last);

        // Then
        assertThat(plan.visits())
                .containsExactly(new PlannedVisit("SPN_CMH_0001_02", "SPN_CMH_0001_02", null, DAY, "plan.csv"));
        assertThat(plan.notExpected())
                .containsExactly(new NotExpected("SPN_CMH_0001_03", "SPN_CMH_0001_03", "plan.csv", ""));
        assertThat(plan.faults()).containsOnlyKeys("plan.csv");
    }

    @Test
    void aLineThatSaysNoneOfNothingOrAgainstAnotherIsReported() throws Exception {
        // Given: subject 1 came twice, the second time against line 2; line 3 says none of a timepoint of which line 4
        // plans
        // a session; nobody plans a visit of subject 9; line 6 is the rest of a subject who left, line 7 of one who has
        // a rule
        StudyConfiguration study = study("Visits: {'02': {Days: 90}}\nVisitPlan: visits.csv");
        Path file = write("visits.csv", """
                session,to
                SPN_CMH_0001_02_01,none
                SPN_CMH_0002_03,none
                SPN_CMH_0002_03_01,2026-12-24
                SPN_CMH_0009_02,none
                SPN_CMH_0001,none
                SPN_CMH_0003_02_01,none
                """);
        List<ArrivedSession> sessions = List.of(
                session("SPN_CMH_0001_01_01", LocalDate.of(2026, 1, 10)),
                session("SPN_CMH_0001_02_01", LocalDate.of(2026, 4, 10)),
                session("SPN_CMH_0003_01_01", LocalDate.of(2026, 1, 10)));

        // When
        PlanFile plan = PlanFile.read(study, file, "visits.csv");
        List<VisitChecked> all =
                VisitPlan.of(study, plan.visits(), RedcapVisits.none(), plan.notExpected(), sessions, DAY);

        // Then
        assertThat(plan.contradictions()).containsExactly(Map.entry("visits.csv line 3", "SPN_CMH_0002_03_01"));
        assertThat(all)
                .extracting(VisitChecked::visit, VisitChecked::state)
                .containsExactlyInAnyOrder(
                        Tuple.tuple("SPN_CMH_0001_02", State.ARRIVED),
                        Tuple.tuple("SPN_CMH_0002_03_01", State.DUE),
                        Tuple.tuple("SPN_CMH_0003_02", State.WITHDRAWN),
                        Tuple.tuple("visits.csv line 2", State.UNREADABLE),
                        Tuple.tuple("visits.csv line 5", State.UNREADABLE));
        assertThat(all)
                .filteredOn(one -> one.state() == State.UNREADABLE)
                .extracting(one -> one.reason().message())
                .containsExactly(
                        "The visit plan has a line without effect, visits.csv line 2: SPN_CMH_0001_02_01 will not come, as"
                                + " it says, and session SPN_CMH_0001_02_01 is there",
                        "The visit plan has a line without effect, visits.csv line 5: SPN_CMH_0009_02 will not come, as it"
                                + " says, and no visit of it is planned");
        assertThat(VisitPlan.contradictory(study, "visits.csv line 3", "SPN_CMH_0002_03_01", "visits.csv"))
                .extracting(one -> one.reason().message())
                .isEqualTo("The visit plan has a line without effect, visits.csv line 3: another line plans"
                        + " SPN_CMH_0002_03_01, which stays expected");
    }

    @Test
    void aSessionWhoseNameCannotBeReadIsAFactAndStopsNoOther() throws Exception {
        // Given
        StudyConfiguration study = study("VisitPlan: visits.csv");
        List<SessionDiscovered> sessions = List.of(discovered("SPN_cmh?"), discovered("SPN_CMH_0001_01_01"));
        List<VisitChecked> faults = new ArrayList<>();

        // When
        List<ArrivedSession> arrived = VisitCheck.arrived(study, sessions, faults);

        // Then
        assertThat(arrived).extracting(ArrivedSession::name).containsExactly("SPN_CMH_0001_01_01");
        assertThat(faults)
                .extracting(VisitChecked::visit, VisitChecked::state)
                .containsExactly(Tuple.tuple("SPN_cmh?", State.UNREADABLE));
    }

    private static SessionDiscovered discovered(String name) {
        return SessionDiscoveredBuilder.builder()
                .session(new SessionRef("test", name))
                .sessionRevision(1)
                .status(SessionDiscovered.Status.PRESENT)
                .project("SPN")
                .subjectLabel("subject")
                .label(name)
                .phantom(false)
                .configRevision("config")
                .name(Optional.of(name))
                .build();
    }

    private StudyConfiguration study(String keys) throws Exception {
        write("SPN.yml", """
                StudyTag: SPN
                XnatProjects: [SPN]
                Sites: {CMH: {}}
                """ + keys + "\n");
        StudyConfigurations studies = StudyConfigurations.load(folder);
        assertThat(studies.errors()).isEmpty();
        return studies.study("SPN").orElseThrow();
    }

    private Path write(String name, String text) throws Exception {
        return Files.write(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }

    private static ArrivedSession session(String name, LocalDate day) {
        return new ArrivedSession(DatmanIds.parse(name), day);
    }

    private static Optional<LocalDate> day(int year, int month, int day) {
        return Optional.of(LocalDate.of(year, month, day));
    }
}
