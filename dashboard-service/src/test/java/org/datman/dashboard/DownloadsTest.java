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
import java.util.regex.Pattern;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.PipelineUpdatedBuilder;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcCompleteBuilder;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ToolMeasure;
import org.datman.contracts.testkit.EventFixtures;
import org.datman.dashboard.fixture.FixturePublisher;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** Only the published bytes of a file are served. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class DownloadsTest {

    private static final Instant T = EventFixtures.START;

    @Inject
    Archive archive;

    @Test
    void aFileIsHandedOutByItsPublishedDigest() throws IOException {
        // Given
        EventFixtures fixtures = EventFixtures.of("DOWN_E1", "SPN01_CMH_4001_01_01");
        FileRef file = published(fixtures, "the image");

        // When
        List<Response> answers = List.of(
                get(file, ""), get(file, file.sha256()), get(file, "0".repeat(64)), getUnless(file, file.sha256()));

        // Then
        assertThat(answers).extracting(Response::statusCode).containsExactly(200, 200, 409, 304);
        assertThat(answers.get(0).asString()).isEqualTo("the image");
        assertThat(answers.get(0).header("Content-Length")).isEqualTo("9");
        assertThat(answers.get(0).header("ETag")).isEqualTo('"' + file.sha256() + '"');
        assertThat(answers.get(2).asString()).contains("Load the page again").doesNotContain("the image");
        assertThat(failures(fixtures)).isEmpty();
    }

    @Test
    void aChangedFileIsNeverHandedOutAndReportedOnceUntilItIsMadeAgain() throws IOException {
        // Given
        EventFixtures fixtures = EventFixtures.of("DOWN_E2", "SPN01_CMH_4002_01_01");
        FileRef file = published(fixtures, "as it was published");
        assertThat(get(file, "").statusCode()).isEqualTo(200);
        change(file, "changed behind our back");

        // When
        List<Response> answers = List.of(get(file, file.sha256()), get(file, ""));

        // Then
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(answer.asString())
                    .contains("its content is not what was published")
                    .doesNotContain("behind our back");
        });
        Document page = Dashboard.page(Dashboard.pathOf(fixtures));
        assertThat(page.select(".f-PERMANENT")).hasSize(1);
        assertThat(page.select(".f-PERMANENT").text()).contains(file.path(), "was not served", "Reprocess");
        assertThat(Dashboard.page("/").text()).contains(file.path() + " was not served");
        Dashboard.loggedIn()
                .formParam(
                        "failure",
                        page.select(".f-PERMANENT input[name=failure]").attr("value"))
                .post("/failures/retry");
        try (EventsOnKafka events = EventsOnKafka.ofTests();
                FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            ReprocessRequested requested = events.await(
                            ReprocessRequested.class, e -> e.session().equals(fixtures.session()))
                    .event();
            assertThat(requested.stage()).isEqualTo(ReprocessRequested.Stage.EXPORT);
            assertThat(requested.scan()).contains("3");
            assertThat(events.all(ProcessingFailed.class).stream()
                            .filter(e -> e.event().session().equals(Optional.of(fixtures.session()))))
                    .hasSize(1);
            // It is created again from XNAT, unchanged: the same event is published again.
            FileRef again =
                    archive.write(FileRole.NIFTI, file.path(), "as it was published".getBytes(StandardCharsets.UTF_8));
            assertThat(again).isEqualTo(file);
            publisher.publish("export", Instant.now().plusSeconds(1), fixtures.exported("3", 1, "T1", List.of(file)));
        }
        Dashboard.awaitSession(fixtures, p -> p.select(".f-PERMANENT").isEmpty());
        assertThat(get(file, file.sha256()).asString()).isEqualTo("as it was published");
    }

    @Test
    void aFileThatSomebodyPutBackEndsTheFailureToo() throws IOException {
        // Given
        EventFixtures fixtures = EventFixtures.of("DOWN_E3", "SPN01_CMH_4003_01_01");
        FileRef file = published(fixtures, "good");
        change(file, "evil");
        assertThat(get(file, "").statusCode()).isEqualTo(409);
        assertThat(failures(fixtures)).hasSize(1);
        change(file, "good");

        // When
        Response answer = get(file, "");

        // Then
        assertThat(answer.asString()).isEqualTo("good");
        assertThat(failures(fixtures)).isEmpty();
    }

    @Test
    void aFileThatIsGoneIsReportedToo() throws IOException {
        // Given
        EventFixtures fixtures = EventFixtures.of("DOWN_E4", "SPN01_CMH_4004_01_01");
        FileRef file = published(fixtures, "soon gone");
        Path path = archive.resolve(file.path());
        Files.delete(path);
        old(path.getParent());

        // When
        Response answer = get(file, file.sha256());

        // Then
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(failures(fixtures)).singleElement().asString().contains("it is missing");
    }

    @Test
    void aFileThatIsBeingReplacedIsNotHandedOutButNoFailureEither() throws IOException {
        // Given: exported again a moment ago, and the event is in transit
        EventFixtures fixtures = EventFixtures.of("DOWN_E5", "SPN01_CMH_4005_01_01");
        FileRef file = published(fixtures, "first");
        archive.write(FileRole.NIFTI, file.path(), "second".getBytes(StandardCharsets.UTF_8));

        // When
        Response answer = get(file, "");

        // Then
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.asString()).contains("is being replaced just now");
        assertThat(failures(fixtures)).isEmpty();
    }

    @Test
    void twoChangedFilesOfOneScanAreTwoFailuresReportedOnceEach() throws IOException {
        // Given
        EventFixtures fixtures = EventFixtures.of("DOWN_E6", "SPN01_CMH_4006_01_01");
        FileRef image = write(fixtures, FileRole.NIFTI, ".nii.gz", "the image");
        FileRef sidecar = write(fixtures, FileRole.SIDECAR, ".json", "the sidecar");
        publish(fixtures, image, sidecar);
        change(image, "changed");
        change(sidecar, "changed");

        // When: a live page requests them again after each event
        List<Response> answers = List.of(get(image, ""), get(sidecar, ""), get(image, ""), get(sidecar, ""));

        // Then
        assertThat(answers).extracting(Response::statusCode).containsOnly(409);
        assertThat(failures(fixtures)).hasSize(2);
        try (EventsOnKafka events = EventsOnKafka.ofTests()) {
            events.awaitAll(ProcessingFailed.class, e -> e.session().equals(Optional.of(fixtures.session())), 2);
            EventFixtures last = EventFixtures.of("DOWN_E6B", "SPN01_CMH_4016_01_01");
            FileRef marker = published(last, "published after all others");
            change(marker, "changed");
            get(marker, "");
            events.await(ProcessingFailed.class, e -> e.session().equals(Optional.of(last.session())));
            assertThat(events.all(ProcessingFailed.class).stream()
                            .filter(e -> e.event().session().equals(Optional.of(fixtures.session()))))
                    .hasSize(2);
        }
    }

    @Test
    void theDigestOfTheWrongBytesInTheAddressDoesNotMakeThemRight() throws IOException {
        // Given
        EventFixtures fixtures = EventFixtures.of("DOWN_E7", "SPN01_CMH_4007_01_01");
        FileRef file = published(fixtures, "right");
        change(file, "wrong");
        String wrong = Archive.sha256(archive.resolve(file.path()));

        // When
        List<Response> answers = List.of(get(file, ""), get(file, wrong), get(file, wrong));

        // Then
        assertThat(answers).extracting(Response::statusCode).containsOnly(409);
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.header("Cache-Control")).doesNotContain("immutable"));
        assertThat(failures(fixtures)).hasSize(1);
    }

    @Test
    void aResultWhoseImageIsExportedNoMoreIsNotMissed() throws IOException {
        // Given: a picture of QC is missing, and reported
        EventFixtures fixtures = EventFixtures.of("DOWN_E8", "SPN01_CMH_4008_01_01");
        published(fixtures, "measured");
        QcComplete result = fixtures.measured("3", 1, "T1", QcComplete.Level.PASS);
        FileRef picture =
                archive.write(FileRole.PICTURE, result.pictures().get(0).path(), new byte[] {1, 2, 3});
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("qc", T.plusSeconds(15), EventFixtures.withPicture(result, picture));
            Dashboard.awaitSession(fixtures, p -> p.select(".timeline").text().contains("Series 3 T1 measured"));
            Files.delete(archive.resolve(picture.path()));
            old(archive.resolve(picture.path()).getParent());
            assertThat(get(picture, "").statusCode()).isEqualTo(409);
            assertThat(failures(fixtures)).hasSize(1);

            // When: its series has another tag, so that image and results have other names
            publisher.publish("tagging", Instant.now().plusSeconds(1), fixtures.tagged("3", 2, "T2", "Sag T2"));
            publisher.publish("export", Instant.now().plusSeconds(1), fixtures.exported("3", 2, "T2"));

            // Then
            Dashboard.awaitSession(fixtures, p -> p.select(".f-PERMANENT").isEmpty());
        }
        assertThat(get(picture, "").statusCode()).isEqualTo(404);
        assertThat(failures(fixtures)).isEmpty();
    }

    @Test
    void aResultThatIsMadeAgainWithoutAFileEndsTheFailureOfThatFileOnly() throws IOException {
        // Given: two pictures of QC are missing, and reported
        EventFixtures fixtures = EventFixtures.of("DOWN_E10", "SPN01_CMH_4010_01_01");
        published(fixtures, "measured");
        QcComplete result = fixtures.measured("3", 1, "T1", QcComplete.Level.PASS);
        String folder = result.pictures().get(0).path().replaceAll("[^/]+$", "");
        FileRef one = archive.write(FileRole.PICTURE, folder + "one.png", new byte[] {1});
        FileRef two = archive.write(FileRole.REPORT, folder + "two.html", new byte[] {2});
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("qc", T.plusSeconds(15), withFiles(result, T.plusSeconds(15), one, two));
            Dashboard.awaitSession(fixtures, p -> p.select(".timeline").text().contains("Series 3 T1 measured"));
            Files.delete(archive.resolve(one.path()));
            Files.delete(archive.resolve(two.path()));
            old(archive.resolve(one.path()).getParent());
            get(one, "");
            get(two, "");
            assertThat(failures(fixtures)).hasSize(2);

            // When: another version no longer draws the first; its event was in transit when the second was missed
            Instant later = Instant.now().minus(Duration.ofDays(1));
            publisher.publish("qc", later, withFiles(result, later, two));

            // Then
            Dashboard.awaitSession(fixtures, p -> p.select(".f-PERMANENT").size() == 1);
            assertThat(failures(fixtures).get(0)).contains(two.path());
        }
        assertThat(get(one, "").statusCode()).isEqualTo(404);
    }

    @Test
    void aChangedOutputIsReportedUntilARunHasMadeIt() throws IOException {
        // Given
        EventFixtures fixtures = EventFixtures.of("DOWN_E9", "SPN01_CMH_4009_01_01");
        published(fixtures, "the image");
        FileRef output = archive.write(
                FileRole.OUTPUT,
                "SPN01/pipelines/brain-volume/" + fixtures.name() + "/volume.txt",
                "1200 ml".getBytes(StandardCharsets.UTF_8));
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish(
                    "pipeline", T.plusSeconds(20), run(fixtures, 1, PipelineUpdated.State.SUCCEEDED, List.of(output)));
            Dashboard.awaitSession(fixtures, p -> p.text().contains("brain-volume"));
            change(output, "9999 ml");
            assertThat(get(output, "").statusCode()).isEqualTo(409);
            assertThat(failures(fixtures)).hasSize(1);

            // When: it runs again
            Instant later = Instant.now().plusSeconds(1);
            publisher.publish("pipeline", later, run(fixtures, 2, PipelineUpdated.State.RUNNING, List.of()));
            Document running = Dashboard.awaitSession(
                    fixtures, p -> p.select(".timeline").text().contains("brain-volume is running"));
            archive.write(FileRole.OUTPUT, output.path(), "1200 ml".getBytes(StandardCharsets.UTF_8));
            publisher.publish("pipeline", later, run(fixtures, 2, PipelineUpdated.State.SUCCEEDED, List.of(output)));

            // Then
            assertThat(running.select(".f-PERMANENT")).hasSize(1);
            Dashboard.awaitSession(fixtures, p -> p.select(".f-PERMANENT").isEmpty());
        }
    }

    @Test
    void whatToolsComputedIsOneTableOfTheStudyAndATrend() {
        // Given
        EventFixtures fixtures = EventFixtures.of("MEA_E01", "SPN01_CMH_0777_01_01");
        PipelineUpdated first = PipelineUpdatedBuilder.builder(fixtures.run(PipelineUpdated.State.SUCCEEDED))
                .outputs(List.of())
                .measures(Optional.of(List.of(new ToolMeasure("volume", "brain", "ml", 1400))))
                .build();
        PipelineUpdated second = PipelineUpdatedBuilder.builder(first)
                .runKey("0" + first.runKey().substring(1))
                .measures(Optional.of(List.of(
                        new ToolMeasure("volume", "brain", "ml", 1423.5),
                        new ToolMeasure("=fa", "lh.\"x\"", "1", 0.25))))
                .build();

        // When
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, fixtures.name()));
            publisher.publish("pipeline", T.plusSeconds(10), first);
            publisher.publish("pipeline", T.plusSeconds(20), second);
        }

        // Then
        Document page = Dashboard.awaitSession(fixtures, p -> p.text().contains("2 numbers"));
        String trend = page.select("details a[href^=/metrics]:contains(volume)").attr("href");
        // The session itself comes by another topic.
        Dashboard.awaitPage(
                trend, p -> p.text().contains(" 1424 " + second.tool() + " " + second.toolVersion() + " good"));
        assertThat(Dashboard.loggedIn().get("/api/studies/NOSUCH/measures.json").statusCode())
                .isEqualTo(404);
        String start = String.join(
                "\t",
                "CMH0777",
                "01",
                "SPN01",
                fixtures.name(),
                second.pipeline(),
                second.tool(),
                second.toolVersion(),
                second.runKey());
        assertThat(Dashboard.loggedIn()
                        .get("/api/studies/SPN01/measures.tsv")
                        .asString()
                        .lines()
                        .filter(line -> line.contains(fixtures.name())))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith(start).endsWith("\tvolume\tbrain\tml\t1423.5"),
                        line -> assertThat(line).startsWith(start).endsWith("\t'=fa\tlh.\"x\"\t1\t0.25"));
        assertThat(Dashboard.loggedIn().get("/api/studies/SPN01/measures.csv").asString())
                .contains("CMH0777,01,SPN01," + fixtures.name(), ",'=fa,\"lh.\"\"x\"\"\",1,0.25\r\n");
        byte[] parquet =
                Dashboard.loggedIn().get("/api/studies/SPN01/measures.parquet").asByteArray();
        assertThat(new String(parquet, StandardCharsets.ISO_8859_1))
                .startsWith("PAR1")
                .endsWith("PAR1");
        String idps = Dashboard.loggedIn()
                .get("/api/studies/SPN01/idps.tsv?pipeline=" + second.pipeline())
                .asString();
        assertThat(idps.lines().filter(line -> line.startsWith("CMH0777\t01\t" + fixtures.name())))
                .singleElement()
                .asString()
                .contains("\t1423.5", "\t0.25");
        assertThat(Dashboard.loggedIn()
                        .get("/api/studies/SPN01/idps.json?pipeline=" + second.pipeline())
                        .jsonPath()
                        .<String, Object>getMap("")
                        .keySet())
                .containsExactlyInAnyOrder(Pattern.compile("\t")
                        .splitAsStream(idps.lines().findFirst().orElseThrow())
                        .toArray(String[]::new));
        assertThat(Dashboard.loggedIn()
                        .get("/api/studies/SPN01/idps.tsv?pipeline=nosuch")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void aNewerRunWithoutNumbersTakesTheNumbersOfTheOneBeforeOutOfTheTrends() {
        // Given
        EventFixtures fixtures = EventFixtures.of("MEA_E02", "SPN01_CMH_0778_01_01");
        PipelineUpdated with = PipelineUpdatedBuilder.builder(fixtures.run(PipelineUpdated.State.SUCCEEDED))
                .outputs(List.of())
                .measures(Optional.of(List.of(new ToolMeasure("volume", "brain", "ml", 1777.25))))
                .build();
        PipelineUpdated without = PipelineUpdatedBuilder.builder(with)
                .runKey("0" + with.runKey().substring(1))
                .measures(Optional.empty())
                .build();
        String all = "/api/studies/SPN01/metrics.csv";
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, fixtures.name()));
            publisher.publish("pipeline", T.plusSeconds(10), with);
            Dashboard.awaitSession(fixtures, p -> p.text().contains("1 number "));
            assertThat(Dashboard.loggedIn().get(all).asString()).contains("1777.25");

            // When
            publisher.publish("pipeline", T.plusSeconds(20), without);
            Dashboard.awaitSession(
                    fixtures, p -> p.select("th:contains(brain-volume)").size() == 2);
        }

        // Then
        assertThat(Dashboard.loggedIn().get(all).asString()).doesNotContain("1777.25");
        assertThat(Dashboard.loggedIn().get("/api/studies/SPN01/measures.tsv").asString())
                .doesNotContain("1777.25");
    }

    @Test
    void theNumbersOfARunThatNoLongerStandsAreInDoubt() {
        // Given
        EventFixtures fixtures = EventFixtures.of("MEA_E03", "SPN01_CMH_0779_01_01");
        PipelineUpdated done = PipelineUpdatedBuilder.builder(fixtures.run(PipelineUpdated.State.SUCCEEDED))
                .outputs(List.of())
                .measures(Optional.of(List.of(new ToolMeasure("volume", "brain", "ml", 1888.25))))
                .build();
        PipelineUpdated waits = PipelineUpdatedBuilder.builder(fixtures.run(PipelineUpdated.State.WAITING))
                .runKey("-")
                .outputs(List.of())
                .reason(Optional.of(Reason.of("blacklisted", "An image was refused")))
                .build();
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, fixtures.name()));
            publisher.publish("pipeline", T.plusSeconds(10), done);
            String trend = Dashboard.awaitSession(fixtures, p -> p.text().contains("1 number "))
                    .select("details a[href^=/metrics]")
                    .attr("href");
            assertThat(row(trend, fixtures)).endsWith("good");

            // When
            publisher.publish("pipeline", T.plusSeconds(20), waits);
            Dashboard.awaitSession(fixtures, p -> p.text().contains("An image was refused"));

            // Then
            assertThat(row(trend, fixtures)).endsWith("doubtful");
        }
        assertThat(Dashboard.loggedIn()
                        .get("/api/studies/SPN01/measures.tsv")
                        .asString()
                        .lines()
                        .filter(line -> line.contains(fixtures.name())))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("\twaiting\tblacklisted\tvolume\tbrain\tml\t1888.25"));
    }

    private static String row(String trend, EventFixtures fixtures) {
        return Dashboard.page(trend)
                .select("tr:contains(" + fixtures.name() + ")")
                .text();
    }

    private static QcComplete withFiles(QcComplete r, Instant finished, FileRef... files) {
        return QcCompleteBuilder.builder(r)
                .pictures(List.of())
                .files(List.of(files))
                .runKey(r.runKey().substring(1) + files.length)
                .finished(finished)
                .build();
    }

    private static PipelineUpdated run(
            EventFixtures fixtures, int attempt, PipelineUpdated.State state, List<FileRef> outputs) {
        PipelineUpdated any = fixtures.run(state);
        return PipelineUpdatedBuilder.builder(any)
                .attempt(attempt)
                .state(state)
                .outputs(outputs)
                .build();
    }

    private FileRef published(EventFixtures fixtures, String content) throws IOException {
        FileRef file = write(fixtures, FileRole.NIFTI, ".nii.gz", content);
        publish(fixtures, file);
        return file;
    }

    private FileRef write(EventFixtures fixtures, FileRole role, String ending, String content) throws IOException {
        String path = "SPN01/nii/" + fixtures.name() + "/" + fixtures.stem("3", "T1") + ending;
        return archive.write(role, path, content.getBytes(StandardCharsets.UTF_8));
    }

    private static void publish(EventFixtures fixtures, FileRef... files) {
        try (FixturePublisher publisher = new FixturePublisher(KafkaAndPostgres.bootstrapServers())) {
            publisher.publish("ingest", T, fixtures.discovered(1, fixtures.name()));
            publisher.publish("ingest", T, fixtures.series("3", 1, "Sag T1"));
            publisher.publish("tagging", T.plusSeconds(1), fixtures.tagged("3", 1, "T1", "Sag T1"));
            publisher.publish("export", T.plusSeconds(5), fixtures.exported("3", 1, "T1", List.of(files)));
        }
        Dashboard.awaitEvents(fixtures, 4);
    }

    /** Other bytes in the file, with an old modification time. */
    private void change(FileRef file, String content) throws IOException {
        Path path = archive.resolve(file.path());
        Files.writeString(path, content);
        old(path);
    }

    private static void old(Path path) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(Duration.ofDays(3))));
    }

    private static List<String> failures(EventFixtures fixtures) {
        return Dashboard.page(Dashboard.pathOf(fixtures)).select(".f-PERMANENT").eachText();
    }

    private static Response get(FileRef file, String sha256) {
        return Dashboard.loggedIn().get("/files/" + file.path() + (sha256.isEmpty() ? "" : "?sha256=" + sha256));
    }

    private static Response getUnless(FileRef file, String etag) {
        return Dashboard.loggedIn().header("If-None-Match", '"' + etag + '"').get("/files/" + file.path());
    }
}
