package org.datman.ingest.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.SessionRef;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.ingest.IngestSettings;
import org.datman.ingest.Lab;
import org.datman.ingest.TestClock;
import org.datman.ingest.failure.IngestFailures;
import org.datman.ingest.failure.Outages;
import org.datman.ingest.failure.Troubles;
import org.datman.ingest.queue.SessionQueue;
import org.datman.ingest.setting.Settings;
import org.datman.ingest.xnat.XnatAvailability;
import org.datman.platform.study.Studies;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.simulator.orthanc.LocalOrthanc;
import org.datman.xnat.CallObserver;
import org.datman.xnat.OrthancClient;
import org.datman.xnat.OrthancNames;
import org.datman.xnat.XnatConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The changes of a real Orthanc, across restarts and an outage. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(Lab.class)
class ChangePollerTest {

    private static final String SERVER = "orthanc-of-changes";

    @TempDir
    Path folder;

    @Inject
    Settings stored;

    @Inject
    SessionQueue queue;

    @Inject
    XnatAvailability availability;

    @Inject
    Studies studies;

    @Inject
    IngestFailures failures;

    @Inject
    IngestSettings settings;

    @Inject
    Outages outages;

    @Inject
    Troubles troubles;

    @Test
    void aStudyThatArrivesDuringAnOutageIsEnqueuedAndOneOfNobodyIsCounted() throws IOException {
        // Given
        assumeTrue(LocalOrthanc.program().isPresent(), "Orthanc is not installed");
        try (LocalOrthanc orthanc = LocalOrthanc.start(Files.createDirectories(folder.resolve("orthanc")));
                EventsOnKafka events = EventsOnKafka.ofTests()) {
            poller(orthanc.url(), SERVER).poll();
            String ours = orthanc.store(List.of(image("SPN01_CMH_0090_01_01")));
            String others = orthanc.store(List.of(image("SMITH_1970")));
            poller(URI.create("http://localhost:1"), SERVER).poll();
            availability.up();

            // When: as after a restart
            ChangePoller poller = poller(orthanc.url(), SERVER);
            poller.poll();

            // Then: this ingest reads another server, and publishes that of the session that was enqueued
            events.await(ProcessingFailed.class, failed -> failed.session()
                    .equals(Optional.of(new SessionRef(SERVER, ours))));
            ProcessingFailed counted = events.await(
                            ProcessingFailed.class, failed -> failed.stage().equals("changes"))
                    .event();
            assertThat(counted.reason().code()).isEqualTo("of-no-study");
            assertThat(counted.reason().message()).contains("1 study on Orthanc belongs", others);
            assertThat(events.all(ProcessingFailed.class).toString()).doesNotContain("SMITH");
            assertThat(events.all(ProcessingFailed.class))
                    .noneMatch(failed -> failed.event().session().equals(Optional.of(new SessionRef(SERVER, others))));
        }
    }

    @Test
    void changesThatMayNotBeReadAreAFactUntilTheyMayAndTheRestGoesOn() throws IOException {
        // Given
        assumeTrue(LocalOrthanc.program().isPresent(), "Orthanc is not installed");
        String server = "orthanc-" + UUID.randomUUID();
        try (LocalOrthanc orthanc = LocalOrthanc.start(Files.createDirectories(folder.resolve("refusing")));
                EventsOnKafka events = EventsOnKafka.ofTests()) {
            String others = orthanc.store(List.of(image("JONES_1970")));
            TestClock clock = new TestClock();
            ChangePoller poller = poller(orthanc.url(), server, clock);
            orthanc.refuse("/changes");
            for (int time = 0; time < 3; time++) {
                poller.poll();
                clock.advance(Duration.ofMinutes(2));
            }

            // When
            orthanc.refuse("");
            poller.poll();

            // Then: once, and the studies of nobody are counted all the same
            List<ProcessingFailed> published = events
                    .awaitAll(
                            ProcessingFailed.class,
                            failed -> failed.cause().equals(Optional.of("changes-not-read/" + server)),
                            2)
                    .stream()
                    .map(envelope -> envelope.event())
                    .toList();
            assertThat(published)
                    .extracting(failed -> failed.reason().code())
                    .containsExactly("changes-not-read", "changes-not-read-resumed");
            assertThat(published.get(0).reason().message()).contains("(403)");
            events.await(
                    ProcessingFailed.class,
                    failed -> failed.reason().code().equals("of-no-study")
                            && failed.reason().message().contains(others));
        }
    }

    @Test
    void aStudyThatIsRefusedIsAFactAndEnqueuedOnceItMayBeRead() throws IOException {
        // Given
        assumeTrue(LocalOrthanc.program().isPresent(), "Orthanc is not installed");
        String server = "orthanc-" + UUID.randomUUID();
        try (LocalOrthanc orthanc = LocalOrthanc.start(Files.createDirectories(folder.resolve("study")));
                EventsOnKafka events = EventsOnKafka.ofTests()) {
            TestClock clock = new TestClock();
            ChangePoller poller = poller(orthanc.url(), server, clock);
            poller.poll();
            String refused = orthanc.store(List.of(image("SPN01_CMH_0091_01_01")));
            orthanc.refuse(refused);
            String ours = orthanc.store(List.of(image("SPN01_CMH_0092_01_001")));
            poller.poll();
            awaitEnqueued(events, server, ours);
            events.await(
                    ProcessingFailed.class,
                    failed -> failed.reason().code().equals("changes-not-looked-up")
                            && failed.reason().message().contains(refused));

            // When: ingest was restarted meanwhile
            orthanc.refuse("");
            poller(orthanc.url(), server, clock).poll();

            // Then
            awaitEnqueued(events, server, refused);
            events.await(
                    ProcessingFailed.class,
                    failed -> failed.reason().code().equals("changes-not-looked-up-resumed")
                            && failed.cause().equals(Optional.of("changes-not-looked-up/" + server)));
        }
    }

    @Test
    void anOrthancThatBeginsAgainIsReadFromTheBeginningAndThatIsAFact() throws IOException {
        // Given
        assumeTrue(LocalOrthanc.program().isPresent(), "Orthanc is not installed");
        String server = "orthanc-" + UUID.randomUUID();
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            try (LocalOrthanc before = LocalOrthanc.start(Files.createDirectories(folder.resolve("before")))) {
                poller(before.url(), server).poll();
                for (int study = 0; study < 5; study++) {
                    String id = before.store(List.of(image("SPN01_CMH_0093_01_01")));
                    poller(before.url(), server).poll();
                    before.delete("/studies/" + id);
                    poller(before.url(), server).poll();
                }
            }
            assertThat(began(events, server))
                    .as("a deletion is no new beginning")
                    .isEmpty();
            try (LocalOrthanc after = LocalOrthanc.start(Files.createDirectories(folder.resolve("after")))) {
                String ours = after.store(List.of(image("SPN01_CMH_0094_01_01")));

                // When
                poller(after.url(), server).poll();

                // Then
                awaitEnqueued(events, server, ours);
                events.await(ProcessingFailed.class, failed -> failed.cause()
                        .equals(Optional.of("changes-began-again/" + server)));
            }
        }
    }

    private static List<?> began(EventsOnKafka events, String server) {
        return events.all(ProcessingFailed.class).stream()
                .filter(failed -> failed.event().cause().equals(Optional.of("changes-began-again/" + server)))
                .toList();
    }

    /** This ingest reads another server, and publishes that of a session that was enqueued. */
    private static void awaitEnqueued(EventsOnKafka events, String server, String accession) {
        events.await(ProcessingFailed.class, failed -> failed.session()
                .equals(Optional.of(new SessionRef(server, accession))));
    }

    private ChangePoller poller(URI url, String server) {
        return poller(url, server, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    }

    private ChangePoller poller(URI url, String server, Clock clock) {
        OrthancClient client = new OrthancClient(
                XnatConfig.of(url, server, LocalOrthanc.USER, () -> LocalOrthanc.PASSWORD)
                        .withRetries(1, Duration.ofMillis(5)),
                OrthancNames.DEFAULT,
                CallObserver.NONE);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> availability.backOff().isEmpty());
        return new ChangePoller(
                client,
                stored,
                queue,
                outages,
                troubles,
                studies,
                failures,
                settings,
                clock,
                new SimpleMeterRegistry());
    }

    private Path image(String label) throws IOException {
        String study = "1.2.826.0.1.3680043.10.996." + label.length();
        Path file = folder.resolve(label + ".dcm");
        DicomWriter.write(
                file,
                DicomDataset.builder()
                        .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                        .set("SOPInstanceUID", study + ".1.1")
                        .set("StudyInstanceUID", study)
                        .set("SeriesInstanceUID", study + ".1")
                        .set("Modality", "MR")
                        .set("PatientID", label)
                        .set("SeriesNumber", "3")
                        .build());
        return file;
    }
}
