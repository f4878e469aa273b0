package org.datman.simulator.scanner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.datman.simulator.scanner.Scenario.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioFileTest {

    /** The line of the first session in a scenario that begins with {@link Scans#SCANNERS}. */
    private static final int SESSION_LINE = 8;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        "{project: D, scanner: GE, series: [T1]}"                                           | "sessions[0]: needs the key 'label'"
        "{label: X, project: D, scanner: MARS, series: [T1]}"                               | "sessions[0].scanner: 'MARS' is not known; allowed: [GE, PHILIPS, SIEMENS]"
        "{label: X, project: D, scanner: GE, series: [T9]}"                                 | "sessions[0].series[0]: 'T9' is not known; allowed: [DTI-MS,"
        "{label: X, project: D, scanner: GE, series: [MAG]}"                                | "sessions[0].series[0]: 'MAG' is not known; allowed: ["
        "{label: X, project: D, scanner: GE, series: [T1, T1]}"                             | "'T1' is listed twice; a series that was run twice is the fault repeated-series"
        "{label: X, project: D, scanner: GE, series: T1}"                                   | "sessions[0].series: must be a list"
        "{label: X, project: D, scanner: GE, series: [{protocol: T1, volumes: 3}]}"         | "only a time series has volumes to choose"
        "{label: X, project: D, scanner: GE, series: [T1], colour: red}"                    | "sessions[0].colour: unknown key; allowed: [arriveAfter, date, faults, label,"
        "{label: X, project: D, scanner: GE, series: [T1], arriveAfter: soon}"              | "sessions[0].arriveAfter: 'soon' is not a duration; allowed: a whole number and ms, s, m or h"
        "{label: X, project: D, scanner: GE, series: [T1], date: last year}"                | "sessions[0].date: must be a date such as 2026-11-02"
        "{label: X, project: D, scanner: GE, series: [T1], faults: [{kind: gremlin}]}"      | "sessions[0].faults[0].kind: 'gremlin' is not known; allowed: [ambiguous-description, bad-label,"
        "{label: X, project: D, scanner: GE, series: [T1], faults: [{kind: spike, series: T1, volume: 0, slice: 0, amplitude: 9}]}" | "can be planted in bold, phantom-epi and dwi series, 'T1' is t1"
        "{label: X, project: D, scanner: GE, series: [RST], faults: [{kind: spike, series: RST, volume: 32, slice: 0, amplitude: 9}]}" | "faults[0].volume: 32 is out of range; allowed: 0 to 31"
        "{label: X, project: D, scanner: GE, series: [RST], faults: [{kind: spike, series: RST, volume: 1}]}" | "sessions[0].faults[0]: needs the key '"
        "{label: X, project: D, scanner: GE, series: [RST], faults: [{kind: parameter-drift, series: RST, parameter: Mood, value: 1}]}" | "'Mood' is not known; allowed: [EchoSpacing, EchoTime, FlipAngle, InversionTime,"
        "{label: X, project: D, scanner: GE, series: [RST], faults: [{kind: parameter-drift, series: RST, parameter: EchoTime, value: long}]}" | "faults[0].value: 'long' is not a number"
        "{label: X, project: D, scanner: GE, series: [RST], faults: [{kind: parameter-drift, series: RST, parameter: SOPInstanceUID, value: 1}]}" | "faults[0].parameter: \'SOPInstanceUID\' is not known"
        "{label: X, project: D, scanner: GE, series: [RST], faults: [{kind: parameter-drift, series: RST, parameter: NumberOfAverages, value: two}]}" | "faults[0].value: \'two\' is not a number"
        "{label: X, project: D, scanner: GE, series: [RST], faults: [{kind: ghost, series: T1, level: 0.1}]}" | "faults[0].series: 'T1' is not known; allowed: [RST]"
        "{label: X, project: D, scanner: GE, phantom: true, series: [FMAP-AP]}"             | "'FMAP-AP' cannot be run on a phantom"
        "{label: X, project: D, scanner: GE, series: [T1], resources: [{label: a, file: ../x, content: y}]}" | "resources[0].file: must be a plain name"
        """)
    void anErrorNamesFileLineKeyAndWhatIsAllowed(String session, String message) {
        // Given a scenario with one mistake
        String text = Scans.SCANNERS + "  - " + session + "\n";

        // When it is read
        AbstractThrowableAssert<? extends AbstractThrowableAssert<?, ?>, ?> thrown =
                assertThatThrownBy(() -> ScenarioFile.parse("demo.yaml", text));

        // Then the error says where and what
        thrown.isInstanceOf(ScenarioException.class)
                .hasMessageStartingWith("demo.yaml:" + SESSION_LINE + ": ")
                .hasMessageContaining(message);
    }

    @Test
    void brokenYamlNamesTheLine() {
        // Given text that is no YAML
        String text = "seed: 1\ndate: [2026\n";

        // When it is read
        AbstractThrowableAssert<? extends AbstractThrowableAssert<?, ?>, ?> thrown =
                assertThatThrownBy(() -> ScenarioFile.parse("demo.yaml", text));

        // Then the error says so
        thrown.isInstanceOf(ScenarioException.class).hasMessageContaining("demo.yaml:3: not YAML");
    }

    @Test
    void aLabelIsUsedOncePerProject() {
        // Given two sessions with one label
        String text = Scans.SCANNERS + Scans.session("GE", "T1", "") + Scans.session("GE", "T1", "");

        // When it is read
        AbstractThrowableAssert<? extends AbstractThrowableAssert<?, ?>, ?> thrown =
                assertThatThrownBy(() -> ScenarioFile.parse("demo.yaml", text));

        // Then it is refused
        thrown.hasMessageContaining("demo.yaml:9: sessions[1]: the label 'DEMO_CMH_0001_01_01' is used twice");
    }

    @Test
    void theDemoHasEveryFaultAndItsLabelsFollowTheGrammar() throws Exception {
        // Given the scenario of the demo
        Path demo =
                Path.of(ScenarioFile.class.getResource("/scenarios/demo.yaml").toURI());

        // When it is read
        Scenario scenario = ScenarioFile.parse(demo);

        // Then it is as wide as the demo promises
        List<Session> sessions = scenario.sessions();
        assertThat(sessions).hasSizeGreaterThanOrEqualTo(12);
        assertThat(sessions).extracting(Session::project).containsOnly("DEMO", "PILOT");
        assertThat(sessions).extracting(s -> s.scanner().key()).contains("CMH", "UTO", "MRP");
        Set<FaultKind> planted = new HashSet<>();
        sessions.forEach(s -> s.faults().forEach(f -> planted.add(f.kind())));
        assertThat(planted).containsExactlyInAnyOrderElementsOf(Arrays.asList(FaultKind.values()));
        assertThat(sessions).anyMatch(s -> s.series().stream().anyMatch(p -> p.volumes() == 200));
        for (Session s : sessions) {
            boolean bad = s.faults().stream().anyMatch(f -> f.kind() == FaultKind.BAD_LABEL);
            assertThat(s.label().matches("[A-Z]+_[A-Z]{3}_([0-9]{4}_[0-9]{2}_[0-9]{2}|PHA_[A-Z]{3}[0-9]{4})"))
                    .as(s.label())
                    .isEqualTo(!bad);
        }
    }

    @Test
    void theHistoryOfThePhantomIsAYearBeforeTheDemo() throws Exception {
        // Given the sessions that are appended to those of the demo
        String text = "";
        for (String file : List.of("demo.yaml", "demo-history.yaml")) {
            text += Files.readString(
                    Path.of(ScenarioFile.class.getResource("/scenarios/" + file).toURI()));
        }

        // When they are read
        Scenario scenario = ScenarioFile.parse("demo.yaml", text);

        // Then a control chart has its 30 readings (Baseline.MOST) before the ghost, and some more
        List<Session> history =
                scenario.sessions().stream().filter(s -> s.date() != null).toList();
        assertThat(history).hasSize(36).allMatch(Session::phantom);
        assertThat(history)
                .extracting(Scenario.Session::date)
                .isSorted()
                .allMatch(day -> day.isBefore(scenario.date())
                        && day.isAfter(scenario.date().minusDays(366)));
        assertThat(history.subList(0, 32)).allMatch(s -> s.faults().isEmpty());
        assertThat(history.subList(32, 36))
                .allSatisfy(s ->
                        assertThat(s.faults()).extracting(fault -> fault.kind()).containsExactly(FaultKind.GHOST));
    }
}
