package org.datman.qc.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.GoldStandardSet;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.SeriesExported.Product;
import org.datman.contracts.event.SessionRef;
import org.datman.metrics.model.ReportJson;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.qc.Images;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gold standard that a person sets judges what was measured before, too. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class JudgeAgainTest {

    @Inject
    Archive archive;

    @Inject
    JudgeAgain judgeAgain;

    private EventsOnKafka events;

    @BeforeEach
    void connect() {
        events = EventsOnKafka.ofTests();
    }

    @AfterEach
    void disconnect() {
        events.close();
    }

    @Test
    void resultsOfBeforeAreJudgedByTheStandardAndNotMeasuredAgain() throws Exception {
        // Given two images, one of a day on which the standard does not hold yet, and one that will be the standard
        QcComplete early = measured("judgedTooEarly", "2031-01-31", 70);
        QcComplete other = measured("judgedAnew", "2031-03-01", 70);
        QcComplete gold = measured("theGoldStandard", "2031-04-01", 90);
        FileRef sidecar = archive.describe("sidecar", Images.place(archive, "theGoldStandard", ".json"));

        // When
        events.say(new GoldStandardSet(
                "QCT",
                "CMH",
                "RST",
                LocalDate.of(2031, 2, 1),
                gold.session(),
                gold.stem(),
                sidecar,
                Optional.empty(),
                "rater",
                Instant.EPOCH));

        // Then
        List<QcComplete> anew = new ArrayList<>();
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            judgeAgain.run();
            assertThat(resultsAfter(other)).isNotEmpty();
        });
        anew.addAll(resultsAfter(other));
        assertThat(anew).singleElement().satisfies(result -> {
            assertThat(result.headerDifferences()).singleElement().satisfies(difference -> {
                assertThat(difference.field()).isEqualTo("FlipAngle");
                assertThat(difference.expected()).contains("90");
                assertThat(difference.actual()).contains("70");
                assertThat(difference.severity()).isEqualTo("flag");
            });
            assertThat(result.headerComparison().orElseThrow()).contains("theGoldStandard");
            assertThat(result.verdict().level()).isEqualTo(QcComplete.Level.FLAG);
            assertThat(result.verdict().reasons()).anyMatch(reason -> reason.startsWith("FlipAngle is 70"));
            assertThat(result.metrics()).isEqualTo(other.metrics());
            assertThat(result.flags()).isEqualTo(other.flags());
            assertThat(result.pictures()).isEqualTo(other.pictures());
            assertThat(result.runKey()).isNotEqualTo(other.runKey());
        });
        QcComplete result = anew.get(0);
        for (FileRef file : result.files()) {
            assertThat(Archive.sha256(archive.resolve(file.path()))).isEqualTo(file.sha256());
        }
        assertThat(ReportJson.read(java.nio.file.Files.readAllBytes(archive.resolve(result.files().stream()
                                .filter(file -> file.role().equals("metrics"))
                                .findFirst()
                                .orElseThrow()
                                .path())))
                        .verdict()
                        .reasons())
                .isEqualTo(result.verdict().reasons());
        assertThat(resultsAfter(early)).isEmpty();
    }

    /** What was said of an image after its first result. */
    private List<QcComplete> resultsAfter(QcComplete first) {
        return events.all(QcComplete.class).stream()
                .map(Envelope::event)
                .filter(event -> event.session().equals(first.session()))
                .filter(event -> !event.runKey().equals(first.runKey()))
                .toList();
    }

    private QcComplete measured(String name, String day, int flipAngle) throws Exception {
        SessionRef session = new SessionRef("test", "E" + UUID.randomUUID());
        Product image = Images.run(archive, name, 12);
        FileRef sidecar = archive.write(
                "sidecar",
                archive.relative(Images.place(archive, name, ".json")),
                ("{\"RepetitionTime\": 2, \"FlipAngle\": " + flipAngle + "}").getBytes(StandardCharsets.UTF_8));
        List<FileRef> files = new ArrayList<>(image.files());
        files.add(sidecar);
        Product product = new Product(image.stem(), image.tag(), image.qcKind(), image.dimensions(), files);
        events.say(Images.exported(session, "3", 1, product, "CMH", day));
        return events.await(QcComplete.class, event -> event.session().equals(session))
                .event();
    }
}
