package org.datman.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.FormerResult;
import org.datman.contracts.event.PipelineAnswered;
import org.datman.contracts.event.PipelineAnswered.Answer;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.PipelineUpdated.State;
import org.datman.contracts.event.QcReviewed;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionDiscovered;
import org.datman.contracts.event.ToolMeasure;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.pipeline.run.TensorBall;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.junit.jupiter.api.Test;

/** A tool that gets the output of another one, the session as a BIDS dataset, names of the session, and images when there are some. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(ToolsFolder.class)
class GraphOfToolsTest extends PipelineTest {

    private static final String FIRST = "first";

    @TestHTTPResource(value = "/preview", management = true)
    URI preview;

    private static final String LAST = "last";

    @Test
    void aToolStartsAsSoonAsWhatItGetsIsThere() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("GRF", "0001");
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(500));
        events.publish(fixtures.discovered());

        // When
        events.publish(fixtures.exported("T1", "3", image));

        // Then
        PipelineUpdated done = runs.await(fixtures, LAST, State.SUCCEEDED);
        assertThat(output(done, "joined.bin")).hasSameBinaryContentAs(PipelineSession.ARCHIVE.resolve(image.path()));
        assertThat(Files.readAllLines(output(done, "files.txt")))
                .containsExactly(
                        "inputs/dataset/dataset_description.json",
                        "inputs/dataset/sub-CMH0001/ses-01/anat/sub-CMH0001_ses-01_T1w.json",
                        "inputs/dataset/sub-CMH0001/ses-01/anat/sub-CMH0001_ses-01_T1w.nii",
                        "CMH0001");
        assertThat(runs.all(fixtures, LAST)).extracting(PipelineUpdated::state).startsWith(State.WAITING);
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(latest(fixtures, LAST).toRealPath())
                        .isEqualTo(output(done, "provenance.json").getParent().toRealPath()));
    }

    @Test
    void aToolOfTheCatalogueGetsTheOutputOfAnotherOne() throws IOException {
        // Given
        assumeThat(Path.of("/usr/bin/dwi2tensor"))
                .as("MRtrix3 (Debian: mrtrix3) is not installed")
                .isExecutable();
        PipelineSession fixtures = PipelineSession.of("GRC", "0001");
        FileRef image = fixtures.stored("DTI", "3", TensorBall.series());
        FileRef bval = fixtures.stored("DTI", "3", FileRole.BVAL, TensorBall.bval());
        FileRef bvec = fixtures.stored("DTI", "3", FileRole.BVEC, TensorBall.bvec());
        events.publish(fixtures.discovered());

        // When
        events.publish(fixtures.exported("DTI", "3", image, bval, bvec));

        // Then
        PipelineUpdated tensor = runs.await(fixtures, "dti", State.SUCCEEDED);
        PipelineUpdated tracts = runs.await(fixtures, "tracts", State.SUCCEEDED);
        assertThat(tensor.measures().orElseThrow()).anySatisfy(number -> {
            assertThat(number.measure()).isEqualTo("fractional_anisotropy_mean");
            assertThat(number.value()).isCloseTo(TensorBall.ANISOTROPY, within(0.002));
        });
        assertThat(tracts.measures().orElseThrow()).contains(new ToolMeasure("streamlines", "whole_brain", "1", 50));
        JsonNode provenance =
                EventJson.mapper().readTree(output(tracts, "provenance.json").toFile());
        FileRef mask = tensor.outputs().stream()
                .filter(file -> file.path().endsWith("dti_mask.nii.gz"))
                .findFirst()
                .orElseThrow();
        assertThat(provenance.at("/inputs/mask/path").asText()).isEqualTo(mask.path());
        assertThat(provenance.at("/inputs/mask/sha256").asText()).isEqualTo(mask.sha256());
    }

    @Test
    void aToolOfTheCatalogueGetsTheSessionAsABidsDataset() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("GRC", "0002");
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(850));
        events.publish(fixtures.discovered());

        // When
        events.publish(fixtures.exported("T1", "3", image));

        // Then: a stand-in for an App, which looks for the dataset and the participant in it
        PipelineUpdated done = runs.await(fixtures, "app", State.SUCCEEDED);
        assertThat(done.measures().orElseThrow()).isNotEmpty();
        assertThat(Files.readString(output(done, "app.txt"))).contains("anyapp begins");
    }

    @Test
    void aResultWhoseImageIsBlacklistedIsOutOfDateAndWithItAllThatWasMadeOfIt() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("GRF", "0002");
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(600));
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("T1", "3", image));
        PipelineUpdated done = runs.await(fixtures, LAST, State.SUCCEEDED);
        await().until(() -> Files.exists(latest(fixtures, LAST)));

        // When
        events.publish(fixtures.reviewed("T1", "3", QcReviewed.Decision.BLACKLISTED));

        // Then
        PipelineUpdated first = runs.awaitWaiting(fixtures, FIRST, "blacklisted");
        assertThat(first.former()).isPresent();
        PipelineUpdated last = events.await(
                        PipelineUpdated.class,
                        event -> event.session().equals(fixtures.ref())
                                && event.pipeline().equals(LAST)
                                && event.state() == State.WAITING
                                && event.former().isPresent())
                .event();
        assertThat(last.former()).get().extracting(FormerResult::runKey).isEqualTo(done.runKey());
        assertThat(last.reason().orElseThrow().message())
                .startsWith("It waits for first of this session, which waits itself: Every T1 was blacklisted");
        await().untilAsserted(() -> {
            assertThat(Files.exists(latest(fixtures, FIRST), LinkOption.NOFOLLOW_LINKS))
                    .isFalse();
            assertThat(Files.exists(latest(fixtures, LAST), LinkOption.NOFOLLOW_LINKS))
                    .isFalse();
        });
    }

    @Test
    void anotherImageMakesAnotherResultAndItSaysWhatHasChanged() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("GRF", "0003");
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(700));
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("T1", "3", image));
        PipelineUpdated before = runs.await(fixtures, LAST, State.SUCCEEDED);
        FileRef second = fixtures.stored("T2", "4", Sphere.nifti(800));

        // When
        events.publish(fixtures.exported("T2", "4", second));

        // Then
        PipelineUpdated after = events.await(
                        PipelineUpdated.class,
                        event -> event.session().equals(fixtures.ref())
                                && event.pipeline().equals(LAST)
                                && event.state() == State.SUCCEEDED
                                && !event.runKey().equals(before.runKey())
                                && event.former()
                                        .filter(f -> f.runKey().equals(before.runKey()))
                                        .isPresent())
                .event();
        assertThat(Files.readAllLines(output(after, "files.txt")))
                .contains("inputs/more/" + fixtures.stem("T2", "4") + ".nii");
        assertThat(after.former().orElseThrow().changes())
                .contains("Of input more, files added 1, removed 0, with other bytes 0");
        await().ignoreExceptions().untilAsserted(() -> assertThat(
                        latest(fixtures, LAST).toRealPath().getFileName().toString())
                .isNotEqualTo("last-" + before.runKey().substring(0, 12)));
        assertThat(runs.all(fixtures, FIRST)).extracting(PipelineUpdated::state).containsOnlyOnce(State.SUCCEEDED);
    }

    @Test
    void anEventThatChangesNoFileOfTheDatasetLeavesResultsAsTheyAre() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("GRF", "0005");
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(970));
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("T1", "3", image));
        PipelineUpdated done = runs.await(fixtures, "after", State.SUCCEEDED);

        // When
        events.publish(fixtures.checked(true));

        // Then: the dataset waits a moment to be written
        await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            assertThat(runs.all(fixtures, "after")).last().isEqualTo(done);
            assertThat(latest(fixtures, "after")).exists();
        });
    }

    @Test
    void anAssociatedFileIsAnInputUntilItIsWithdrawn() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("GRF", "0006");
        FileRef table = new Archive(PipelineSession.ARCHIVE)
                .write(
                        FileRole.RESOURCE,
                        "GRF/resources/" + fixtures.name() + "/behav/run 1/behaviour.csv",
                        "a,b\n".getBytes(StandardCharsets.UTF_8));
        ResourceExported exported =
                fixtures.events().exportedResource("run 1/behaviour.csv").withFile(Optional.of(table));
        events.publish(fixtures.discovered());
        events.publish(exported);
        PipelineUpdated done = runs.await(fixtures, "scored", State.SUCCEEDED);

        // When
        events.publish(exported.withResourceRevision(exported.resourceRevision() + 1)
                .withOutcome(SeriesExported.Outcome.WITHDRAWN)
                .withFile(Optional.empty())
                .withReason(Optional.of(Reason.of("removed", "It is not on XNAT any more"))));

        // Then
        PipelineUpdated waits = events.await(
                        PipelineUpdated.class,
                        event -> event.session().equals(fixtures.ref())
                                && event.pipeline().equals("scored")
                                && event.former().isPresent())
                .event();
        assertThat(waits.reason().orElseThrow().code()).isEqualTo("no-paired-data");
        assertThat(output(done, "copy.bin")).hasContent("a,b\n");
        assertThat(waits.former()).get().extracting(FormerResult::runKey).isEqualTo(done.runKey());
    }

    @Test
    void aToolWaitsForTheFieldMapThatFitsItsImage() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("GRF", "0007");
        FileRef image = fixtures.stored("T2", "3", Sphere.nifti(710));
        FileRef map = fixtures.stored("DPA", "4", Sphere.nifti(720));
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("T2", "3", image, sidecar(fixtures, "T2", "3", "j-")));
        PipelineUpdated waits = runs.awaitWaiting(fixtures, "corrected", "no-field-map");

        // When
        events.publish(fixtures.exported("DPA", "4", map, sidecar(fixtures, "DPA", "4", "j")));

        // Then
        PipelineUpdated done = runs.await(fixtures, "corrected", State.SUCCEEDED);
        assertThat(waits.reason().orElseThrow().message())
                .isEqualTo("No field map of this session fits " + fixtures.stem("T2", "3")
                        + ": there is none in its BIDS dataset");
        assertThat(Files.readAllLines(output(done, "files.txt")))
                .contains("inputs/more/" + fixtures.stem("DPA", "4") + ".json");
    }

    private static FileRef sidecar(PipelineSession fixtures, String tag, String scan, String direction)
            throws IOException {
        String path = "GRF/nii/" + fixtures.name() + "/" + fixtures.stem(tag, scan) + ".json";
        String json = "{\"PhaseEncodingDirection\": \"" + direction
                + "\", \"TotalReadoutTime\": 0.04, \"RepetitionTime\": 2}";
        return new Archive(PipelineSession.ARCHIVE)
                .write(FileRole.SIDECAR, path, json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aManualStepHandsOnWhatAPersonAcceptedUntilThereIsAnotherFile() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("GRF", "0008");
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(730));
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("T1", "3", image));
        PipelineUpdated waits = manualStep(fixtures, "");
        events.publish(answered(waits, Answer.ACCEPTED, Map.of()));
        PipelineUpdated used = runs.await(fixtures, "used", State.SUCCEEDED);

        // When
        FileRef other = fixtures.stored("T1", "3", Sphere.nifti(740));
        events.publish(fixtures.exported("T1", "3", other).withSeriesRevision(2).withExportRevision(2));

        // Then
        PipelineUpdated again = manualStep(fixtures, waits.runKey());
        assertThat(waits.reason().orElseThrow().message()).isEqualTo("It waits for a person: Correct the copy");
        assertThat(waits.outputs())
                .extracting(FileRef::path)
                .singleElement()
                .asString()
                .endsWith("/copy.bin");
        assertThat(output(used, "copy.bin")).hasSize(image.size());
        assertThat(again.former()).isPresent();
        assertThat(runs.awaitWaiting(fixtures, "used", "no-result")
                        .reason()
                        .orElseThrow()
                        .message())
                .contains("checked");
    }

    @Test
    void aManualStepHandsOnTheFileThatAPersonCorrected() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("GRF", "0009");
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(750));
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("T1", "3", image));
        PipelineUpdated waits = manualStep(fixtures, "");
        FileRef corrected = new Archive(PipelineSession.ARCHIVE)
                .write(
                        FileRole.OUTPUT,
                        waits.places().orElseThrow().get("copy"),
                        "corrected".getBytes(StandardCharsets.UTF_8));

        // When
        events.publish(answered(waits, Answer.CORRECTED, Map.of("copy", corrected)));

        // Then
        PipelineUpdated used = runs.await(fixtures, "used", State.SUCCEEDED);
        assertThat(output(used, "copy.bin")).hasContent("corrected");
        assertThat(corrected.path()).startsWith("GRF/corrected/" + fixtures.name() + "/checked-");
        assertThat(output(runs.await(fixtures, "checked", State.SUCCEEDED), "provenance.json"))
                .content()
                .contains("corrected by rater on 2026-11-30");
    }

    /** A manual step that waits for a person, and what it waited for before. */
    private PipelineUpdated manualStep(PipelineSession fixtures, String before) {
        return events.await(
                        PipelineUpdated.class,
                        event -> event.session().equals(fixtures.ref())
                                && event.pipeline().equals("checked")
                                && !event.runKey().equals(before)
                                && event.reason()
                                        .filter(why -> why.code().equals("manual-step"))
                                        .isPresent())
                .event();
    }

    private static PipelineAnswered answered(PipelineUpdated waits, Answer answer, Map<String, FileRef> corrected) {
        return new PipelineAnswered(
                waits.session(),
                waits.study(),
                waits.pipeline(),
                waits.runKey(),
                answer,
                corrected,
                "rater",
                Instant.parse("2026-11-30T09:00:00Z"));
    }

    @Test
    void aPreviewSaysWhatChangedRulesWouldDoDownTheGraphAndStartsNothing() throws Exception {
        // Given
        PipelineSession fixtures = PipelineSession.of("GRP", "0001");
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(760));
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("T1", "3", image));
        runs.await(fixtures, "after", State.SUCCEEDED);
        runs.await(fixtures, "alone", State.SUCCEEDED);
        runs.await(fixtures, "gone", State.SUCCEEDED);
        String now = Files.readString(Path.of("src/test/resources/studies/GRP.yml"));
        String changed = now.replace("first: {Descriptor: good.json", "first: {Descriptor: silent.json")
                .replace("gone: {", "added: {")
                .replace("SessionChecked: false, AppliesTo: people", "AppliesTo: phantoms");

        // When
        List<HttpResponse<String>> answers = new ArrayList<>();
        for (String text : List.of(now, changed, now.replace("Descriptor", "Descripter"))) {
            answers.add(HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(preview.resolve("/preview"))
                                    .POST(HttpRequest.BodyPublishers.ofString(text))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString()));
        }

        // Then
        assertThat(answers).extracting(HttpResponse::statusCode).containsExactly(200, 200, 422);
        JsonNode same = EventJson.mapper().readTree(answers.get(0).body());
        JsonNode other = EventJson.mapper().readTree(answers.get(1).body());
        assertThat(same.path("pipelines"))
                .allMatch(line -> line.path("unchanged").asInt() == 1
                        && line.path("stale").isEmpty());
        assertThat(other.path("pipelines"))
                .extracting(line -> line.path("pipeline").asText() + " " + line.path("unchanged") + line.path("runs")
                        + line.path("follows") + line.path("noLonger") + line.path("removed") + " "
                        + line.path("notWanted") + line.path("stale").size())
                .containsExactlyInAnyOrder(
                        "first 01000 {}1",
                        "after 00100 {}1",
                        "alone 00010 {\"not-for-this\":1}1",
                        "added 01000 {}0",
                        "gone 00001 {}1");
        assertThat(runs.all(fixtures, "added")).isEmpty();
    }

    @Test
    void whatRunsOnceForAParticipantRunsAgainWithANewSessionAndWithItWhatIsMadeOfIt() throws IOException {
        // Given
        PipelineSession first = PipelineSession.of("GRX", "0001");
        events.publish(first.discovered());
        events.publish(first.exported("T1", "3", first.stored("T1", "3", Sphere.nifti(770))));
        PipelineUpdated before = runs.await(first, "long", State.SUCCEEDED);

        // When
        PipelineSession second = new PipelineSession(EventFixtures.of("GRX_0001b", "GRX_CMH_0001_02_01"), false);
        events.publish(second.discovered());
        events.publish(second.exported("T1", "4", second.stored("T1", "4", Sphere.nifti(780))));

        // Then
        PipelineUpdated ofSecond = runs.await(second, "long", State.SUCCEEDED);
        PipelineUpdated again = events.await(
                        PipelineUpdated.class,
                        event -> event.session().equals(first.ref())
                                && event.pipeline().equals("long")
                                && event.state() == State.SUCCEEDED
                                && !event.runKey().equals(before.runKey()))
                .event();
        assertThat(again.former()).get().extracting(FormerResult::runKey).isEqualTo(before.runKey());
        assertThat(runs.all(second, "base"))
                .extracting(PipelineUpdated::state)
                .doesNotContain(State.QUEUED, State.RUNNING, State.SUCCEEDED)
                .contains(State.NOT_APPLICABLE);
        PipelineUpdated base = runs.all(first, "base").stream()
                .filter(event -> event.state() == State.SUCCEEDED)
                .reduce((older, newer) -> newer)
                .orElseThrow();
        assertThat(Files.readAllLines(output(base, "list.txt")))
                .hasSize(2)
                .allMatch(line -> line.matches("inputs/folder/GRX_CMH_0001_0[12]_01/first-[0-9a-f]{12}/out/copy.bin"));
        assertThat(output(ofSecond, "files.txt")).content().endsWith("GRX_CMH_0001_02_01\n");
    }

    @Test
    void whatRunsOnceForAParticipantRunsAgainWithoutASessionThatHasNoValidNameAnyMore() throws IOException {
        // Given
        PipelineSession first = PipelineSession.of("GRX", "0002");
        PipelineSession second = new PipelineSession(EventFixtures.of("GRX_0002b", "GRX_CMH_0002_02_01"), false);
        for (PipelineSession each : List.of(first, second)) {
            events.publish(each.discovered());
        }
        events.publish(first.exported("T1", "3", first.stored("T1", "3", Sphere.nifti(771))));
        events.publish(second.exported("T1", "4", second.stored("T1", "4", Sphere.nifti(781))));
        runs.await(second, "long", State.SUCCEEDED);
        String before = runs.await(first, "base", State.SUCCEEDED).runKey();

        // When
        events.publish(second.discovered()
                .withSessionRevision(2)
                .withStatus(SessionDiscovered.Status.RENAMED)
                .withLabel("unclear")
                .withName(Optional.empty())
                .withNameProblem(Optional.of(new Reason("label-not-in-grammar", "It has 1 field", "Rename it"))));

        // Then
        PipelineUpdated base = events.await(
                        PipelineUpdated.class,
                        event -> event.session().equals(first.ref())
                                && event.pipeline().equals("base")
                                && event.state() == State.SUCCEEDED
                                && !event.runKey().equals(before))
                .event();
        assertThat(Files.readAllLines(output(base, "list.txt")))
                .singleElement()
                .asString()
                .contains("GRX_CMH_0002_01_01");
    }

    @Test
    void aPreviewDecidesTheSessionsOfAParticipantTogether() throws Exception {
        // Given two sessions of a participant, of which nothing runs by the rules of now
        PipelineSession first = PipelineSession.of("GRY", "0001");
        PipelineSession second = new PipelineSession(EventFixtures.of("GRY_0001b", "GRY_CMH_0001_02_01"), false);
        for (PipelineSession each : List.of(first, second)) {
            events.publish(each.discovered());
            events.publish(each.exported("T1", "3", each.stored("T1", "3", Sphere.nifti(790))));
        }
        runs.await(first, "first", State.NOT_APPLICABLE);
        runs.await(second, "first", State.NOT_APPLICABLE);
        String longitudinal =
                Files.readString(Path.of("src/test/resources/studies/GRX.yml")).replace("GRX", "GRY");

        // When
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(preview.resolve("/preview"))
                                .POST(HttpRequest.BodyPublishers.ofString(longitudinal))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        // Then
        assertThat(EventJson.mapper().readTree(answer.body()).path("pipelines"))
                .extracting(line -> line.path("pipeline").asText() + " " + line.path("runs") + line.path("follows")
                        + " " + line.path("waits") + line.path("notWanted"))
                .containsExactly("first 20 {}{}", "base 01 {}{\"once-for-a-participant\":1}", "long 02 {}{}");
    }

    @Test
    void linksThatCannotBeMadeHoldUpNothing() throws IOException {
        // Given what is no folder, where the links of the pipeline are to be
        PipelineSession fixtures = PipelineSession.of("GRL", "0001");
        Path inTheWay = PipelineSession.ARCHIVE.resolve("GRL/pipelines/latest/" + FIRST);
        Files.createDirectories(inTheWay.getParent());
        Files.writeString(inTheWay, "in the way");
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(950));
        events.publish(fixtures.discovered());

        // When
        events.publish(fixtures.exported("T1", "3", image));

        // Then
        runs.await(fixtures, FIRST, State.SUCCEEDED);
        PipelineUpdated last = runs.await(fixtures, LAST, State.SUCCEEDED);
        assertThat(output(last, "copy.bin")).hasSameBinaryContentAs(PipelineSession.ARCHIVE.resolve(image.path()));
    }

    @Test
    void twoPipelinesThatRunOneToolOnTheSameImageKeepTheirResultsApart() throws IOException {
        // Given
        PipelineSession fixtures = PipelineSession.of("GRF", "0004");
        FileRef image = fixtures.stored("T1", "3", Sphere.nifti(900));
        events.publish(fixtures.discovered());
        events.publish(fixtures.exported("T1", "3", image));
        PipelineUpdated first = runs.await(fixtures, FIRST, State.SUCCEEDED);
        PipelineUpdated twin = runs.await(fixtures, "twin", State.SUCCEEDED);

        // When every result is looked at again
        events.publish(fixtures.checked(true));

        // Then
        runs.await(fixtures, LAST, State.SUCCEEDED);
        assertThat(twin.runKey()).isEqualTo(first.runKey());
        assertThat(output(twin, "provenance.json")).isNotEqualTo(output(first, "provenance.json"));
        await().during(Duration.ofSeconds(4)).atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(
                        runs.all(fixtures, "twin"))
                .extracting(PipelineUpdated::state)
                .containsOnlyOnce(State.RUNNING));
    }

    private static Path latest(PipelineSession fixtures, String pipeline) {
        return PipelineSession.ARCHIVE.resolve("GRF/pipelines/latest/" + pipeline + "/" + fixtures.name());
    }

    private static Path output(PipelineUpdated run, String name) {
        return PipelineSession.ARCHIVE.resolve(run.outputs().stream()
                .map(FileRef::path)
                .filter(path -> path.endsWith("/" + name))
                .findFirst()
                .orElseThrow());
    }
}
