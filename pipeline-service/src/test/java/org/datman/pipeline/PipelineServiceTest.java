package org.datman.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineRequestedBuilder;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.PipelineUpdated.State;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.ToolMeasure;
import org.datman.pipeline.runner.ClusterOutages;
import org.datman.pipeline.state.PipelineState;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(ToolsFolder.class)
@QuarkusTestResource(LineageServer.class)
class PipelineServiceTest extends PipelineTest {

    @Inject
    ClusterOutages outages;

    @Inject
    PipelineState state;

    @Test
    void aGoodImageIsRunThroughAToolAndItsOutputsAreTakenIntoTheArchive() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("TST", "0001");
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(500));
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("T1", "3", image));
        runs.awaitWaiting(fixtures, "head-volume", "no-verdict");

        // When
        Envelope<QcComplete> cause =
                events.publish(fixtures.measured("T1", "3", image.sha256(), QcComplete.Level.WARN));

        // Then
        PipelineUpdated done = runs.await(fixtures, "head-volume", State.SUCCEEDED);
        JsonNode summary = EventJson.mapper()
                .readTree(PipelineSession.ARCHIVE
                        .resolve(file(done, "_head-volume.json").path())
                        .toFile());
        assertThat(summary.at("/HeadVolume/Value").doubleValue()).isCloseTo(Sphere.MILLILITRES, within(0.5));
        FileRef histogram = file(done, "_histogram.tsv");
        assertThat(Files.readAllLines(PipelineSession.ARCHIVE.resolve(histogram.path())))
                .hasSize(65);
        assertThat(done.outputs()).allSatisfy(output -> {
            assertThat(output.path())
                    .startsWith("TST/pipelines/head-volume/1.0.0/" + fixtures.name() + "/head-volume-"
                            + done.runKey().substring(0, 12) + "/");
            assertThat(Archive.sha256(PipelineSession.ARCHIVE.resolve(output.path())))
                    .isEqualTo(output.sha256());
        });
        assertThat(done.measures().orElseThrow())
                .extracting(ToolMeasure::measure, ToolMeasure::region, ToolMeasure::unit)
                .containsExactly(tuple("volume", "head", "ml"), tuple("intensity_mean", "head", "1"));
        assertThat(done.measures().orElseThrow().get(0).value()).isCloseTo(Sphere.MILLILITRES, within(0.5));
        JsonNode provenance = EventJson.mapper()
                .readTree(PipelineSession.ARCHIVE
                        .resolve(file(done, "provenance.json").path())
                        .toFile());
        assertThat(provenance.at("/inputs/image/sha256").textValue()).isEqualTo(image.sha256());
        assertThat(provenance.at("/commandLine/5").textValue()).startsWith("inputs/" + fixtures.stem("T1", "3"));
        assertThat(provenance.at("/parameters/bins").textValue()).isEqualTo("64");
        Envelope<PipelineRequested> requested =
                events.await(PipelineRequested.class, event -> event.session().equals(fixtures.ref()));
        assertThat(requested.causationId()).contains(cause.id().toString());
        assertThat(provenance.at("/requestEventId").textValue())
                .isEqualTo(requested.id().toString());
        assertThat(runs.all(fixtures, "head-volume"))
                .extracting(PipelineUpdated::state)
                .endsWith(State.WAITING, State.QUEUED, State.RUNNING, State.SUCCEEDED);
    }

    @Test
    void whatWasPublishedOnceIsNotPublishedAgainAndAPersonsRequestIsANewAttempt() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("TST", "0002");
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(600));
        ready(fixtures, image, QcComplete.Level.PASS);
        PipelineUpdated first = runs.await(fixtures, "head-volume", State.SUCCEEDED);
        events.publish(fixtures.checked(true));

        // When
        events.publish(fixtures.askedAgain("again-1"));

        // Then
        PipelineUpdated second = runs.await(fixtures, "head-volume", 2, State.SUCCEEDED);
        assertThat(second.runKey()).isEqualTo(first.runKey());
        assertThat(outputs(second)).containsExactlyElementsOf(outputs(first));
        assertThat(events.all(PipelineRequested.class))
                .extracting(Envelope::event)
                .filteredOn(event -> event.session().equals(fixtures.ref()))
                .extracting(PipelineRequested::requestedBy)
                .containsExactly("rules", "analyst");
    }

    @Test
    void aKnownResultIsPublishedAgainAfterABlacklistingWasTakenBack() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("TST", "0003");
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(700));
        ready(fixtures, image, QcComplete.Level.PASS);
        PipelineUpdated first = runs.await(fixtures, "head-volume", State.SUCCEEDED);
        events.publish(fixtures.reviewed("T1", "3", QcReviewed.Decision.BLACKLISTED));
        runs.awaitWaiting(fixtures, "head-volume", "blacklisted");

        // When
        events.publish(fixtures.reviewed("T1", "3", QcReviewed.Decision.WITHDRAWN));

        // Then
        PipelineUpdated known = runs.await(fixtures, "head-volume", 2, State.SUCCEEDED);
        assertThat(known.reason()).get().extracting(Reason::code).isEqualTo("known-result");
        assertThat(known.outputs()).isEqualTo(first.outputs());
        assertThat(runs.all(fixtures, "head-volume"))
                .extracting(PipelineUpdated::state)
                .containsOnlyOnce(State.RUNNING);
    }

    @Test
    void aResultWhoseFilesAreGoneIsMadeAgain() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("TST", "0004");
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(800));
        ready(fixtures, image, QcComplete.Level.PASS);
        PipelineUpdated first = runs.await(fixtures, "head-volume", State.SUCCEEDED);
        Path lost =
                PipelineSession.ARCHIVE.resolve(file(first, "_histogram.tsv").path());
        Files.delete(lost);

        // When
        events.publish(fixtures.checked(true));

        // Then
        PipelineUpdated second = runs.await(fixtures, "head-volume", 2, State.SUCCEEDED);
        assertThat(outputs(second)).containsExactlyElementsOf(outputs(first));
        assertThat(lost).exists();
    }

    @Test
    void aVerdictThatIsTooBadIsPublishedWithItsReasonAndAPersonsPassOverridesIt() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("TST", "0005");
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(900));
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("T1", "3", image));
        events.publish(fixtures.measured("T1", "3", image.sha256(), QcComplete.Level.FLAG, "ghosts"));
        PipelineUpdated waiting = runs.awaitWaiting(fixtures, "head-volume", "verdict-too-bad");

        // When
        events.publish(fixtures.reviewed("T1", "3", QcReviewed.Decision.PASS, image.sha256()));

        // Then
        runs.await(fixtures, "head-volume", State.SUCCEEDED);
        assertThat(waiting.reason().orElseThrow().message())
                .contains("QC verdict is FLAG for " + fixtures.stem("T1", "3") + " (ghosts)");
    }

    @Test
    void aSessionThatWasSignedOffAsItIsRunsAndWaitsAgainWhenThatIsUndone() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("SGN", "0001");
        FileRef image = fixtures.stored("T1", "3", new byte[] {1, 2});
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("T1", "3", image));
        events.publish(fixtures.checked(false, "T2 is missing"));
        runs.awaitWaiting(fixtures, "good", "not-complete");

        // When
        events.publish(fixtures.signedOff(QcReviewed.Decision.SIGNED_OFF, image.sha256()));

        // Then
        runs.await(fixtures, "good", State.SUCCEEDED);
        events.publish(fixtures.signedOff(QcReviewed.Decision.WITHDRAWN));
        runs.awaitWaiting(fixtures, "good", "not-complete", 2);
    }

    @Test
    void whatIsNotForAPhantomIsNotWaitedFor() throws IOException {
        // Given
        PipelineSession fixtures =
                new PipelineSession(PipelineSession.of("TST", "0007").events(), true);
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(500));

        // When
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("T1", "3", image));

        // Then
        assertThat(runs.await(fixtures, "head-volume", State.NOT_APPLICABLE).reason())
                .get()
                .extracting(Reason::code)
                .isEqualTo("not-for-this");
        assertThat(runs.all(fixtures, "head-volume"))
                .extracting(PipelineUpdated::state)
                .doesNotContain(State.WAITING);
    }

    @Test
    void onePipelineCanBeRunAgainWithoutTheOthers() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("SGN", "0002");
        FileRef image = fixtures.stored("T1", "3", new byte[] {1, 2, 3});
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("T1", "3", image));
        events.publish(fixtures.checked(true));
        runs.await(fixtures, "good", State.SUCCEEDED);
        runs.await(fixtures, "other", State.FAILED);

        // When
        events.publish(fixtures.askedAgain("only-other", Optional.of("other")));

        // Then
        runs.await(fixtures, "other", 2, State.FAILED);
        assertThat(runs.all(fixtures, "good"))
                .filteredOn(event -> event.state() == State.RUNNING)
                .extracting(PipelineUpdated::attempt)
                .containsExactly(1);
    }

    @Test
    void whoAsksForARunThatCannotBeIsInformedWhy() {
        // Given
        PipelineSession unknown = PipelineSession.of("TST", "0008");
        PipelineSession known = PipelineSession.of("SGN", "0003");
        events.publish(known.discovered());
        runs.awaitWaiting(known, "good", "no-input");

        // When
        events.publish(unknown.askedAgain("of-nothing"));
        events.publish(known.askedAgain("of-no-pipeline", Optional.of("gone")));

        // Then
        assertThat(failure(unknown).code()).isEqualTo("no-session");
        assertThat(failure(known).message()).isEqualTo("Study SGN has no pipeline gone; it has good, other");
    }

    @Test
    void whoAsksToDefaceASessionWithoutAnImageIsInformed() {
        // Given
        PipelineSession fixtures = PipelineSession.of("DFC", "0004");
        events.publish(fixtures.discovered());

        // When
        events.publish(fixtures.askedAgain("deface-nothing", Optional.of("deface")));

        // Then
        assertThat(failure(fixtures).code()).isEqualTo("no-image");
    }

    @Test
    void whatWaitsForAnImageWaitsNoLongerOnceTheImageIsWithdrawn() throws IOException {
        // Given an image that a person refused
        PipelineSession fixtures = PipelineSession.of("DFC", "0005");
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(500));
        SeriesExported exported = fixtures.exported("T1", "3", image);
        String pipeline = "deface:" + fixtures.stem("T1", "3");
        events.publish(fixtures.reviewed("T1", "3", QcReviewed.Decision.BLACKLISTED));
        events.publish(fixtures.discovered());
        events.publish(exported);
        runs.awaitWaiting(fixtures, pipeline, "blacklisted");

        // When
        events.publish(exported.withExportRevision(exported.exportRevision() + 1)
                .withOutcome(SeriesExported.Outcome.WITHDRAWN)
                .withProducts(List.of()));

        // Then
        assertThat(runs.await(fixtures, pipeline, State.NOT_APPLICABLE, "image-gone")
                        .runKey())
                .isEqualTo("none");
    }

    @Test
    void whatWaitsForAnImageThatIsGoneIsClosedByARequestThatFindsNoImage() throws IOException {
        // Given an image that is withdrawn, about which was not decided yet
        PipelineSession fixtures = PipelineSession.of("DFC", "0006");
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(500));
        SeriesExported exported = fixtures.exported("T1", "3", image);
        String pipeline = "deface:" + fixtures.stem("T1", "3");
        events.publish(fixtures.reviewed("T1", "3", QcReviewed.Decision.BLACKLISTED));
        events.publish(fixtures.discovered());
        events.publish(exported);
        runs.awaitWaiting(fixtures, pipeline, "blacklisted");
        SeriesExported withdrawn = exported.withExportRevision(exported.exportRevision() + 1)
                .withOutcome(SeriesExported.Outcome.WITHDRAWN)
                .withProducts(List.of());
        QuarkusTransaction.requiringNew().run(() -> {
            state.lock(fixtures.ref());
            state.store(Envelope.first(withdrawn, "/datman/export", Instant.EPOCH));
        });

        // When
        events.publish(fixtures.askedAgain("deface-gone", Optional.of("deface")));

        // Then
        assertThat(failure(fixtures).code()).isEqualTo("no-image");
        assertThat(runs.await(fixtures, pipeline, State.NOT_APPLICABLE, "image-gone")
                        .runKey())
                .isEqualTo("none");
    }

    @Test
    void anEventOfWhichNoLineageCanBeMadeIsReportedAndHoldsUpNoOther() {
        // Given a path that no file system has
        PipelineSession fixtures = PipelineSession.of("TST", "0010");
        PipelineSession next = PipelineSession.of("TST", "0011");
        PipelineUpdated good = fixtures.events().run(State.SUCCEEDED);
        events.publish(good.withOutputs(List.of(new FileRef(FileRole.OUTPUT, "TST/a\u0000b", 1, "e".repeat(64)))));

        // When
        events.publish(next.events().run(State.SUCCEEDED));

        // Then
        await().atMost(Duration.ofSeconds(60)).until(() -> LineageServer.TAKEN.stream()
                .anyMatch(event -> event.toString().contains(next.name())));
        assertThat(failure(fixtures).code()).isEqualTo("openlineage-not-made");
    }

    private Reason failure(PipelineSession fixtures) {
        return events.await(ProcessingFailed.class, event -> event.session().equals(Optional.of(fixtures.ref())))
                .event()
                .reason();
    }

    @Test
    void aRequestWhoseRunKeyIsNotItsOwnIsSetAside() {
        // Given
        PipelineSession fixtures = PipelineSession.of("TST", "0006");
        PipelineRequested forged = PipelineRequestedBuilder.builder()
                .session(fixtures.ref())
                .study("TST")
                .sessionName(fixtures.name())
                .pipeline("head-volume")
                .tool("head-volume")
                .toolVersion("1.0.0")
                .descriptorSha256("d")
                .parameters(Map.of())
                .inputs(Map.of("image", new FileRef(FileRole.NIFTI, "../../etc/passwd", 1, "e")))
                .runKey("f".repeat(64))
                .requestedBy("nobody")
                .requestId("1")
                .configRevision("c")
                .time(Instant.EPOCH)
                .build();

        // When
        events.publish(forged);

        // Then
        ProcessingFailed failed = events.await(
                        ProcessingFailed.class, event -> event.session().equals(Optional.of(fixtures.ref())))
                .event();
        assertThat(failed.reason().code()).isEqualTo("run-key-mismatch");
        assertThat(failed.kind()).isEqualTo(ProcessingFailed.Kind.PERMANENT);
    }

    @Test
    void lineageThatCannotBeDeliveredStopsNothingIsReportedAndIsDeliveredLater() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("TST", "0009");
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(400));
        LineageServer.status = 503;
        Instant before = Instant.now();
        ready(fixtures, image, QcComplete.Level.PASS);
        PipelineUpdated done = runs.await(fixtures, "head-volume", State.SUCCEEDED);
        ProcessingFailed waits = lineageFact("openlineage-unreachable", before);

        // When
        LineageServer.status = 201;

        // Then
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(LineageServer.TAKEN)
                .filteredOn(event -> event.toString().contains(fixtures.name()))
                .extracting(event -> event.at("/job/name").textValue() + " "
                        + event.at("/eventType").textValue())
                .containsSubsequence("TST.export START", "TST.export COMPLETE")
                .containsSubsequence("TST.head-volume START", "TST.head-volume COMPLETE"));
        JsonNode end = LineageServer.TAKEN.stream()
                .filter(event -> event.toString().contains(done.runKey())
                        && event.at("/eventType").textValue().equals("COMPLETE"))
                .findFirst()
                .orElseThrow();
        assertThat(end.at("/inputs/0/facets/version/datasetVersion").textValue())
                .isEqualTo("sha256:" + image.sha256());
        assertThat(end.at("/outputs")).hasSameSizeAs(done.outputs());
        assertThat(lineageFact("openlineage-resumed", before).identity()).isEqualTo(waits.identity());
    }

    @Test
    void anOutageOfTheClusterIsPublishedOnceWhicheverProcessSeesIt() {
        // Given
        Instant before = Instant.now();
        outages.ended("lab");
        outages.began("lab", "squeue", before, "no answer");
        outages.began("lab", "squeue", before, "no answer yet");
        outages.ended("lab");
        outages.ended("lab");

        // When
        outages.began("lab", "squeue", before, "no answer once more");

        // Then
        events.await(ProcessingFailed.class, event -> event.reason().message().contains("once more"));
        List<ProcessingFailed> facts = events.all(ProcessingFailed.class).stream()
                .map(Envelope::event)
                .filter(event -> event.cause().filter("lab"::equals).isPresent())
                .toList();
        assertThat(facts)
                .extracting(event -> event.reason().code())
                .containsExactly("cluster-unreachable", "cluster-resumed", "cluster-unreachable");
        assertThat(facts)
                .extracting(ProcessingFailed::identity)
                .containsOnly(facts.get(0).identity());
        assertThat(facts.get(0).reason().message()).contains("lab").contains("no answer");
    }

    private ProcessingFailed lineageFact(String code, Instant since) {
        return events.await(
                        ProcessingFailed.class,
                        event -> event.reason().code().equals(code)
                                && event.time().isAfter(since))
                .event();
    }

    private void ready(PipelineSession fixtures, FileRef image, QcComplete.Level level) {
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("T1", "3", image));
        events.publish(fixtures.measured("T1", "3", image.sha256(), level));
    }

    private static List<FileRef> outputs(PipelineUpdated update) {
        return update.outputs().stream()
                .filter(output -> output.role() == FileRole.OUTPUT)
                .toList();
    }

    private static FileRef file(PipelineUpdated update, String end) {
        return update.outputs().stream()
                .filter(output -> output.path().endsWith(end))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No " + end + " in " + update));
    }
}
