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
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.SessionRef;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.ingest.IngestSettings;
import org.datman.ingest.Lab;
import org.datman.ingest.failure.IngestFailures;
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

    @Test
    void aStudyThatArrivesDuringAnOutageIsEnqueuedAndOneOfNobodyIsCounted() throws IOException {
        // Given
        assumeTrue(LocalOrthanc.program().isPresent(), "Orthanc is not installed");
        try (LocalOrthanc orthanc = LocalOrthanc.start(Files.createDirectories(folder.resolve("orthanc")));
                EventsOnKafka events = EventsOnKafka.ofTests()) {
            poller(orthanc.url()).poll();
            String ours = orthanc.store(List.of(image("SPN01_CMH_0090_01_01")));
            String others = orthanc.store(List.of(image("SMITH_1970")));
            poller(URI.create("http://localhost:1")).poll();
            availability.up();

            // When: as after a restart
            ChangePoller poller = poller(orthanc.url());
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

    private ChangePoller poller(URI url) {
        OrthancClient client = new OrthancClient(
                XnatConfig.of(url, SERVER, LocalOrthanc.USER, () -> LocalOrthanc.PASSWORD)
                        .withRetries(1, Duration.ofMillis(5)),
                OrthancNames.DEFAULT,
                CallObserver.NONE);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> availability.backOff().isEmpty());
        return new ChangePoller(
                client,
                stored,
                queue,
                availability,
                studies,
                failures,
                settings,
                Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
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
