package org.datman.qc.visit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.assertj.core.groups.Tuple;
import org.datman.contracts.event.Reason;
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
        List<VisitChecked> all = VisitPlan.of(study("VisitPlan: visits.csv"), List.of(visit), sessions, today);

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
        List<VisitChecked> all =
                VisitPlan.of(study("VisitPlan: visits.csv"), List.of(visit), List.of(), DAY.plusDays(1));

        // Then
        Reason reason = all.get(0).reason();
        assertThat(reason.message()).isEqualTo("Session SPN_CMH_0001_02 was due by 2026-11-20 and has not arrived");
        assertThat(reason.action()).contains("upload it to XNAT under this label", "change visits.csv");
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
        List<VisitChecked> all = VisitPlan.of(study, List.of(), sessions, LocalDate.of(2027, 1, 11));

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
        List<VisitChecked> all = VisitPlan.of(study, List.of(visit), sessions, DAY);

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
                .containsExactly(
                        "visits.csv line 4",
                        "visits.csv line 5",
                        "visits.csv line 6",
                        "visits.csv line 7",
                        "visits.csv line 8");
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
