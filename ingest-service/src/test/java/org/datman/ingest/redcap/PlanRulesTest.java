package org.datman.ingest.redcap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.groups.Tuple;
import org.datman.contracts.event.VisitPlanned;
import org.datman.contracts.event.VisitPlanned.State;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanRulesTest {

    private static final String SECOND = "visit_2_arm_1";
    private static final String ENROLMENT = "enrolment_arm_1";

    @Test
    void aDayAtTheEventOfATimepointIsAPlannedVisitWithItsWindow() {
        // Given: the subject is filled in at the first event only; REDCap exports the other rows with it empty
        List<PlanRow> rows = List.of(
                row("12", ENROLMENT, "SPN01_CMH_0001", ""),
                row("12", SECOND, "", "2026-11-10"),
                row("12", "visit_2_arm_2", "", ""),
                row("12", "visit_3_arm_1", "", "2026-12-01 09:30"));

        // When
        List<VisitPlanned> all = of(rows);

        // Then
        assertThat(all)
                .extracting(VisitPlanned::visit, VisitPlanned::state, VisitPlanned::from, VisitPlanned::to)
                .containsExactly(
                        Tuple.tuple("SPN01_CMH_0001_02", State.PLANNED, day("2026-11-03"), day("2026-11-17")),
                        Tuple.tuple("SPN01_CMH_0001_03", State.PLANNED, day("2026-12-01"), day("2026-12-01")));
        assertThat(all).extracting(VisitPlanned::field).containsOnly("planned");
        assertThat(all).extracting(VisitPlanned::records).containsOnly(List.of("12"));
    }

    @ParameterizedTest
    @CsvSource({
        // as typed, visit
        "' spn01_cmh_0001 ', SPN01_CMH_0001_02",
        "ABC01_CAM_0001, SPN01_CMH_0001_02",
        "SPN_CMH_0001, SPN_CMH_0001_02",
        "SPN01_CAM_0001,",
        "SPN01_UTO_0001,",
        "SPN01_CMH_0001_01,",
        "SPN01_CMH_PHA,",
        "Mary_Jane_Doe,",
        "Mary Doe,",
    })
    void theSubjectIsMappedOnceAndNothingThatWasTypedIsInAFault(String typed, String visit) {
        // Given: ABC01 is SPN01 here and CAM is CMH; an id that is local already is not mapped, so its site CAM is
        // unknown
        List<PlanRow> rows = List.of(row("12", SECOND, typed.strip(), "2026-11-10"));

        // When
        List<VisitPlanned> all = of(rows);

        // Then
        assertThat(all).hasSize(1);
        VisitPlanned one = all.get(0);
        assertThat(one.visit()).isEqualTo(visit == null ? "record 12" : visit);
        assertThat(one.state()).isEqualTo(visit == null ? State.UNREADABLE : State.PLANNED);
        if (visit == null) {
            assertThat(one.reason().message())
                    .contains("record 12", "par_id is no subject of the study")
                    .doesNotContainIgnoringCase("Mary")
                    .doesNotContain("UTO", "0001");
            assertThat(one.reason().action()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        // in one event, in the other of the same timepoint, fault
        "'', '', is empty",
        "10.11.2026, '', is no day",
        "2026-11-10, 2026-11-11, has different days",
    })
    void aVisitWithoutADayThatCanBeReadIsAFactOfThatVisit(String first, String second, String fault) {
        // Given
        List<PlanRow> rows =
                List.of(row("12", SECOND, "SPN01_CMH_0001", first), row("12", "visit_2_arm_2", "", second));

        // When
        List<VisitPlanned> all = of(rows);

        // Then
        assertThat(all)
                .extracting(VisitPlanned::visit, VisitPlanned::state, VisitPlanned::to)
                .containsExactly(Tuple.tuple("SPN01_CMH_0001_02", State.UNDATED, Optional.empty()));
        assertThat(all.get(0).reason().message())
                .contains("field planned of record 12 " + fault)
                .doesNotContain("10.11");
    }

    @Test
    void aDayOfNoSubjectAtNoTimepointOrOfAVisitThatIsPlannedAlreadyIsAFactAndHidesNoOther() {
        // Given: 13 has no subject, 14 two, 15 a day where none belongs, 16 plans the visit of 12
        List<PlanRow> rows = List.of(
                row("16", SECOND, "SPN01_CMH_0001", "2026-11-11"),
                row("12", SECOND, "SPN01_CMH_0001", "2026-11-10"),
                row("13", SECOND, "", "2026-11-10"),
                row("14", ENROLMENT, "SPN01_CMH_0002", ""),
                row("14", SECOND, "SPN01_CMH_0003", "2026-11-10"),
                row("15", ENROLMENT, "SPN01_CMH_0004", "2026-11-10"));

        // When
        List<VisitPlanned> all = of(rows);

        // Then
        assertThat(all)
                .extracting(VisitPlanned::visit, VisitPlanned::state)
                .containsExactlyInAnyOrder(
                        Tuple.tuple("SPN01_CMH_0001_02", State.PLANNED),
                        Tuple.tuple("record 13", State.UNREADABLE),
                        Tuple.tuple("record 14", State.UNREADABLE),
                        Tuple.tuple("record 15 event " + ENROLMENT, State.UNREADABLE),
                        Tuple.tuple("record 16 for SPN01_CMH_0001_02", State.UNREADABLE));
        assertThat(all)
                .filteredOn(visit -> visit.state() == State.PLANNED)
                .extracting(VisitPlanned::records)
                .containsExactly(List.of("12"));
        assertThat(all)
                .filteredOn(visit -> visit.state() == State.UNREADABLE)
                .extracting(visit -> visit.reason().message())
                .satisfiesExactlyInAnyOrder(
                        message -> assertThat(message).contains("par_id is empty"),
                        message -> assertThat(message).contains("par_id has different subjects"),
                        message -> assertThat(message).contains("no timepoint under Visits of Redcap"),
                        message -> assertThat(message).contains("which record 12 plans already"));
    }

    @Test
    void whatPlansNothingIsNoFact() {
        // Given: a record of someone who was never enrolled, and an enrolled one without a row of a planned event
        List<PlanRow> rows = List.of(
                row("12", ENROLMENT, "", ""), row("12", SECOND, "", ""), row("13", ENROLMENT, "SPN01_CMH_0001", ""));

        // When
        List<VisitPlanned> all = of(rows);

        // Then
        assertThat(all).isEmpty();
    }

    @Test
    void aProjectWithoutEventsHasAFieldPerTimepointAndTheRecordMayBeTheSubject() {
        // Given
        StudyConfiguration study = study("""
                SubjectField: record_id
                  Visits: {'02': {DateField: v2}, '03': {DateField: v3}}
                """);
        List<PlanRow> rows = List.of(new PlanRow(
                new RedcapKey("SPN01_CMH_0001", ""),
                Map.of("record_id", "SPN01_CMH_0001", "v2", "2026-11-10", "v3", "")));

        // When
        List<VisitPlanned> all = PlanRules.of(study, study.findRedcapPlan().orElseThrow(), rows);

        // Then
        assertThat(all)
                .extracting(VisitPlanned::visit, VisitPlanned::state, VisitPlanned::field)
                .containsExactly(
                        Tuple.tuple("SPN01_CMH_0001_02", State.PLANNED, "v2"),
                        Tuple.tuple("SPN01_CMH_0001_03", State.UNDATED, "v3"));
    }

    private static List<VisitPlanned> of(List<PlanRow> rows) {
        StudyConfiguration study = study("""
                SubjectField: par_id
                  Visits:
                    '02': {DateField: planned, Events: [visit_2_arm_1, visit_2_arm_2], Window: 7}
                    '03': {DateField: planned, Events: [visit_3_arm_1]}
                """);
        return PlanRules.of(study, study.findRedcapPlan().orElseThrow(), rows);
    }

    private static PlanRow row(String record, String event, String subject, String day) {
        return new PlanRow(
                new RedcapKey(record, event), Map.of("record_id", record, "par_id", subject, "planned", day));
    }

    private static Optional<LocalDate> day(String day) {
        return Optional.of(LocalDate.parse(day));
    }

    private static StudyConfiguration study(String plan) {
        StudyConfigurations read =
                StudyConfigurations.ofText("SPN.yml", """
                StudyTag: SPN
                XnatProjects: [SPN]
                IdMap: {Study: {ABC01: SPN01}, Site: {CAM: CMH}}
                Sites: {CMH: {SiteTags: [SPN01]}}
                Redcap:
                  Url: https://redcap.example.org/api/
                  Project: 42
                  %s""".formatted(plan).getBytes(StandardCharsets.UTF_8));
        assertThat(read.errors()).isEmpty();
        return read.study("SPN").orElseThrow();
    }
}
