package org.datman.qc.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.GoldStandardSetBuilder;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ReprocessRequestedBuilder;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Product;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.platform.archive.Archive;
import org.datman.platform.lease.Claim;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.platform.testkit.WithEvents;
import org.datman.plots.report.Compared;
import org.datman.plots.report.ReportJson;
import org.datman.qc.Images;
import org.datman.qc.RedoAll;
import org.datman.qc.state.QcState;
import org.datman.qc.state.ResultsToRedo;
import org.datman.qc.state.ToRedo;
import org.junit.jupiter.api.Test;

/** Results that are outdated by newer definitions or another gold standard are recomputed, and a failure of one does not stop the others. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class RedoResultsTest extends WithEvents {

    @Inject
    Archive archive;

    @Inject
    RedoResults redo;

    @Inject
    ResultsToRedo results;

    @Inject
    MeasureSeries measure;

    @Inject
    Measurer measurer;

    @Inject
    QcState state;

    @Inject
    EntityManager entities;

    @Test
    void resultsOfBeforeAreJudgedByTheStandardAndNotMeasuredAgain() throws Exception {
        // Given two images, one of a day on which the standard does not hold yet, and one that will be the standard
        QcComplete early = measured("judgedTooEarly", "2031-01-31", 70);
        QcComplete other = measured("judgedAnew", "2031-03-01", 70);
        QcComplete gold = measured("theGoldStandard", "2031-04-01", 90);
        FileRef sidecar = archive.describe(FileRole.SIDECAR, Images.place(archive, "theGoldStandard", ".json"));

        // When
        events.publish(GoldStandardSetBuilder.builder()
                .study("QCT")
                .site("CMH")
                .tag("RST")
                .validFrom(LocalDate.of(2031, 2, 1))
                .session(gold.session())
                .stem(gold.stem())
                .sidecar(sidecar)
                .setBy("rater")
                .time(Instant.EPOCH)
                .build());

        // Then
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            RedoAll.of(redo);
            assertThat(resultsAfter(other)).isNotEmpty();
        });
        List<QcComplete> evaluated = resultsAfter(other);
        assertThat(evaluated).singleElement().satisfies(result -> {
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
        QcComplete result = evaluated.get(0);
        for (FileRef file : result.files()) {
            assertThat(Archive.sha256(archive.resolve(file.path()))).isEqualTo(file.sha256());
        }
        assertThat(ReportJson.read(Files.readAllBytes(archive.resolve(result.files().stream()
                                .filter(file -> file.role() == FileRole.METRICS)
                                .findFirst()
                                .orElseThrow()
                                .path())))
                        .verdict()
                        .reasons())
                .isEqualTo(result.verdict().reasons());
        // A measurement would have kept the numbers of before beside its own.
        assertThat(result.files()).extracting(file -> file.role().key()).doesNotContain("earlier-metrics");
        assertThat(row(other, "judge_again")).isEqualTo(0L);
        assertThat(row(early, "judge_again")).isEqualTo(0L);
        assertThat(resultsAfter(early)).isEmpty();
    }

    @Test
    void whatWaitedForAnOutageIsDoneByTheNextRun() throws Exception {
        // Given two results of older definitions, and an archive that is unavailable
        List<QcComplete> old = List.of(
                older(measured("outageOne", "RA", "2026-01-02", 70)),
                older(measured("outageTwo", "RA", "2026-01-02", 70)));
        Path mark = archive.root().resolve(".datman/archive.txt");
        Path away = mark.resolveSibling("away");
        Files.move(mark, away);
        try {
            run();
        } finally {
            Files.move(away, mark);
        }
        for (QcComplete one : old) {
            assertThat(row(one, "lease_owner")).isNull();
            assertThat(row(one, "definitions")).isEqualTo("older");
        }

        // When
        run();

        // Then
        for (QcComplete one : old) {
            assertThat(awaitAfter(one).metrics())
                    .extracting(QcComplete.Metric::version)
                    .doesNotContain("0");
            assertThat(row(one, "lease_owner")).isNull();
            assertThat(row(one, "definitions")).isEqualTo(MetricCatalogue.revision());
        }
    }

    @Test
    void anOutdatedResultWithANewGoldStandardIsMeasuredByNewDefinitionsAndJudgedByIt() throws Exception {
        // Given
        QcComplete old = older(measured("outdatedAndJudged", "RA", "2027-03-01", 70));
        QcComplete gold = measured("goldOfOutdated", "RA", "2027-04-01", 90);
        setGold(gold, "2027-02-01");
        awaitMarked(old);

        // When
        run();

        // Then
        QcComplete result = awaitAfter(old);
        assertThat(result.metrics()).extracting(QcComplete.Metric::version).doesNotContain("0");
        assertThat(result.headerComparison().orElseThrow()).contains("goldOfOutdated");
        assertThat(resultsAfter(old)).hasSize(1);
        assertThat(row(old, "judge_again")).isEqualTo(0L);
        assertThat(row(old, "definitions")).isEqualTo(MetricCatalogue.revision());
        assertThat(row(old, "lease_owner")).isNull();
    }

    @Test
    void aStoredResultThatCannotBeReadIsReportedOnceAndTheOthersGoOn() throws Exception {
        // Given
        QcComplete unreadable = older(measured("unreadable", "RB", "2026-01-02", 70));
        QcComplete other = older(measured("besideUnreadable", "RB", "2026-01-02", 70));
        update(unreadable, "event = '{\"no\": \"result\"}', judge_again = 1");

        // When
        run();
        run();

        // Then
        assertThat(awaitAfter(other).metrics())
                .extracting(QcComplete.Metric::version)
                .doesNotContain("0");
        ProcessingFailed failed = events.await(
                        ProcessingFailed.class, event -> event.session().equals(Optional.of(unreadable.session())))
                .event();
        assertThat(failed.stage()).isEqualTo("remeasure");
        assertThat(failed.reason().code()).isEqualTo("stored-result-unreadable");
        assertThat(failed.reason().message()).contains(unreadable.stem());
        assertThat(events.all(ProcessingFailed.class))
                .filteredOn(one -> one.event().session().equals(Optional.of(unreadable.session())))
                .hasSize(1);
        assertThat(row(unreadable, "judge_again")).isEqualTo(0L);
        // And what it advises helps.
        events.publish(rerun(unreadable.session(), Optional.empty()));
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat((String) row(unreadable, "event"))
                .contains(unreadable.stem()));
    }

    @Test
    void aResultWhoseExportCannotBeReadIsReportedWithWhatHelps() throws Exception {
        // Given
        QcComplete old = older(measured("exportUnreadable", "RB", "2026-01-02", 70));
        QuarkusTransaction.requiringNew().run(() -> entities.createNativeQuery(
                        "update latest_event set payload = '{}' where topic = 'series-exported' and session = ?1")
                .setParameter(1, old.session().identity())
                .executeUpdate());

        // When
        run();

        // Then
        ProcessingFailed failed = events.await(
                        ProcessingFailed.class, event -> event.session().equals(Optional.of(old.session())))
                .event();
        assertThat(failed.reason().code()).isEqualTo("stored-export-unreadable");
        assertThat(failed.reason().action()).contains("Reconvert");
        assertThat(row(old, "lease_owner")).isNull();
        // And its recommended action helps: the series is exported again.
        Product exportedAgain = Images.run(archive, "exportUnreadableAnew", 12);
        events.publish(Images.exported(old.session(), "3", 2, exportedAgain, "RB", "2026-01-02"));
        events.await(QcComplete.class, event -> event.stem().equals(exportedAgain.stem()));
    }

    @Test
    void whileItIsBeingDoneNoOtherWorkerHasIt() throws Exception {
        // Given one that is to be done again and no other
        run();
        QcComplete old = older(measured("claimed", "RB", "2026-01-02", 70));
        Claim<ToRedo> claim = results.claim(MetricCatalogue.revision()).orElseThrow();
        assertThat(claim.work().stem()).isEqualTo(old.stem());

        // When
        Optional<Claim<ToRedo>> other = results.claim(MetricCatalogue.revision());

        // Then
        assertThat(other).isEmpty();
        claim.close();
        assertThat(row(old, "lease_owner")).isNull();
        run();
    }

    @Test
    void anImageWithoutAReadableHeaderIsJudgedToo() throws Exception {
        // Given
        SessionRef session = new SessionRef("test", "E" + UUID.randomUUID());
        events.publish(Images.exported(session, "3", 1, Images.run(archive, "withoutHeader", 12), "RC", "2026-03-01"));
        QcComplete bare = events.await(
                        QcComplete.class, event -> event.session().equals(session))
                .event();
        QcComplete gold = measured("goldOfBare", "RC", "2026-04-01", 90);

        // When
        setGold(gold, "2026-02-01");

        // Then
        awaitMarked(bare);
    }

    @Test
    void aResultComparedWithAnotherGoldStandardIsMeasuredAgainstTheNewOne() throws Exception {
        // Given
        QcComplete first = measured("firstGold", "RD", "2026-01-01", 90);
        setGold(first, "2026-02-01");
        await().atMost(Duration.ofSeconds(60)).until(() -> QuarkusTransaction.requiringNew()
                .call(() -> state.goldStandard("QCT", "RD", "RST", LocalDate.parse("2026-02-01")))
                .isPresent());
        QcComplete image = measured("comparedWithFirst", "RD", "2026-03-01", 70);
        assertThat(golds(image)).containsExactly(first.stem());
        QcComplete second = measured("secondGold", "RD", "2026-04-01", 70);
        setGold(second, "2026-02-01");
        awaitMarked(image);

        // When
        run();

        // Then
        assertThat(golds(awaitAfter(image))).containsExactly(second.stem());
    }

    @Test
    void anImageThatCouldNotBeMeasuredHasItsHeaderComparedWithTheNewStandard() throws Exception {
        // Given
        SessionRef session = new SessionRef("test", "E" + UUID.randomUUID());
        FileRef broken = archive.write(
                FileRole.NIFTI,
                archive.relative(Images.place(archive, "brokenAndJudged", ".nii.gz")),
                "no image".getBytes(StandardCharsets.UTF_8));
        String stem = Images.stem("brokenAndJudged");
        Product product =
                new Product(stem, "RST", "bold", List.of(1, 1, 1, 1), List.of(broken, sidecar("brokenAndJudged", 70)));
        events.publish(Images.exported(session, "3", 1, product, "RE", "2026-03-01"));
        QcComplete error = events.await(
                        QcComplete.class, event -> event.session().equals(session))
                .event();
        assertThat(error.verdict().level()).isEqualTo(QcComplete.Level.ERROR);
        setGold(measured("goldOfBroken", "RE", "2026-04-01", 90), "2026-02-01");
        awaitMarked(error);

        // When
        run();

        // Then
        QcComplete result = awaitAfter(error);
        assertThat(result.verdict().level()).isEqualTo(QcComplete.Level.ERROR);
        assertThat(result.headerDifferences())
                .extracting(QcComplete.HeaderDifference::field)
                .contains("FlipAngle");
    }

    @Test
    void aResultOfAnOlderExportLeavesTheFilesOfTheNewerAlone() throws Exception {
        // Given an image that was measured after it was exported again, as another kind
        SessionRef session = new SessionRef("test", "E" + UUID.randomUUID());
        Product now = Images.run(archive, "exportedAnew", 12);
        Product before = new Product(now.stem(), now.tag(), "other", now.dimensions(), now.files());
        events.publish(Images.exported(session, "3", 2, now, "RA", "2026-01-02"));
        QcComplete result = events.await(
                        QcComplete.class, event -> event.session().equals(session))
                .event();
        SeriesExported older = Images.exported(session, "3", 1, before, "RA", "2026-01-02");

        // When a worker that was slow is done with the older export
        measure.measureOne(Envelope.first(older, "test", older.finished()), older, now.stem());

        // Then
        assertThat(measurer.filesAreWhole(result)).isTrue();
        assertThat(QuarkusTransaction.requiringNew().call(() -> state.result(session, "3", now.stem())))
                .contains(result);
    }

    @Test
    void whoAsksForAnImageThatIsNoMoreIsInformedWhatThereIs() throws Exception {
        // Given
        QcComplete there = measured("isThere", "RA", "2026-01-02", 70);

        // When
        events.publish(rerun(there.session(), Optional.of("wasThere")));

        // Then
        ProcessingFailed failed = events.await(
                        ProcessingFailed.class, event -> event.session().equals(Optional.of(there.session())))
                .event();
        assertThat(failed.reason().code()).isEqualTo("nothing-to-measure");
        assertThat(failed.reason().message()).contains("wasThere", there.stem());
        assertThat(failed.stage()).isEqualTo("remeasure");
    }

    /** Once nothing is measured any more: until then it does nothing. */
    private void run() throws InterruptedException {
        await().atMost(Duration.ofSeconds(60)).until(() -> !measure.busy());
        RedoAll.of(redo);
    }

    private ReprocessRequested rerun(SessionRef session, Optional<String> stem) {
        return ReprocessRequestedBuilder.builder()
                .session(session)
                .stage(ReprocessRequested.Stage.QC)
                .requestId("request")
                .requestedBy("rater")
                .time(Instant.EPOCH)
                .scan(Optional.of("3"))
                .stem(stem)
                .build();
    }

    private QcComplete older(QcComplete now) {
        QcComplete older = Images.ofOlderDefinitions(now);
        QuarkusTransaction.requiringNew().run(() -> state.store(older));
        update(older, "definitions = 'older'");
        return older;
    }

    private void update(QcComplete result, String what) {
        QuarkusTransaction.requiringNew()
                .run(() -> entities.createNativeQuery("update qc_result set " + what + " where session = ?1")
                        .setParameter(1, result.session().identity())
                        .executeUpdate());
    }

    private Object row(QcComplete result, String column) {
        return QuarkusTransaction.requiringNew()
                .call(() -> entities.createNativeQuery("select " + column + " from qc_result where session = ?1")
                        .setParameter(1, result.session().identity())
                        .getSingleResult());
    }

    private void awaitMarked(QcComplete result) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(row(result, "judge_again")).isEqualTo(1L));
    }

    private QcComplete awaitAfter(QcComplete first) {
        await().atMost(Duration.ofSeconds(60)).until(() -> !resultsAfter(first).isEmpty());
        return resultsAfter(first).get(resultsAfter(first).size() - 1);
    }

    private void setGold(QcComplete gold, String validFrom) throws Exception {
        String name = gold.stem().substring(gold.stem().lastIndexOf('_') + 1);
        events.publish(GoldStandardSetBuilder.builder()
                .study("QCT")
                .site(gold.site())
                .tag("RST")
                .validFrom(LocalDate.parse(validFrom))
                .session(gold.session())
                .stem(gold.stem())
                .sidecar(archive.describe(FileRole.SIDECAR, Images.place(archive, name, ".json")))
                .setBy("rater")
                .time(Instant.EPOCH)
                .build());
    }

    /** What a result was compared with as its gold standard. */
    private List<String> golds(QcComplete result) throws Exception {
        FileRef metrics = result.files().stream()
                .filter(file -> file.role() == FileRole.METRICS)
                .findFirst()
                .orElseThrow();
        return ReportJson.read(Files.readAllBytes(archive.resolve(metrics.path()))).comparedWith().stream()
                .filter(other -> other.role().equals(Compared.GOLD))
                .map(Compared::series)
                .toList();
    }

    /** What was published about an image after its first result. */
    private List<QcComplete> resultsAfter(QcComplete first) {
        return events.all(QcComplete.class).stream()
                .map(Envelope::event)
                .filter(event -> event.session().equals(first.session()))
                .filter(event -> !event.equals(first) && event.finished().isAfter(first.finished()))
                .toList();
    }

    private QcComplete measured(String name, String day, int flipAngle) throws Exception {
        return measured(name, "CMH", day, flipAngle);
    }

    private QcComplete measured(String name, String site, String day, int flipAngle) throws Exception {
        SessionRef session = new SessionRef("test", "E" + UUID.randomUUID());
        Product image = Images.run(archive, name, 12);
        List<FileRef> files = new ArrayList<>(image.files());
        files.add(sidecar(name, flipAngle));
        Product product = new Product(image.stem(), image.tag(), image.qcKind(), image.dimensions(), files);
        events.publish(Images.exported(session, "3", 1, product, site, day));
        return events.await(QcComplete.class, event -> event.session().equals(session))
                .event();
    }

    private FileRef sidecar(String name, int flipAngle) throws Exception {
        return archive.write(
                FileRole.SIDECAR,
                archive.relative(Images.place(archive, name, ".json")),
                ("{\"RepetitionTime\": 2, \"FlipAngle\": " + flipAngle + "}").getBytes(StandardCharsets.UTF_8));
    }
}
