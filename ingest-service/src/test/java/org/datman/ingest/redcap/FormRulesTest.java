package org.datman.ingest.redcap;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.groups.Tuple;
import org.datman.contracts.event.FormChecked;
import org.datman.contracts.event.FormChecked.State;
import org.datman.contracts.study.RedcapRule;
import org.datman.contracts.study.StudyConfiguration;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.ingest.redcap.FormRules.Arrived;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormRulesTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final LocalDate DAY = LocalDate.of(2026, 11, 18);
    private static final RedcapRule RULE = new RedcapRule(
            URI.create("https://redcap.example.org/api/"),
            "42",
            "scan_completed",
            "record_id",
            "par_id",
            "date",
            Set.of("2"),
            Duration.ofHours(48),
            LocalDate.of(2026, 1, 1),
            Set.of("SPN_CMH_0009_01_01"));

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        // form recorded so many hours ago, a session that came, its day, state
        "47,,, RECORDED",
        "48,,, SCANS_MISSING",
        "48, SPN_CMH_0001_01_01, 2026-11-18, COMPLETE",
        "48, SPN_CMH_0001_01_02, 2026-11-18, COMPLETE",
        "48, SPN_CMH_0001_01_01,, COMPLETE",
        "48, SPN_CMH_0001_01_01, 2026-11-17, DIFFERENT_DAY",
    })
    void aFormWaitsForItsScans(int hours, String came, LocalDate day, State state) throws Exception {
        // Given
        RedcapForm form = form("12", "SPN_CMH_0001_01", NOW.minus(Duration.ofHours(hours)));
        List<Arrived> sessions = came == null ? List.of() : List.of(arrived(came, day, NOW));

        // When
        List<FormChecked> all = FormRules.of(study(), RULE, List.of(form), sessions, NOW);

        // Then
        assertThat(all)
                .extracting(FormChecked::form, FormChecked::state)
                .containsExactly(Tuple.tuple("SPN_CMH_0001_01", state));
        assertThat(all.get(0).records()).containsExactly("12");
    }

    @Test
    void aSessionWaitsForItsFormUnlessNoneIsExpected() throws Exception {
        // Given: late, early enough, a phantom, from before the study used REDCap, an exception
        Instant late = NOW.minus(Duration.ofHours(48));
        List<Arrived> sessions = List.of(
                arrived("SPN_CMH_0001_01_01", DAY, late),
                arrived("SPN_CMH_0002_01_01", DAY, late.plusSeconds(1)),
                new Arrived("SPN_CMH_PHA_FBN1234", "SPN_CMH_PHA_FBN1234", true, DAY, late),
                arrived("SPN_CMH_0003_01_01", LocalDate.of(2025, 12, 31), late),
                arrived("SPN_CMH_0009_01_01", DAY, late));

        // When
        List<FormChecked> all = FormRules.of(study(), RULE, List.of(), sessions, NOW);

        // Then
        assertThat(all)
                .extracting(FormChecked::form, FormChecked::state)
                .containsExactly(Tuple.tuple("SPN_CMH_0001_01_01", State.FORM_MISSING));
    }

    @Test
    void ofTwoFormsOfOneSessionTheLaterBelongsToNone() throws Exception {
        // Given
        RedcapForm first = form("12", "SPN_CMH_0001_01", NOW.minusSeconds(60));
        RedcapForm second = form("13", "SPN_CMH_0001_01", NOW);

        // When
        List<FormChecked> all = FormRules.of(study(), RULE, List.of(second, first), List.of(), NOW);

        // Then
        assertThat(all)
                .extracting(FormChecked::form, FormChecked::state)
                .containsExactly(
                        Tuple.tuple("record 13", State.UNREADABLE), Tuple.tuple("SPN_CMH_0001_01", State.RECORDED));
        assertThat(all.get(0).reason().message()).contains("which record 12 names already");
    }

    @ParameterizedTest
    @CsvSource({
        // as typed, date, session, fault
        "' spn_cmh_0001_01_02 ', 2026-11-18, SPN_CMH_0001_01_02,",
        "SPN_CMH_0001_01, 2026-11-18 14:30, SPN_CMH_0001_01,",
        "ABC01_CAM_0001_01_SE02_MR, 2026-11-18, SPN01_CMH_0001_01_02,",
        "SPN01_CAM_0001_01_SE02_MR, 2026-11-18,, names a study or site",
        "Mary Doe, 2026-11-18,, is no name of a session",
        "SPN_UTO_0001_01_01, 2026-11-18,, names a study or site",
        "SPN_CMH_0001_01_01, 18.11.2026,, is no day",
        "'', 2026-11-18,, par_id is empty",
        "SPN_CMH_0001_01_01, '',, date is empty",
    })
    void theIdIsMappedOnceAndNothingThatWasTypedIsInAFault(String typed, String date, String session, String fault)
            throws Exception {
        // Given: ABC01 is SPN01 here and CAM is CMH; an id that is local already is not mapped, so its site CAM is
        // unknown
        RedcapRow row = new RedcapRow("12", "", typed.strip(), date, "2");

        // When
        ReadForm form = ReadForm.of(study(), RULE, row);

        // Then
        assertThat(form.session()).isEqualTo(session == null ? "" : session);
        if (fault == null) {
            assertThat(form.fault()).isEmpty();
            assertThat(form.day()).isEqualTo(DAY);
        } else {
            assertThat(form.fault()).contains(fault).doesNotContain("DOE", "Doe", "UTO", "18.11");
        }
    }

    @Test
    void aFormThatIsNotCompleteIsNoneAndARepeatedOneBelongsToNoSession() throws Exception {
        // Given
        List<RedcapRow> rows = List.of(
                new RedcapRow("12", "", "SPN_CMH_0001_01", "2026-11-18", "1"),
                new RedcapRow("13", "visit_1_arm_1", "SPN_CMH_0002_01", "2026-11-18", "2"),
                new RedcapRow("13", "visit_2_arm_1", "SPN_CMH_0002_02", "2026-11-18", "2"),
                new RedcapRow("14", "", "SPN_CMH_0003_01", "2026-11-18", "2"),
                new RedcapRow("14", "", "SPN_CMH_0003_02", "2026-11-18", "2"));

        // When
        Map<RedcapKey, ReadForm> forms = RedcapReading.completed(study(), RULE, rows);

        // Then
        assertThat(forms)
                .containsOnlyKeys(
                        new RedcapKey("13", "visit_1_arm_1"),
                        new RedcapKey("13", "visit_2_arm_1"),
                        new RedcapKey("14", ""));
        assertThat(forms.get(new RedcapKey("14", "")).fault()).isEqualTo("the record has it 2 times");
        assertThat(forms.get(new RedcapKey("13", "visit_2_arm_1")).session()).isEqualTo("SPN_CMH_0002_02");
    }

    private StudyConfiguration study() throws Exception {
        Files.writeString(folder.resolve("SPN.yml"), """
                StudyTag: SPN
                XnatProjects: [SPN]
                IdMap: {Study: {ABC01: SPN01}, Site: {CAM: CMH}}
                Sites: {CMH: {SiteTags: [SPN01]}}
                """);
        StudyConfigurations studies = StudyConfigurations.load(folder);
        assertThat(studies.errors()).isEmpty();
        return studies.study("SPN").orElseThrow();
    }

    private static RedcapForm form(String record, String session, Instant recorded) {
        return new RedcapForm("SPN", new RedcapKey(record, ""), new ReadForm(session, DAY, ""), recorded);
    }

    private static Arrived arrived(String name, LocalDate day, Instant since) {
        return new Arrived(name, name.substring(0, name.lastIndexOf('_')), false, day, since);
    }
}
