package org.datman.qc.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ReprocessRequestedBuilder;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SessionRef;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.platform.testkit.WithEvents;
import org.datman.qc.Images;
import org.datman.qc.RedoAll;
import org.datman.qc.state.QcState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A series that cannot be measured is reported with what to do, and the next one is measured by the same process. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class BadSeriesTest extends WithEvents {

    private static final String LIMIT = "datman.qc.longest-measurement";

    @Inject
    Archive archive;

    @Inject
    QcState state;

    @Inject
    RedoResults redo;

    @Inject
    EntityManager entities;

    private final SessionRef session = new SessionRef("test", "E" + UUID.randomUUID());

    @AfterEach
    void removeLimit() {
        System.clearProperty(LIMIT);
    }

    @Test
    void aSeriesThatTakesTooLongIsGivenUp() throws Exception {
        // Given
        System.setProperty(LIMIT, "PT0.001S");
        SeriesExported slow = exported("3", Images.run(archive, "takesTooLong", 12));

        // When
        Envelope<SeriesExported> cause = events.publish(slow);

        // Then
        ProcessingFailed failed = failure("3");
        assertThat(failed.stage()).isEqualTo("measure");
        assertThat(failed.kind()).isEqualTo(ProcessingFailed.Kind.PERMANENT);
        assertThat(failed.cause()).contains(cause.id().toString());
        assertThat(failed.reason().code()).isEqualTo("measured-too-long");
        assertThat(failed.reason().action()).contains(LIMIT);
        System.clearProperty(LIMIT);
        events.publish(exported("4", Images.run(archive, "afterTakesTooLong", 12)));
        assertThat(result("4").verdict().level()).isNotEqualTo(QcComplete.Level.ERROR);
    }

    @Test
    void anImageTooLargeForTheMemoryIsReportedAndTheNextIsMeasured() throws Exception {
        // Given 262 million voxels, of which as many are there as take the memory
        Path file = Images.place(archive, "tooLarge", ".nii.gz");
        hugeImage(file, 640, 640, 640, 140_000_000);
        SeriesExported.Product huge = Images.product(archive, "tooLarge", "anat", List.of(640, 640, 640), file);

        // When
        events.publish(exported("3", huge));
        events.publish(exported("4", Images.run(archive, "afterTooLarge", 12)));

        // Then
        ProcessingFailed failed = failure("3");
        assertThat(failed.reason().code()).isEqualTo("not-enough-memory");
        assertThat(failed.reason().action()).contains("DATMAN_QC_HEAP");
        assertThat(result("4").verdict().level()).isNotEqualTo(QcComplete.Level.ERROR);
        Files.delete(file);
    }

    @Test
    void anImageThatCostThreeWorkersIsNotBegunAgain() throws Exception {
        // Given a worker that was killed three times at this image
        SeriesExported.Product run = Images.run(archive, "costsWorkers", 12);
        for (int n = 0; n < 3; n++) {
            QuarkusTransaction.requiringNew().run(() -> state.begin(session, "3", run.stem()));
        }

        // When
        events.publish(exported("3", run));

        // Then
        ProcessingFailed failed = failure("3");
        assertThat(failed.reason().code()).isEqualTo("worker-ended");
        // On a person's request it is measured.
        events.publish(exported("3", run));
        assertThat(result("3").stem()).isEqualTo(run.stem());
    }

    @Test
    void anImageThatCannotBeMeasuredAgainIsReportedOnceAndItsOldResultIsKept() throws Exception {
        // Given a result by older definitions, and an image that was damaged since
        SeriesExported.Product run = Images.run(archive, "damagedSince", 12);
        events.publish(exported("3", run));
        QcComplete old = result("3");
        FileRef metrics = old.files().stream()
                .filter(file -> file.role() == FileRole.METRICS)
                .findFirst()
                .orElseThrow();
        QcComplete older = Images.ofOlderDefinitions(old);
        QuarkusTransaction.requiringNew().run(() -> {
            state.store(older);
            entities.createNativeQuery("update qc_result set definitions = 'older' where session = ?1")
                    .setParameter(1, session.identity())
                    .executeUpdate();
        });
        Files.write(archive.resolve(run.file(FileRole.NIFTI).orElseThrow().path()), new byte[100]);

        // When
        RedoAll.of(redo);
        RedoAll.of(redo);

        // Then
        ProcessingFailed failed = failure("3");
        assertThat(failed.stage()).isEqualTo("remeasure");
        assertThat(failed.reason().message())
                .contains(run.stem(), "its old result is kept", "no longer as it was exported");
        assertThat(failed.reason().action()).contains("Reconvert");
        assertThat(QuarkusTransaction.requiringNew().call(() -> state.result(session, "3", run.stem())))
                .contains(older);
        assertThat(Archive.sha256(archive.resolve(metrics.path()))).isEqualTo(metrics.sha256());
        events.publish(exported("4", Images.run(archive, "afterDamagedSince", 12)));
        result("4");
        assertThat(events.all(ProcessingFailed.class))
                .filteredOn(one -> one.event().session().equals(Optional.of(session)))
                .hasSize(1);
    }

    @Test
    void aFileThatIsNotAsItWasExportedIsReportedAndItsImageMeasuredOnceItIsMadeAgain() throws Exception {
        // Given an image that was changed before it was measured
        SeriesExported.Product run = Images.run(archive, "changedBefore", 12);
        Path nifti = archive.resolve(run.file(FileRole.NIFTI).orElseThrow().path());
        byte[] whole = Files.readAllBytes(nifti);
        Files.write(nifti, new byte[100]);
        SeriesExported exported = exported("3", run);
        events.publish(exported);
        ProcessingFailed failed = failure("3");

        // When it is written again as it was, so that the same event is published again
        Files.write(nifti, whole);
        events.publish(exported);

        // Then
        assertThat(failed.reason().code()).isEqualTo("files-changed");
        assertThat(failed.reason().message()).contains(run.stem(), "no longer as it was exported");
        assertThat(failed.reason().action()).contains("Reconvert");
        assertThat(result("3").verdict().level()).isNotEqualTo(QcComplete.Level.ERROR);
        assertThat(events.all(QcComplete.class))
                .filteredOn(one -> one.event().session().equals(session))
                .hasSize(1);
    }

    @Test
    void theResultOnAFileThatWasChangedSinceIsKeptAndIsPublishedAgainOnceItIsMadeAgain() throws Exception {
        // Given a result, an image that was changed since, and a request to measure it again
        SeriesExported.Product run = Images.run(archive, "changedSince", 12);
        Path nifti = archive.resolve(run.file(FileRole.NIFTI).orElseThrow().path());
        byte[] whole = Files.readAllBytes(nifti);
        SeriesExported exported = exported("3", run);
        events.publish(exported);
        QcComplete before = result("3");
        Files.write(nifti, new byte[100]);
        events.publish(ReprocessRequestedBuilder.builder()
                .session(session)
                .stage(ReprocessRequested.Stage.QC)
                .requestId(UUID.randomUUID().toString())
                .requestedBy("m.manager")
                .time(Instant.EPOCH)
                .scan(Optional.of("3"))
                .build());
        ProcessingFailed failed = failure("3");

        // When
        Files.write(nifti, whole);
        events.publish(exported);

        // Then
        List<Envelope<QcComplete>> sent =
                events.awaitAll(QcComplete.class, event -> event.session().equals(session), 2);
        assertThat(failed.reason().code()).isEqualTo("files-changed");
        assertThat(sent).extracting(Envelope::event).containsOnly(before);
    }

    /** A NIfTI-1 of some 8-bit noise and many zeros that ends after {@code there} voxels. */
    private static void hugeImage(Path file, int nx, int ny, int nz, int there) throws Exception {
        ByteBuffer header = ByteBuffer.allocate(352).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0, 348);
        short[] dims = {3, (short) nx, (short) ny, (short) nz, 1, 1, 1, 1};
        for (int d = 0; d < dims.length; d++) {
            header.putShort(40 + 2 * d, dims[d]);
            header.putFloat(76 + 4 * d, 1);
        }
        header.putShort(70, (short) 2).putShort(72, (short) 8);
        header.putFloat(108, 352).putFloat(112, 1);
        header.put(344, (byte) 'n').put(345, (byte) '+').put(346, (byte) '1');
        byte[] zeros = new byte[1 << 20];
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file), 1 << 16)) {
            out.write(header.array());
            byte[] noise = new byte[1 << 20];
            new Random(1).nextBytes(noise);
            out.write(noise);
            for (int written = 0; written < there; written += zeros.length) {
                out.write(zeros);
            }
        }
    }

    private SeriesExported exported(String scan, SeriesExported.Product product) {
        return Images.exported(session, scan, 1, product, "CMH", "2026-01-02");
    }

    private ProcessingFailed failure(String scan) {
        List<Envelope<ProcessingFailed>> failures = events.awaitAll(
                ProcessingFailed.class,
                event -> event.session().equals(Optional.of(session))
                        && event.scan().equals(Optional.of(scan)),
                1);
        assertThat(failures).hasSize(1);
        return failures.get(0).event();
    }

    private QcComplete result(String scan) {
        return events.await(
                        QcComplete.class,
                        event -> event.session().equals(session) && event.scan().equals(scan))
                .event();
    }
}
