package org.datman.qc.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionRef;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.platform.testkit.WithEvents;
import org.datman.qc.Images;
import org.datman.qc.RedoAll;
import org.datman.qc.state.QcState;
import org.datman.qc.trend.Trends;
import org.junit.jupiter.api.Test;

/** Workers share nothing but database and archive, whether in one process or in two. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class SharedWorkTest extends WithEvents {

    @Inject
    Archive archive;

    @Inject
    QcState state;

    @Inject
    Trends trends;

    @Inject
    RedoResults redo;

    @Inject
    MeasureSeries measure;

    @Inject
    EntityManager entities;

    @Test
    void twoThatMeasureAgainTakeEachImageOnce() throws Exception {
        // Given four images of older definitions
        List<QcComplete> old = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            QcComplete now = measured(exported("shared" + n));
            QcComplete older = Images.ofOlderDefinitions(now);
            old.add(older);
            QuarkusTransaction.requiringNew().run(() -> {
                state.store(older);
                entities.createNativeQuery("update qc_result set definitions = 'older' where session = ?1")
                        .setParameter(1, older.session().identity())
                        .executeUpdate();
            });
        }

        // When
        together(this::redoAll, this::redoAll);

        // Then each has the first result and one more
        events.publish(exported("afterShared"));
        for (QcComplete one : old) {
            List<Envelope<QcComplete>> sent =
                    events.awaitAll(QcComplete.class, event -> event.session().equals(one.session()), 2);
            assertThat(sent).hasSize(2);
            assertThat(sent.get(1).event().files())
                    .extracting(file -> file.role().key())
                    .containsOnlyOnce("earlier-metrics", "metrics", "report");
        }
    }

    @Test
    void twoThatMeasureTheSameImageAtOnceLeaveWhatOneWould() throws Exception {
        // Given an image, and what one worker made of it
        SeriesExported exported = exported("atOnce");
        QcComplete alone = measured(exported);
        Map<Path, String> files = files(alone);
        Envelope<SeriesExported> cause = Envelope.first(exported, "test", exported.finished());

        // When two do it at once, as after a partition went to another worker
        together(() -> again(cause, exported), () -> again(cause, exported));

        // Then they published the same fact under the same id, and the archive holds the same bytes and no more
        List<Envelope<QcComplete>> sent =
                events.awaitAll(QcComplete.class, event -> event.session().equals(alone.session()), 3);
        assertThat(sent).extracting(Envelope::id).containsOnly(sent.get(0).id());
        assertThat(sent).extracting(one -> one.event().metrics()).containsOnly(alone.metrics());
        assertThat(sent).extracting(one -> one.event().files()).containsOnly(alone.files());
        assertThat(files(alone)).isEqualTo(files);
    }

    @Test
    void twoProcessesThatMeasureAnImageForTheFirstTimeAtOnceBothStoreIt() throws Exception {
        // Given an image without a result, and another process that stores its first one in a transaction that is still
        // open
        SeriesExported exported = exported("firstAtOnce");
        QcComplete first = measured(exported);
        Envelope<SeriesExported> cause = Envelope.first(exported, "test", exported.finished());
        QuarkusTransaction.requiringNew()
                .run(() -> entities.createNativeQuery("delete from qc_result where session = ?1")
                        .setParameter(1, first.session().identity())
                        .executeUpdate());
        CompletableFuture<Void> second = QuarkusTransaction.requiringNew().call(() -> {
            trends.lock(first.session());
            state.store(first);
            entities.flush();

            // When
            CompletableFuture<Void> beside = CompletableFuture.runAsync(() -> again(cause, exported));
            await().pollInSameThread()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> entities.createNativeQuery("select 1 from pg_locks where not granted"
                                            + " and locktype in ('advisory', 'transactionid')")
                                    .getResultList()
                                    .size()
                            > 0);
            return beside;
        });

        // Then
        assertThat(second).succeedsWithin(Duration.ofSeconds(60));
        assertThat(QuarkusTransaction.requiringNew()
                        .call(() -> state.result(first.session(), first.scan(), first.stem())))
                .isPresent();
    }

    private void redoAll() {
        try {
            RedoAll.of(redo);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void again(Envelope<SeriesExported> cause, SeriesExported exported) {
        try {
            measure.measureOne(cause, exported, exported.products().get(0).stem());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void together(Runnable one, Runnable other) {
        CompletableFuture<Void> beside = CompletableFuture.runAsync(one);
        other.run();
        beside.join();
    }

    private Map<Path, String> files(QcComplete result) throws Exception {
        Path folder = archive.resolve(result.files().get(0).path()).getParent();
        Map<Path, String> digests = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) {
                digests.put(file, Archive.sha256(file));
            }
        }
        return digests;
    }

    private SeriesExported exported(String name) throws Exception {
        SessionRef session = new SessionRef("test", "E" + UUID.randomUUID());
        return Images.exported(session, "3", 1, Images.run(archive, name, 12), "SHR", "2026-01-02");
    }

    private QcComplete measured(SeriesExported exported) {
        events.publish(exported);
        return events.await(QcComplete.class, event -> event.session().equals(exported.session()))
                .event();
    }
}
