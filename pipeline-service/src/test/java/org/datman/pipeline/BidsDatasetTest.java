package org.datman.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.datman.bids.schema.BidsSchema;
import org.datman.bids.validation.BidsValidator;
import org.datman.bids.validation.Finding;
import org.datman.bids.validation.FindingSeverity;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.Test;

/** From events to the BIDS dataset of a study. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(ToolsFolder.class)
class BidsDatasetTest extends PipelineTest {

    private static final Path DATASET = PipelineSession.ARCHIVE.resolve("TST/bids/rawbids");

    @Test
    void aSessionIsInTheDatasetAfterItsEventsAndItsTableFollowsTheDecisions() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("TST", "0201");
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(500));
        events.publish(fixtures.discovered());
        events.publish(fixtures.events()
                .tagged("3", 1, "T1", "Sag T1")
                .withChecks(Optional.of(List.of(new SeriesTagged.FailedCheck(
                        "T1", "RepetitionTime", "2.0-2.4", "2.5", "warn", "Another protocol")))));
        events.publish(fixtures.exported("T1", "3", image));
        events.publish(fixtures.measured("T1", "3", image.sha256(), QcComplete.Level.WARN, "a little dark"));
        Path session = DATASET.resolve("sub-CMH0201/ses-01");
        awaitContent(session.resolve("sub-CMH0201_ses-01_scans.tsv"), "\tWARN\ta little dark\tn/a\tno\tyes");

        // When
        events.publish(fixtures.signedOff(QcReviewed.Decision.SIGNED_OFF, image.sha256()));

        // Then
        awaitContent(
                session.resolve("sub-CMH0201_ses-01_scans.tsv"),
                "\tWARN\ta little dark\tn/a\tyes\tyes\tcheck of T1 failed");
        awaitContent(DATASET.resolve("code/passed/participants_passed.tsv"), "sub-CMH0201\t01\n");
        awaitContent(session.resolve("anat/sub-CMH0201_ses-01_T1w.json"), "RepetitionTime is '2.5', expected 2.0-2.4");
        assertThat(session.resolve("anat/sub-CMH0201_ses-01_T1w.nii")).exists();
        assertThat(errors()).isEmpty();
    }

    @Test
    void anImageThatBreaksTheStandardIsReportedUntilItIsBlacklisted() throws IOException {
        // Given a field map without the direction that BIDS requires
        PipelineSession fixtures = PipelineSession.of("TST", "0202");
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(600));
        FileRef map = fixtures.stored("AP", "4", Sphere.nifti(700));
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("T1", "3", image));
        events.publish(fixtures.exported("AP", "4", map));
        ProcessingFailed failed = events.await(
                        ProcessingFailed.class,
                        event -> event.session().equals(Optional.of(fixtures.ref()))
                                && event.reason().code().equals("bids-images-left-out"))
                .event();

        // When
        events.publish(fixtures.reviewed("AP", "4", QcReviewed.Decision.BLACKLISTED));

        // Then
        assertThat(failed.reason().message())
                .contains("One image is not in", fixtures.stem("AP", "4"), "PhaseEncodingDirection");
        events.await(
                PipelineUpdated.class,
                event -> event.session().equals(fixtures.ref())
                        && event.pipeline().equals("datman:bids")
                        && event.state() == PipelineUpdated.State.SUCCEEDED);
        assertThat(DATASET.resolve("sub-CMH0202/ses-01/anat/sub-CMH0202_ses-01_T1w.nii"))
                .exists();
        assertThat(errors()).isEmpty();
    }

    @Test
    void ofTwoSessionsWithOneNameTheSecondTakesThePlaceWhenTheFirstWasDeletedOnXnat() throws IOException {
        // Given
        PipelineSession first = PipelineSession.of("TST", "0203");
        PipelineSession second = new PipelineSession(EventFixtures.of("TST_0203_AGAIN", first.name()), false);
        FileRef image = first.stored("T1", "3", Sphere.nifti(800));
        FileRef other = first.stored("T1", "4", Sphere.nifti(900));
        events.publish(first.discovered());
        events.publish(first.exported("T1", "3", image));
        Path table = DATASET.resolve("sub-CMH0203/ses-01/sub-CMH0203_ses-01_scans.tsv");
        awaitContent(table, "_T1w.nii");
        events.publish(second.discovered());
        events.publish(second.exported("T1", "4", other));
        ProcessingFailed failed = events.await(
                        ProcessingFailed.class, event -> event.session().equals(Optional.of(second.ref())))
                .event();

        // When
        events.publish(first.events().deleted(2));

        // Then
        assertThat(failed.reason().code()).isEqualTo("bids-folder-taken");
        events.await(
                PipelineUpdated.class,
                event -> event.session().equals(second.ref())
                        && event.pipeline().equals("datman:bids")
                        && event.state() == PipelineUpdated.State.SUCCEEDED);
        awaitContent(PipelineSession.ARCHIVE.resolve("TST/bids/logs/sub-CMH0203_ses-01.json"), second.stem("T1", "4"));
        assertThat(errors()).isEmpty();
    }

    @Test
    void aSessionThatCameAsBidsIsInTheDatasetOnceItIsValid() throws IOException {
        // Given a session without images of DATMAN, whose folder BIDS on XNAT has a broken sidecar
        PipelineSession fixtures = PipelineSession.of("TST", "0206");
        String stem = "anat/sub-CMH0206_ses-01_T1w";
        events.publish(fixtures.discovered());
        events.publish(fixtures.cameAsBids(stem + ".nii", 1, Sphere.nifti(500)));
        events.publish(fixtures.cameAsBids(stem + ".json", 1, "{".getBytes(UTF_8)));
        ProcessingFailed failed = events.await(
                        ProcessingFailed.class,
                        event -> event.session().equals(Optional.of(fixtures.ref()))
                                && event.reason().message().contains("JSON"))
                .event();

        // When it is corrected
        events.publish(fixtures.cameAsBids(stem + ".json", 2, "{ }".getBytes(UTF_8)));

        // Then
        assertThat(failed.reason().code()).isEqualTo("bids-supplied-refused");
        awaitContent(DATASET.resolve("sub-CMH0206/ses-01/" + stem + ".json"), "{ }");
        assertThat(DATASET.resolve("sub-CMH0206/ses-01/" + stem + ".nii")).hasBinaryContent(Sphere.nifti(500));
        events.await(
                PipelineUpdated.class,
                event -> event.session().equals(fixtures.ref())
                        && event.pipeline().equals("datman:bids")
                        && event.state() == PipelineUpdated.State.SUCCEEDED);
        assertThat(errors()).isEmpty();
    }

    @Test
    void aFolderThatStaysClosedIsReportedUntilItIsOpen() throws IOException {
        // Given a dataset in which the system lets nobody make a folder
        Path closed = Path.of("/sys/kernel");
        assumeTrue(Files.isDirectory(closed), "skipped: there is no /sys/kernel");
        PipelineSession fixtures = PipelineSession.of("CLS", "0204");
        Path dataset = PipelineSession.ARCHIVE.resolve("CLS/bids");
        Files.createDirectories(dataset);
        Files.writeString(dataset.resolve(".datman.json"), "{}");
        Files.deleteIfExists(dataset.resolve(".work"));
        Files.createSymbolicLink(dataset.resolve(".work"), closed);
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("T1", "3", fixtures.stored("T1", "3", Sphere.nifti(650))));
        ProcessingFailed failed = events.await(
                        ProcessingFailed.class, event -> event.session().equals(Optional.of(fixtures.ref())))
                .event();

        // When
        Files.delete(dataset.resolve(".work"));

        // Then
        assertThat(failed.reason().code()).isEqualTo("bids-storage-refuses");
        events.await(
                PipelineUpdated.class,
                event -> event.session().equals(fixtures.ref())
                        && event.pipeline().equals("datman:bids")
                        && event.state() == PipelineUpdated.State.SUCCEEDED);
        assertThat(dataset.resolve("rawbids/sub-CMH0204/ses-01/anat/sub-CMH0204_ses-01_T1w.nii"))
                .exists();
    }

    @Test
    void aRunKeepsTheNumberOfItsAcquisitionAndTheNameOfItsSeries() throws IOException {
        // Given two runs of which the first could not be converted yet
        PipelineSession fixtures = PipelineSession.of("CLS", "0205");
        String name = "func-sbref_task-rest_dir-AP__of+the day";
        events.publish(fixtures.discovered());
        events.publish(fixtures.events().tagged("3", 1, "FUNC", name));
        events.publish(fixtures.events().tagged("4", 1, "FUNC", name));
        events.publish(fixtures.exported("FUNC", "4", fixtures.stored("FUNC", "4", Sphere.nifti(660))));
        Path folder = PipelineSession.ARCHIVE.resolve("CLS/bids/rawbids/sub-CMH0205/ses-01/func");
        Path second = folder.resolve("sub-CMH0205_ses-01_task-rest_dir-AP_run-02_sbref.nii");
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(second));

        // When
        events.publish(fixtures.exported("FUNC", "3", fixtures.stored("FUNC", "3", Sphere.nifti(670))));

        // Then
        Path first = folder.resolve("sub-CMH0205_ses-01_task-rest_dir-AP_run-01_sbref.nii");
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(first));
        assertThat(Files.isSameFile(
                        second,
                        PipelineSession.ARCHIVE.resolve(
                                "CLS/nii/" + fixtures.name() + "/" + fixtures.stem("FUNC", "4") + ".nii")))
                .isTrue();
    }

    private static void awaitContent(Path file, String text) {
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptionsInstanceOf(IOException.class)
                .untilAsserted(() -> assertThat(Files.readString(file)).contains(text));
    }

    private static List<Finding> errors() throws IOException {
        return new BidsValidator(DATASET, BidsSchema.bundled(), true)
                .validate().findings().stream()
                        .filter(finding -> finding.severity() == FindingSeverity.ERROR)
                        .toList();
    }
}
