package org.datman.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.IntStream;
import org.datman.contracts.event.ConfigurationConfirmed;
import org.datman.contracts.event.ConfigurationRead;
import org.datman.contracts.event.ConfigurationRead.Held;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.SessionSettled;
import org.datman.contracts.study.AcceptedStudies;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.simulator.archive.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A change of the study files that would withdraw files waits until a person confirms it, and can be undone. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(Lab.class)
class GuardedChangeTest {

    private static final String STUDY = """
            StudyTag: %s
            XnatProjects: [%s]
            QuietPeriod: 1s
            SettleCap: 30s
            Tags:
              T1: { Pattern: { SeriesDescription: 'T1' }, QcType: anat, Count: 7 }
            Sites:
              CMH: {}
            """;

    @TestHTTPResource("/")
    URI address;

    @Inject
    Archive archive;

    private EventsOnKafka events;

    @BeforeEach
    void begin() {
        Lab.sendWebhooksTo(address.getPort());
        events = EventsOnKafka.ofTests();
    }

    @AfterEach
    void end() {
        Lab.sendNoWebhooks();
        events.close();
    }

    @Test
    void aStudyWhoseFileDisappearsHoldsUntilAPersonConfirmsAndComesBackWithItsFile() throws IOException {
        // Given
        Path file = study("GUA01");
        String text = Files.readString(file);
        Session session = sevenSeries("GUA01");

        // When
        Files.delete(file);

        // Then
        Held held = awaitHeld("GUA01");
        assertThat(held.series()).isEqualTo(7);
        assertThat(held.message()).contains("GUA01.yml is gone", "7 series");
        assertThat(accepted()).contains("GUA01");
        assertThat(events.all(SessionDiscovered.class))
                .filteredOn(e -> e.event().key().equals(session.id()))
                .allSatisfy(e -> assertThat(e.event().study()).contains("GUA01"));

        events.publish(new ConfigurationConfirmed("GUA01", held.change(), "m.manager", Instant.now()));
        events.await(
                SessionDiscovered.class,
                e -> e.key().equals(session.id()) && e.study().isEmpty());
        assertThat(accepted()).doesNotContain("GUA01");

        Files.writeString(file, text);
        events.await(
                ConfigurationRead.class,
                e -> e.time().isAfter(held(held)) && e.studies().contains("GUA01"));
        assertThat(archive.resolve(".datman/studies/history")).isDirectoryContaining("glob:**GUA01.*.yml");
    }

    @Test
    void aTextUnderWhichManySeriesWouldLoseTheirFilesWaitsAndOneThatLosesNoneDoesNot() throws IOException {
        // Given
        Path file = study("GUB01");
        String text = Files.readString(file);
        sevenSeries("GUB01");

        // When
        Files.writeString(file, text.replace("'T1'", "'T9'"));

        // Then
        Held held = awaitHeld("GUB01");
        assertThat(held.series()).isEqualTo(7);
        assertThat(held.message()).contains("GUB01.yml has a new text");

        Files.writeString(file, text + "# a remark\n");
        events.await(
                ConfigurationRead.class,
                e -> e.time().isAfter(held(held))
                        && e.held().orElseThrow().stream()
                                .noneMatch(h -> h.study().equals("GUB01")));
        assertThat(Files.readString(archive.resolve(AcceptedStudies.PATH))).contains("# a remark");
    }

    @Test
    void aCopyOfAStudyFileTakesNothingOverAndIsReported() throws IOException {
        // Given
        study("GUD01");
        Session session = sevenSeries("GUD01");
        Path copy = Lab.studies().resolve("GUD00.yml");

        // When
        Files.writeString(copy, STUDY.formatted("GUD00", "GUD01"));

        // Then
        ConfigurationRead reported = events.await(ConfigurationRead.class, e -> e.faults().stream()
                        .anyMatch(fault -> fault.file().equals("GUD00.yml")))
                .event();
        assertThat(reported.faults())
                .filteredOn(fault -> fault.file().equals("GUD00.yml"))
                .anySatisfy(fault -> assertThat(fault.problem()).contains("XNAT project GUD01 belongs to GUD01.yml"));
        assertThat(reported.faults()).noneMatch(fault -> fault.file().equals("GUD01.yml"));
        assertThat(accepted()).doesNotContain("GUD00");
        assertThat(events.all(SessionDiscovered.class))
                .filteredOn(e -> e.event().key().equals(session.id()))
                .allSatisfy(e -> assertThat(e.event().study()).contains("GUD01"));
        Files.delete(copy);
        events.await(
                ConfigurationRead.class,
                e -> e.time().isAfter(reported.time()) && e.faults().isEmpty());
    }

    @Test
    void aConfirmationOfWhatDoesNotWaitIsRefusedWithAReason() {
        // Given
        ConfigurationConfirmed stale = new ConfigurationConfirmed("GUC01", "removed-0000", "m.manager", Instant.now());

        // When
        events.publish(stale);

        // Then
        ProcessingFailed failed = events.await(
                        ProcessingFailed.class, e -> e.stage().equals("confirm-configuration"))
                .event();
        assertThat(failed.reason().code()).isEqualTo("no-such-change");
    }

    private Instant held(Held held) {
        return events.all(ConfigurationRead.class).stream()
                .filter(e -> e.event().held().orElseThrow().contains(held))
                .map(e -> e.event().time())
                .findFirst()
                .orElseThrow();
    }

    private Held awaitHeld(String study) {
        return events
                .await(ConfigurationRead.class, e -> e.held().orElseThrow().stream()
                        .anyMatch(h -> h.study().equals(study)))
                .event()
                .held()
                .orElseThrow()
                .stream()
                .filter(h -> h.study().equals(study))
                .findFirst()
                .orElseThrow();
    }

    private String accepted() throws IOException {
        return Files.readString(archive.resolve(AcceptedStudies.PATH));
    }

    private Path study(String code) throws IOException {
        Lab.xnat().archive().createProject(code);
        Path file = Files.writeString(Lab.studies().resolve(code + ".yml"), STUDY.formatted(code, code));
        events.await(ConfigurationRead.class, e -> e.studies().contains(code));
        return file;
    }

    private Session sevenSeries(String study) throws IOException {
        Session session = Lab.scanOf(
                study,
                study + "_CMH_0001_01_01",
                IntStream.rangeClosed(1, 7)
                        .mapToObj(number -> new Lab.Planned(number, "T1", 1))
                        .toArray(Lab.Planned[]::new));
        events.await(SessionSettled.class, e -> e.key().equals(session.id()));
        return session;
    }
}
