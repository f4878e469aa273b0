package org.datman.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.PipelineRequested;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.PipelineUpdated.State;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.Reason;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.ChannelRules;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(ToolsFolder.class)
class PipelineServiceTest {

    private EventsOnKafka events;
    private Said said;

    @BeforeEach
    void connect() {
        events = EventsOnKafka.ofTests();
        said = new Said(events);
    }

    @AfterEach
    void disconnect() {
        events.close();
    }

    @Test
    void aGoodImageIsRunThroughTheDemosToolAndItsOutputsAreTakenIntoTheArchive() throws IOException {
        // Given
        Story story = Story.of("TST", "0001");
        FileRef image = story.stored("T1", "3", Sphere.nifti(500));
        events.say(story.discovered());
        events.say(story.exported("T1", "3", image));
        said.awaitWaiting(story, "head-volume", "no-verdict");

        // When
        Envelope<QcComplete> cause = events.say(story.measured("T1", "3", image.sha256(), QcComplete.Level.WARN));

        // Then
        PipelineUpdated done = said.await(story, "head-volume", State.SUCCEEDED);
        JsonNode summary = EventJson.mapper()
                .readTree(Story.ARCHIVE
                        .resolve(file(done, "_head-volume.json").path())
                        .toFile());
        assertThat(summary.at("/HeadVolume/Value").doubleValue()).isCloseTo(Sphere.MILLILITRES, within(0.5));
        FileRef histogram = file(done, "_histogram.tsv");
        assertThat(Files.readAllLines(Story.ARCHIVE.resolve(histogram.path()))).hasSize(65);
        assertThat(done.outputs()).allSatisfy(output -> {
            assertThat(output.path())
                    .startsWith("TST/pipelines/head-volume/1.0.0/" + story.name() + "/"
                            + done.runKey().substring(0, 12) + "/");
            assertThat(Archive.sha256(Story.ARCHIVE.resolve(output.path()))).isEqualTo(output.sha256());
        });
        JsonNode provenance = EventJson.mapper()
                .readTree(Story.ARCHIVE
                        .resolve(file(done, "provenance.json").path())
                        .toFile());
        assertThat(provenance.at("/inputs/image/sha256").textValue()).isEqualTo(image.sha256());
        assertThat(provenance.at("/commandLine/5").textValue()).startsWith("inputs/" + story.stem("T1", "3"));
        assertThat(provenance.at("/parameters/bins").textValue()).isEqualTo("64");
        Envelope<PipelineRequested> requested =
                events.await(PipelineRequested.class, event -> event.session().equals(story.ref()));
        assertThat(requested.causationId()).contains(cause.id().toString());
        assertThat(provenance.at("/requestEventId").textValue())
                .isEqualTo(requested.id().toString());
        assertThat(said.all(story, "head-volume"))
                .extracting(PipelineUpdated::state)
                .endsWith(State.WAITING, State.QUEUED, State.RUNNING, State.SUCCEEDED);
    }

    @Test
    void everyChannelDeclaresItsFailureStrategy() throws Exception {
        // When
        List<String> breaches = ChannelRules.breaches("pipeline");

        // Then
        assertThat(breaches).isEmpty();
    }

    @Test
    void whatWasSaidOnceIsNotSaidAgainAndAPersonsRequestIsANewAttempt() throws IOException {
        // Given
        Story story = Story.of("TST", "0002");
        FileRef image = story.stored("T1", "3", Sphere.nifti(600));
        ready(story, image, QcComplete.Level.PASS);
        PipelineUpdated first = said.await(story, "head-volume", State.SUCCEEDED);
        events.say(story.checked(true));

        // When
        events.say(story.askedAgain("again-1"));

        // Then
        PipelineUpdated second = said.await(story, "head-volume", 2, State.SUCCEEDED);
        assertThat(second.runKey()).isEqualTo(first.runKey());
        assertThat(outputs(second)).containsExactlyElementsOf(outputs(first));
        assertThat(events.all(PipelineRequested.class))
                .extracting(Envelope::event)
                .filteredOn(event -> event.session().equals(story.ref()))
                .extracting(PipelineRequested::requestedBy)
                .containsExactly("rules", "analyst");
    }

    @Test
    void aKnownResultIsSaidAgainAfterABlacklistingWasTakenBack() throws IOException {
        // Given
        Story story = Story.of("TST", "0003");
        FileRef image = story.stored("T1", "3", Sphere.nifti(700));
        ready(story, image, QcComplete.Level.PASS);
        PipelineUpdated first = said.await(story, "head-volume", State.SUCCEEDED);
        events.say(story.reviewed("T1", "3", QcReviewed.Decision.BLACKLISTED));
        said.awaitWaiting(story, "head-volume", "blacklisted");

        // When
        events.say(story.reviewed("T1", "3", QcReviewed.Decision.WITHDRAWN));

        // Then
        PipelineUpdated known = said.await(story, "head-volume", 2, State.SUCCEEDED);
        assertThat(known.reason()).get().extracting(Reason::code).isEqualTo("known-result");
        assertThat(known.outputs()).isEqualTo(first.outputs());
        assertThat(said.all(story, "head-volume"))
                .extracting(PipelineUpdated::state)
                .containsOnlyOnce(State.RUNNING);
    }

    @Test
    void aResultWhoseFilesAreGoneIsMadeAgain() throws IOException {
        // Given
        Story story = Story.of("TST", "0004");
        FileRef image = story.stored("T1", "3", Sphere.nifti(800));
        ready(story, image, QcComplete.Level.PASS);
        PipelineUpdated first = said.await(story, "head-volume", State.SUCCEEDED);
        Path lost = Story.ARCHIVE.resolve(file(first, "_histogram.tsv").path());
        Files.delete(lost);

        // When
        events.say(story.checked(true));

        // Then
        PipelineUpdated second = said.await(story, "head-volume", 2, State.SUCCEEDED);
        assertThat(outputs(second)).containsExactlyElementsOf(outputs(first));
        assertThat(lost).exists();
    }

    @Test
    void aVerdictThatIsTooBadIsSaidWithItsReasonAndAPersonsPassOverridesIt() throws IOException {
        // Given
        Story story = Story.of("TST", "0005");
        FileRef image = story.stored("T1", "3", Sphere.nifti(900));
        events.say(story.discovered());
        events.say(story.exported("T1", "3", image));
        events.say(story.measured("T1", "3", image.sha256(), QcComplete.Level.FLAG, "ghosts"));
        PipelineUpdated waiting = said.awaitWaiting(story, "head-volume", "verdict-too-bad");

        // When
        events.say(story.reviewed("T1", "3", QcReviewed.Decision.PASS, image.sha256()));

        // Then
        said.await(story, "head-volume", State.SUCCEEDED);
        assertThat(waiting.reason().orElseThrow().message())
                .contains("QC says FLAG of " + story.stem("T1", "3") + " (ghosts)");
    }

    @Test
    void aSessionThatWasSignedOffAsItIsRunsAndWaitsAgainWhenThatIsUndone() throws IOException {
        // Given
        Story story = Story.of("SGN", "0001");
        FileRef image = story.stored("T1", "3", new byte[] {1, 2});
        events.say(story.discovered());
        events.say(story.exported("T1", "3", image));
        events.say(story.checked(false, "T2 is missing"));
        said.awaitWaiting(story, "good", "not-complete");

        // When
        events.say(story.signedOff(QcReviewed.Decision.SIGNED_OFF, image.sha256()));

        // Then
        said.await(story, "good", State.SUCCEEDED);
        events.say(story.signedOff(QcReviewed.Decision.WITHDRAWN));
        said.awaitWaiting(story, "good", "not-complete", 2);
    }

    @Test
    void whatIsNotForAPhantomIsNotWaitedFor() throws IOException {
        // Given
        Story story = new Story("TST", "0007", true);
        FileRef image = story.stored("T1", "3", Sphere.nifti(500));

        // When
        events.say(story.discovered());
        events.say(story.exported("T1", "3", image));

        // Then
        assertThat(said.await(story, "head-volume", State.NOT_APPLICABLE).reason())
                .get()
                .extracting(Reason::code)
                .isEqualTo("not-for-this");
        assertThat(said.all(story, "head-volume"))
                .extracting(PipelineUpdated::state)
                .doesNotContain(State.WAITING);
    }

    @Test
    void onePipelineCanBeRunAgainWithoutTheOthers() throws IOException {
        // Given
        Story story = Story.of("SGN", "0002");
        FileRef image = story.stored("T1", "3", new byte[] {1, 2, 3});
        events.say(story.discovered());
        events.say(story.exported("T1", "3", image));
        events.say(story.checked(true));
        said.await(story, "good", State.SUCCEEDED);
        said.await(story, "other", State.FAILED);

        // When
        events.say(story.askedAgain("only-other", Optional.of("other")));

        // Then
        said.await(story, "other", 2, State.FAILED);
        assertThat(said.all(story, "good"))
                .filteredOn(event -> event.state() == State.RUNNING)
                .extracting(PipelineUpdated::attempt)
                .containsExactly(1);
    }

    @Test
    void whoAsksForARunThatCannotBeIsToldWhy() {
        // Given
        Story unknown = Story.of("TST", "0008");
        Story known = Story.of("SGN", "0003");
        events.say(known.discovered());
        said.awaitWaiting(known, "good", "no-input");

        // When
        events.say(unknown.askedAgain("of-nothing"));
        events.say(known.askedAgain("of-no-pipeline", Optional.of("gone")));

        // Then
        assertThat(failure(unknown).code()).isEqualTo("no-session");
        assertThat(failure(known).message()).isEqualTo("Study SGN has no pipeline gone; it has good, other");
    }

    private Reason failure(Story story) {
        return events.await(ProcessingFailed.class, event -> event.session().equals(Optional.of(story.ref())))
                .event()
                .reason();
    }

    @Test
    void aRequestWhoseRunKeyIsNotItsOwnIsSetAside() {
        // Given
        Story story = Story.of("TST", "0006");
        PipelineRequested forged = new PipelineRequested(
                story.ref(),
                "TST",
                story.name(),
                "head-volume",
                "head-volume",
                "1.0.0",
                "d",
                Map.of(),
                Map.of("image", new FileRef("nifti", "../../etc/passwd", 1, "e")),
                "f".repeat(64),
                "nobody",
                "1",
                "c",
                Instant.EPOCH);

        // When
        events.say(forged);

        // Then
        ProcessingFailed failed = events.await(
                        ProcessingFailed.class, event -> event.session().equals(Optional.of(story.ref())))
                .event();
        assertThat(failed.reason().code()).isEqualTo("run-key-mismatch");
        assertThat(failed.kind()).isEqualTo(ProcessingFailed.Kind.PERMANENT);
    }

    private void ready(Story story, FileRef image, QcComplete.Level level) {
        events.say(story.discovered());
        events.say(story.exported("T1", "3", image));
        events.say(story.measured("T1", "3", image.sha256(), level));
    }

    private static List<FileRef> outputs(PipelineUpdated update) {
        return update.outputs().stream()
                .filter(output -> output.role().equals("output"))
                .toList();
    }

    private static FileRef file(PipelineUpdated update, String end) {
        return update.outputs().stream()
                .filter(output -> output.path().endsWith(end))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No " + end + " in " + update));
    }
}
