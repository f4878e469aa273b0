package org.datman.qc.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Product;
import org.datman.contracts.event.SeriesExportedBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.platform.testkit.WithEvents;
import org.datman.qc.Images;
import org.junit.jupiter.api.Test;

/** Pictures and numbers are kept in the archive no longer than their image. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
class OldResultsTest extends WithEvents {

    @Inject
    Archive archive;

    private final SessionRef session = new SessionRef("test", "E" + UUID.randomUUID());

    @Test
    void allFilesOfAResultGoWithTheImage() throws Exception {
        // Given
        QcComplete result = measured("3", 1, Images.run(archive, "goesWithItsImage", 12));
        assertThat(result.files()).allMatch(file -> Files.exists(archive.resolve(file.path())));

        // When
        events.publish(withdrawn("3", 2));

        // Then
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(result.files())
                .noneMatch(file -> Files.exists(archive.resolve(file.path()))));
        assertThat(Files.exists(archive.resolve(result.files().get(0).path()).getParent()))
                .isFalse();
        List<Path> kept = withdrawnFiles(session);
        assertThat(kept).hasSize(1);
        for (FileRef file : result.files()) {
            assertThat(Archive.sha256(kept.get(0).getParent().resolve(file.path())))
                    .isEqualTo(file.sha256());
        }
        assertThat(Files.readString(kept.get(0))).contains("The session was deleted");
    }

    @Test
    void whatTheNewResultOfAnImageHasNotGoesToo() throws Exception {
        // Given a run whose pictures a single volume has not
        QcComplete run = measured("3", 1, Images.run(archive, "becomesShorter", 12));

        // When
        QcComplete single = measured("3", 2, Images.run(archive, "becomesShorter", 1));

        // Then
        List<String> now = single.files().stream().map(FileRef::path).toList();
        List<String> old = run.files().stream()
                .map(FileRef::path)
                .filter(path -> !now.contains(path))
                .toList();
        assertThat(old).anyMatch(path -> path.endsWith("tsnr.png"));
        assertThat(old).noneMatch(path -> Files.exists(archive.resolve(path)));
        assertThat(now).allMatch(path -> Files.exists(archive.resolve(path)));
    }

    @Test
    void anImageThatBecameThatOfAnotherSeriesKeepsItsFiles() throws Exception {
        // Given one image that first came from series 3 and then from series 4
        Product image = Images.run(archive, "changesItsSeries", 12);
        measured("3", 1, image);
        QcComplete other = measured("4", 1, image);

        // When
        events.publish(withdrawn("3", 2));
        QcComplete next = measured("5", 1, Images.run(archive, "comesBehind", 12));

        // Then: the export of series 5 came behind the withdrawal
        assertThat(next.scan()).isEqualTo("5");
        assertThat(other.files()).allMatch(file -> Files.exists(archive.resolve(file.path())));
    }

    private QcComplete measured(String scan, long revision, Product image) throws Exception {
        events.publish(Images.exported(session, scan, revision, image, "CMH", "2026-01-02"));
        String bytes = image.file(FileRole.NIFTI).orElseThrow().sha256();
        return events.await(
                        QcComplete.class,
                        event -> event.session().equals(session)
                                && event.scan().equals(scan)
                                && event.inputSha256().equals(bytes))
                .event();
    }

    private SeriesExported withdrawn(String scan, long revision) {
        return SeriesExportedBuilder.builder()
                .session(session)
                .seriesRevision(2)
                .exportRevision(revision)
                .outcome(SeriesExported.Outcome.WITHDRAWN)
                .study("QCT")
                .site("CMH")
                .sessionName(Images.SESSION)
                .phantom(false)
                .scan(scan)
                .products(List.of())
                .runKey("run")
                .configRevision("config")
                .started(Instant.EPOCH)
                .finished(Instant.EPOCH)
                .seriesNumber(Optional.of(3L))
                .date(Optional.of(LocalDate.parse("2026-01-02")))
                .reason(Optional.of(Reason.of("session-deleted", "The session was deleted")))
                .build();
    }

    /** The notes beside withdrawn files of a session. */
    private List<Path> withdrawnFiles(SessionRef of) throws IOException {
        try (Stream<Path> all = Files.walk(archive.resolve(".datman/withdrawn"))) {
            return all.filter(file -> file.endsWith("withdrawn.json"))
                    .filter(file -> {
                        try {
                            return Files.readString(file).contains(of.accession());
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .toList();
        }
    }
}
