package org.datman.pipeline.bids;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.study.BidsRule;
import org.datman.contracts.study.EventsRule;
import org.datman.contracts.testkit.EventFixtures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From behavioural files to the events of runs. */
class TaskEventsTest {

    private static final String NAME = "STU_CMH_0001_01_01";
    private static final EventsRule PLAIN = rule("events", "onset", "duration", EventsRule.Unit.S, "", List.of());

    @Test
    void theTableOfATaskProgramBecomesSecondsFromTheFirstVolumeInTheOrderOfOnsets() throws Exception {
        // Given times of the program's own clock in ms, columns of its own, and a name of a person
        String text = "\uFEFFSubject;Trigger;StimOnset;StimDuration;emotion;trial_type\n"
                + "A. Person;10500;14500;;happy;face\n"
                + "A. Person;;12750;500.5;\"sad; or so\";face\n";
        EventsRule rule = rule("faces", "StimOnset", "StimDuration", EventsRule.Unit.MS, "Trigger", List.of("emotion"));

        // When
        EventsTable table = EventsTable.of(text.getBytes(StandardCharsets.UTF_8), "faces.csv", rule);

        // Then
        assertThat(table.tsv())
                .isEqualTo("onset\tduration\temotion\ttrial_type\n"
                        + "2.25\t0.5005\tsad; or so\tface\n"
                        + "4\tn/a\thappy\tface\n");
        assertThat(table.json()).contains("\"Units\" : \"s\"", "'emotion'").doesNotContain("Person", "Subject");
    }

    @Test
    void responseTimesAreInTheUnitOfTheFileToo() throws Exception {
        // Given
        String text = "onset;duration;response_time;value\n1000;500;412.5;7\n3000;500;n/a;8\n";
        EventsRule rule = rule("faces", "onset", "duration", EventsRule.Unit.MS, "", List.of());

        // When
        EventsTable table = EventsTable.of(text.getBytes(StandardCharsets.UTF_8), "faces.csv", rule);

        // Then
        assertThat(table.tsv()).isEqualTo("onset\tduration\tresponse_time\tvalue\n1\t0.5\t0.4125\t7\n3\t0.5\tn/a\t8\n");
        assertThat(EventJson.mapper()
                        .readTree(table.json())
                        .at("/response_time/Units")
                        .textValue())
                .isEqualTo("s");
    }

    @Test
    void aTableThatIsRightAlreadyStaysAsItIs() throws Exception {
        // Given
        String text = "onset\tduration\ttrial_type\n-1.5\t0\tgo\n3\tn/a\tstop\n";

        // When
        EventsTable table = EventsTable.of(text.getBytes(StandardCharsets.UTF_8), "x_events.tsv", PLAIN);

        // Then
        assertThat(table.tsv()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "start,duration%1,2                | no column onset, but start, duration",
                "onset,duration%x,2                | row 1 has 'x' in column onset",
                "onset,duration%1e999999999,2      | row 1 has '1e999999999' in column onset, which is no number of at most",
                "onset,duration%1e-999999999,2     | row 1 has '1e-999999999' in column onset, which is no number of at most",
                "onset,duration,response_time%1,2,fast | row 1 has 'fast' in column response_time",
                "onset,duration%1,2%3,-4           | row 2 has the negative duration -4",
                "onset,duration%1,2,3              | row 1 has another number of cells",
                "onset,duration                    | it has no row",
                "onset,onset,duration%1,2,3        | it is no table",
            })
    void whatCannotBeConvertedSaysWhy(String text, String reason) {
        // Given
        byte[] bytes = text.strip().replace('%', '\n').getBytes(StandardCharsets.UTF_8);

        // When
        var refused = assertThatThrownBy(() -> EventsTable.of(bytes, "events.csv", PLAIN));

        // Then
        refused.isInstanceOf(EventsTable.NotConvertibleException.class).hasMessageContaining(reason);
    }

    @Test
    void aFileBelongsToItsScanOrToTheRunOfItsName() {
        // Given three runs, of which the second is damaged
        Visit visit = new Visit(NAME);
        for (int scan = 4; scan < 7; scan++) {
            visit.with(scan, "FACES", "func/bold task=faces", "{}").rule(TaskEventsTest::withEvents);
        }
        visit.with(9, "T1", "anat/T1w", "{}");

        // When
        TaskEvents.Assignment assignment = TaskEvents.assign(
                BidsImage.inOrder(visit.session().images()),
                List.of(
                        file("beh/faces_run2.csv"),
                        file("scan-4/beh/faces.csv"),
                        file("scan-9/beh/faces.csv"),
                        file("beh/faces_run7.csv"),
                        file("beh/faces_practice.csv"),
                        file("beh/other.csv")));

        // Then
        assertThat(assignment.assigned())
                .extracting(each -> each.scan().text(), each -> name(each.file().path()))
                .containsExactlyInAnyOrder(tuple("5", "beh/faces_run2.csv"), tuple("4", "scan-4/beh/faces.csv"));
        assertThat(assignment.refused())
                .extracting(left -> name(left.stem()), left -> left.reason().code())
                .containsExactlyInAnyOrder(
                        tuple("beh/faces_run7.csv", "events-without-run"),
                        tuple("beh/faces_practice.csv", "events-without-run"));
    }

    @ParameterizedTest
    @CsvSource({"1:2, ''", "1:2:3, 4:5:6", "3, ''"})
    void numbersAreTakenBesideARunThatCannotBeUsedOnlyWhenEachRunHasItsFile(String numbers, String scans) {
        // Given three runs, of which a person refused the second
        Visit visit = new Visit(NAME);
        for (int scan = 4; scan < 7; scan++) {
            visit.with(scan, "FACES", "func/bold task=faces", "{}").rule(TaskEventsTest::withEvents);
            if (scan == 5) {
                visit.reviewed(QcReviewed.Decision.BLACKLISTED);
            }
        }

        // When
        TaskEvents.Assignment assignment = TaskEvents.assign(
                BidsImage.inOrder(visit.session().images()),
                Stream.of(numbers.split(":"))
                        .map(number -> file("beh/faces_run" + number + ".csv"))
                        .toList());

        // Then
        assertThat(assignment.assigned().stream().map(each -> each.scan().text()))
                .containsExactlyElementsOf(Stream.of(scans.split(":"))
                        .filter(scan -> !scan.isEmpty())
                        .toList());
        assertThat(assignment.refused())
                .hasSize(scans.isEmpty() ? numbers.split(":").length : 0)
                .allSatisfy(left -> {
                    assertThat(left.reason().code()).isEqualTo("events-run-unclear");
                    assertThat(left.reason().message()).contains("scan 5");
                });
    }

    @Test
    void twoFilesOfOneRunAreBothRefusedAndTheOnlyFileIsOfTheOnlyRun() {
        // Given
        List<BidsImage> one = new Visit(NAME)
                .with(4, "FACES", "func/bold task=faces", "{}")
                .rule(TaskEventsTest::withEvents)
                .session()
                .images();

        // When
        TaskEvents.Assignment only = TaskEvents.assign(one, List.of(file("beh/faces.csv")));
        TaskEvents.Assignment two =
                TaskEvents.assign(one, List.of(file("beh/faces_run1.csv"), file("scan-4/beh/faces.csv")));

        // Then
        assertThat(only.assigned()).hasSize(1);
        assertThat(two.assigned()).isEmpty();
        assertThat(two.refused()).extracting(left -> left.reason().code()).containsOnly("several-events");
    }

    @Test
    void theEchoesOfARunHaveItsEventsInCommon() {
        // Given
        Visit visit = new Visit(NAME)
                .with(4, "FACES", "a", "func/bold task=faces", "{'EchoNumber': 1}")
                .with(4, "FACES", "a-e2", "func/bold task=faces", "{'EchoNumber': 2}")
                .events("onset\tduration\n1\t2\n");

        // When
        SessionPlan plan = visit.plan();

        // Then
        assertThat(plan.raw().stream().map(PlannedFile::path).filter(path -> path.contains("_events.")))
                .containsExactly(
                        "func/sub-CMH0001_ses-01_task-faces_events.json",
                        "func/sub-CMH0001_ses-01_task-faces_events.tsv");
    }

    private static BidsRule withEvents(BidsRule rule) {
        return new BidsRule(
                rule.datatype(),
                rule.suffix(),
                rule.entities(),
                List.of(),
                false,
                List.of(),
                Map.of(),
                rule("faces(?:_run([0-9]+))?", "onset", "duration", EventsRule.Unit.S, "", List.of()));
    }

    private static EventsRule rule(
            String file, String onset, String duration, EventsRule.Unit unit, String offset, List<String> columns) {
        return new EventsRule(
                Pattern.compile(file),
                null,
                unit == EventsRule.Unit.MS ? EventsRule.Delimiter.SEMICOLON : null,
                onset,
                duration,
                unit,
                offset,
                columns);
    }

    private static ResourceExported file(String path) {
        List<String> segments = new ArrayList<>(Stream.of(path.split("/")).toList());
        return EventFixtures.of("STU_1", NAME)
                .exportedResource(segments.get(segments.size() - 1))
                .withLabel("beh")
                .withFile(Optional.of(
                        new FileRef(FileRole.RESOURCE, "STU/resources/" + NAME + "/" + path, 10, "0".repeat(64))));
    }

    private static String name(String path) {
        return path.substring(path.indexOf(NAME) + NAME.length() + 1);
    }
}
