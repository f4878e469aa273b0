package org.datman.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.dashboard.story.Story;
import org.datman.dashboard.story.Teller;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** Bytes are handed out only when they are those that were published. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class DownloadsTest {

    private static final Instant T = Story.START;

    @Inject
    Archive archive;

    @Test
    void aFileIsHandedOutByItsPublishedDigest() throws IOException {
        // Given
        Story story = Story.of("DOWN_E1", "SPN01_CMH_4001_01_01");
        FileRef file = published(story, "the image");

        // When
        List<Response> answers = List.of(
                get(file, ""), get(file, file.sha256()), get(file, "0".repeat(64)), getUnless(file, file.sha256()));

        // Then
        assertThat(answers).extracting(Response::statusCode).containsExactly(200, 200, 409, 304);
        assertThat(answers.get(0).asString()).isEqualTo("the image");
        assertThat(answers.get(0).header("ETag")).isEqualTo('"' + file.sha256() + '"');
        assertThat(answers.get(2).asString()).contains("Load the page again").doesNotContain("the image");
        assertThat(failures(story)).isEmpty();
    }

    @Test
    void aChangedFileIsNeverHandedOutAndToldOnceUntilItIsMadeAnew() throws IOException {
        // Given
        Story story = Story.of("DOWN_E2", "SPN01_CMH_4002_01_01");
        FileRef file = published(story, "as it was published");
        assertThat(get(file, "").statusCode()).isEqualTo(200);
        change(file, "changed behind our back");

        // When
        List<Response> answers = List.of(get(file, file.sha256()), get(file, ""));

        // Then
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(answer.asString())
                    .contains("its content is other than what was published")
                    .doesNotContain("behind our back");
        });
        Document page = Dashboard.page(Dashboard.pathOf(story));
        assertThat(page.select(".f-PERMANENT")).hasSize(1);
        assertThat(page.select(".f-PERMANENT").text()).contains(file.path(), "was not handed out", "Reprocess");
        assertThat(Dashboard.page("/").text()).contains(file.path() + " was not handed out");
        Dashboard.loggedIn()
                .formParam(
                        "failure",
                        page.select(".f-PERMANENT input[name=failure]").attr("value"))
                .post("/failures/retry");
        try (EventsOnKafka events = EventsOnKafka.ofTests();
                Teller teller = new Teller(KafkaAndPostgres.bootstrapServers())) {
            ReprocessRequested asked = events.await(
                            ReprocessRequested.class, e -> e.session().equals(story.session()))
                    .event();
            assertThat(asked.stage()).isEqualTo(ReprocessRequested.Stage.EXPORT);
            assertThat(asked.scan()).contains("3");
            assertThat(events.all(ProcessingFailed.class).stream()
                            .filter(e -> e.event().session().equals(Optional.of(story.session()))))
                    .hasSize(1);
            // It is made anew from XNAT, as it was: the same event, said again.
            FileRef anew = archive.write("nifti", file.path(), "as it was published".getBytes(StandardCharsets.UTF_8));
            assertThat(anew).isEqualTo(file);
            teller.say("export", Instant.now().plusSeconds(1), story.exported("3", 1, "T1", List.of(file)));
        }
        Dashboard.awaitSession(story, p -> p.select(".f-PERMANENT").isEmpty());
        assertThat(get(file, file.sha256()).asString()).isEqualTo("as it was published");
    }

    @Test
    void aFileThatSomebodyPutBackEndsTheFailureToo() throws IOException {
        // Given
        Story story = Story.of("DOWN_E3", "SPN01_CMH_4003_01_01");
        FileRef file = published(story, "good");
        change(file, "evil");
        assertThat(get(file, "").statusCode()).isEqualTo(409);
        assertThat(failures(story)).hasSize(1);
        change(file, "good");

        // When
        Response answer = get(file, "");

        // Then
        assertThat(answer.asString()).isEqualTo("good");
        assertThat(failures(story)).isEmpty();
    }

    @Test
    void aFileThatIsGoneIsToldToo() throws IOException {
        // Given
        Story story = Story.of("DOWN_E4", "SPN01_CMH_4004_01_01");
        FileRef file = published(story, "soon gone");
        Path path = archive.resolve(file.path());
        Files.delete(path);
        old(path.getParent());

        // When
        Response answer = get(file, file.sha256());

        // Then
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(failures(story)).singleElement().asString().contains("it is missing");
    }

    @Test
    void aFileThatIsBeingReplacedIsNotHandedOutButNoFailureEither() throws IOException {
        // Given: exported anew a moment ago, and the event is on its way
        Story story = Story.of("DOWN_E5", "SPN01_CMH_4005_01_01");
        FileRef file = published(story, "first");
        archive.write("nifti", file.path(), "second".getBytes(StandardCharsets.UTF_8));

        // When
        Response answer = get(file, "");

        // Then
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.asString()).contains("is being replaced just now");
        assertThat(failures(story)).isEmpty();
    }

    private FileRef published(Story story, String content) throws IOException {
        String path = "SPN01/nii/" + story.name() + "/" + story.stem("3", "T1") + ".nii.gz";
        FileRef file = archive.write("nifti", path, content.getBytes(StandardCharsets.UTF_8));
        try (Teller teller = new Teller(KafkaAndPostgres.bootstrapServers())) {
            teller.say("ingest", T, story.discovered(1, story.name()));
            teller.say("ingest", T, story.series("3", 1, "Sag T1"));
            teller.say("tagging", T.plusSeconds(1), story.tagged("3", 1, "T1", "Sag T1"));
            teller.say("export", T.plusSeconds(5), story.exported("3", 1, "T1", List.of(file)));
        }
        Dashboard.awaitSession(
                story,
                p -> p.select("h1").text().contains(story.name())
                        && p.text().contains("Only T1 matches")
                        && p.text().contains("Waits to be measured"));
        return file;
    }

    /** Other bytes in the file, since long ago. */
    private void change(FileRef file, String content) throws IOException {
        Path path = archive.resolve(file.path());
        Files.writeString(path, content);
        old(path);
    }

    private static void old(Path path) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(Duration.ofDays(3))));
    }

    private static List<String> failures(Story story) {
        return Dashboard.page(Dashboard.pathOf(story)).select(".f-PERMANENT").eachText();
    }

    private static Response get(FileRef file, String sha256) {
        return Dashboard.loggedIn().get("/files/" + file.path() + (sha256.isEmpty() ? "" : "?sha256=" + sha256));
    }

    private static Response getUnless(FileRef file, String etag) {
        return Dashboard.loggedIn().header("If-None-Match", '"' + etag + '"').get("/files/" + file.path());
    }
}
