package org.datman.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.contracts.study.SessionNaming;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.contracts.study.TagRule;
import org.datman.metrics.trend.Baseline;
import org.datman.metrics.trend.ControlChart;
import org.datman.metrics.trend.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The year of a phantom behind the demo shows limits and an alarm that lasts, as the README says. */
class PhantomYearTest {

    @TempDir
    Path folder;

    @Test
    void theNumbersOfTheYearGiveLimitsAndAnAlarmOfTheGhostThatIsNotOver() throws IOException {
        // Given the measurements of the scenario's sessions
        List<Scan> sessions = history();
        Map<String, List<Reading>> readings = readings(sessions);

        // When
        Map<String, ControlChart> charts = new TreeMap<>();
        readings.forEach((metric, values) -> charts.put(
                metric, ControlChart.of(values, MetricCatalogue.get(metric).good())));

        // Then
        assertThat(charts.keySet()).hasSize(7).allMatch(metric -> MetricCatalogue.isTrended("fbirn", metric));
        assertThat(charts.values())
                .allSatisfy(chart ->
                        assertThat(chart.baseline()).map(Baseline::readings).contains(Baseline.MOST));
        Map<String, String> lasting = new TreeMap<>();
        charts.forEach((metric, chart) -> chart.alarms().stream()
                .filter(alarm -> alarm.until().isEmpty())
                .forEach(alarm -> lasting.put(
                        metric,
                        alarm.rule() + " " + alarm.side() + " " + alarm.at().image())));
        // The ghost overlaps the phantom too, and increases its mean.
        assertThat(lasting)
                .isEqualTo(Map.of(
                        "fbirn_ghost_mean", "CUSUM HIGHER DEMO_CMH_PHA_FBN0134",
                        "fbirn_mean", "EWMA HIGHER DEMO_CMH_PHA_FBN0135"));
    }

    @Test
    void everySessionOfTheYearIsAPhantomOfTheStudyWhoseTagIsExpected() throws IOException {
        // Given the studies of the demo
        for (String study : List.of("DEMO.yml", "PILOT.yml")) {
            try (InputStream in = getClass().getResourceAsStream("/demo-studies/" + study)) {
                Files.copy(in, folder.resolve(study));
            }
        }
        StudyConfigurations studies = StudyConfigurations.load(folder);

        // When
        List<Scan> sessions = history();

        // Then
        assertThat(sessions).allSatisfy(session -> {
            assertThat(SessionNaming.resolve(studies, session.project(), session.label(), session.label()))
                    .isInstanceOfSatisfying(SessionNaming.Resolved.class, named -> {
                        assertThat(named.id().isPhantom()).isTrue();
                        TagRule rule = named.site().tags().get("FBN");
                        assertThat(rule.appliesTo().covers(true)).isTrue();
                        assertThat(rule.expectation()
                                        .of(session.day(), true, "")
                                        .accepted())
                                .containsExactly(1);
                    });
        });
    }

    private record Scan(String label, String project, LocalDate day) {}

    /** The sessions that are appended to those of the demo. */
    private static List<Scan> history() throws IOException {
        Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        List<Map<String, Object>> sessions = yaml.load(resource("/scenarios/demo-history.yaml"));
        return sessions.stream()
                .map(session -> new Scan(
                        session.get("label").toString(),
                        session.get("project").toString(),
                        LocalDate.ofInstant(((Date) session.get("date")).toInstant(), ZoneOffset.UTC)))
                .toList();
    }

    /** By metric; the table has the scenario's sessions in their order. */
    private static Map<String, List<Reading>> readings(List<Scan> sessions) throws IOException {
        List<String[]> rows = resource("/phantom-year.tsv")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t"))
                .toList();
        assertThat(rows.stream().skip(1).map(row -> row[0]).toList())
                .isEqualTo(sessions.stream().map(Scan::label).toList());
        Map<String, List<Reading>> readings = new TreeMap<>();
        for (int row = 1; row < rows.size(); row++) {
            LocalDate day = sessions.get(row - 1).day();
            for (int column = 1; column < rows.get(0).length; column++) {
                readings.computeIfAbsent(rows.get(0)[column], metric -> new ArrayList<>())
                        .add(new Reading(
                                rows.get(row)[0],
                                "content " + row,
                                day,
                                Double.parseDouble(rows.get(row)[column]),
                                true));
            }
        }
        return readings;
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = PhantomYearTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
