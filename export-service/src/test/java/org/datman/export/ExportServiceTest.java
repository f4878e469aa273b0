package org.datman.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.archive.AdoptedFiles;
import org.datman.contracts.event.Envelope;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.ProcessingFailed;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ReprocessRequested;
import org.datman.contracts.event.ReprocessRequestedBuilder;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.ResourceDiscoveredBuilder;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesExported;
import org.datman.contracts.event.SeriesExported.Outcome;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTaggedAssignmentBuilder;
import org.datman.contracts.event.SeriesTaggedBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.export.claim.TakenName;
import org.datman.platform.archive.Archive;
import org.datman.platform.testkit.EventsOnKafka;
import org.datman.platform.testkit.KafkaAndPostgres;
import org.datman.simulator.archive.Resource;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.datman.simulator.fault.FaultRule;
import org.datman.simulator.http.RequestLog;
import org.datman.simulator.importer.LoadOptions;
import org.datman.xnat.FileListing;
import org.datman.xnat.ImageSource;
import org.datman.xnat.ResourceRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** End-to-end test of the service: real Kafka, an XNAT double, the real converter. */
@QuarkusTest
@QuarkusTestResource(KafkaAndPostgres.class)
@QuarkusTestResource(SimulatedXnat.class)
class ExportServiceTest {

    private static final byte[] LOG = "onset\n".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @Inject
    Archive archive;

    @Inject
    ImageSource xnat;

    private EventsOnKafka events;

    @BeforeEach
    void connect() {
        events = EventsOnKafka.ofTests();
    }

    @AfterEach
    void disconnect() {
        SimulatedXnat.simulator().faults().clear();
        events.close();
    }

    @Test
    void aTaggedSeriesIsAnsweredWithItsFiles() throws IOException {
        // Given
        SeriesTagged tagged = tagged(load("SPN01_CMH_0101_01_01", 3));

        // When
        Envelope<SeriesTagged> cause = events.publish(tagged);

        // Then
        Envelope<SeriesExported> exported = exported(tagged);
        assertThat(exported.event().outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(exported.causationId()).contains(cause.id().toString());
        FileRef nifti = exported.event().products().get(0).file(FileRole.NIFTI).orElseThrow();
        assertThat(nifti.path()).isEqualTo("SPN01/nii/SPN01_CMH_0101_01_01/SPN01_CMH_0101_01_01_T1_03_Sag-T1.nii.gz");
        assertThat(Archive.sha256(archive.resolve(nifti.path()))).isEqualTo(nifti.sha256());
    }

    @Test
    void anOutageOfXnatIsWaitedOut() throws IOException {
        // Given
        SeriesTagged tagged = tagged(load("SPN01_CMH_0102_01_01", 3));
        SimulatedXnat.simulator()
                .faults()
                .add(FaultRule.status(503).on("/files").times(8));

        // When
        events.publish(tagged);

        // Then
        assertThat(exported(tagged).event().outcome()).isEqualTo(Outcome.EXPORTED);
    }

    @Test
    void aRequestExportsAgain() throws IOException {
        // Given
        SeriesTagged tagged = tagged(load("SPN01_CMH_0103_01_01", 3));
        events.publish(tagged);
        FileRef nifti =
                exported(tagged).event().products().get(0).file(FileRole.NIFTI).orElseThrow();
        Files.delete(archive.resolve(nifti.path()));

        // When
        events.publish(ReprocessRequestedBuilder.builder()
                .session(tagged.session())
                .stage(ReprocessRequested.Stage.EXPORT)
                .requestId("request-1")
                .requestedBy("rater")
                .time(java.time.Instant.EPOCH)
                .build());

        // Then
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(archive.resolve(nifti.path())).exists());
        assertThat(Archive.sha256(archive.resolve(nifti.path()))).isEqualTo(nifti.sha256());
    }

    @Test
    void pairedDataLieInTheArchiveAsTheyWere() throws IOException {
        // Given
        Session session = load("SPN01_CMH_0104_01_01", 3);
        byte[] content = "onset\tduration\n".getBytes(StandardCharsets.UTF_8);
        Session with = SimulatedXnat.simulator().addResourceFile(session.id(), "behav", "run 1/log.tsv", content);
        ResourceDiscovered discovered = discovered(with, "SPN01_CMH_0104_01_01", content.length);

        // When
        events.publish(discovered);

        // Then
        ResourceExported exported = events.await(
                        ResourceExported.class, event -> event.session().equals(discovered.session()))
                .event();
        assertThat(exported.outcome()).isEqualTo(Outcome.EXPORTED);
        assertThat(exported.file().orElseThrow().path())
                .isEqualTo("SPN01/resources/SPN01_CMH_0104_01_01/behav/run 1/log.tsv");
        assertThat(archive.resolve(exported.file().orElseThrow().path())).hasBinaryContent(content);
    }

    @Test
    void pairedDataWithoutAPlaceAreSetAsideWithTheReason() throws IOException {
        // Given
        Session session = load("SPN01_CMH_0105_01_01", 3);
        Session with = SimulatedXnat.simulator().addResourceFile(session.id(), "behav", "log.tsv", new byte[] {1});

        // When
        events.publish(discovered(with, "nonsense", 1));

        // Then
        ProcessingFailed failed = events.await(ProcessingFailed.class, event -> event.session()
                        .equals(Optional.of(new SessionRef("xnat", session.id()))))
                .event();
        assertThat(failed.reason().code()).isEqualTo("label-not-in-grammar");
    }

    @Test
    void aSessionThatWasDeletedAndCreatedAgainIsExportedOnceItsNameIsFree() throws IOException {
        // Given a session and the one created again under its label, which is refused the names of the first
        Session first = SimulatedXnat.simulator()
                .addResourceFile(load("SPN01_CMH_0106_01_01", 3).id(), "behav", "log.tsv", LOG);
        SeriesTagged tagged = tagged(first);
        ResourceDiscovered log = discovered(first, first.label(), LOG.length);
        events.publish(tagged);
        events.publish(log);
        exported(tagged, Outcome.EXPORTED);
        exported(log, Outcome.EXPORTED);
        Session second = SimulatedXnat.simulator().archive().recreate(first.id());
        SeriesTagged taggedAgain = tagged(second);
        ResourceDiscovered logAgain = discovered(second, second.label(), LOG.length);
        events.publish(taggedAgain);
        events.publish(logAgain);
        Reason refused = exported(taggedAgain, Outcome.FAILED).reason().orElseThrow();
        Reason refusedLog = exported(logAgain, Outcome.FAILED).reason().orElseThrow();

        // When the deletion of the first is confirmed
        events.publish(SeriesTaggedBuilder.builder(tagged)
                .seriesRevision(2)
                .decision(SeriesTagged.Decision.REMOVED)
                .assignments(List.of())
                .reason(Reason.of("removed", "for the test"))
                .build());
        events.publish(log.with(gone -> gone.resourceRevision(2).removed(true)));

        // Then
        assertThat(List.of(refused.code(), refusedLog.code())).containsOnly("name-taken");
        FileRef nifti = exported(taggedAgain, Outcome.EXPORTED)
                .products()
                .get(0)
                .file(FileRole.NIFTI)
                .orElseThrow();
        FileRef logFile = exported(logAgain, Outcome.EXPORTED).file().orElseThrow();
        assertThat(archive.verify(nifti)).isEmpty();
        assertThat(archive.resolve(logFile.path())).hasBinaryContent(LOG);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(archive.resolve(".datman/name-taken"))
                .isEmptyDirectory());
    }

    @Test
    void whatIsExportedUnderAnotherNameDoesNotWaitForTheFirst() throws IOException {
        // Given a session that is refused the name of another
        SeriesTagged tagged = tagged(load("SPN01_CMH_0107_01_01", 3));
        events.publish(tagged);
        exported(tagged, Outcome.EXPORTED);
        SeriesTagged refused = tagged(
                SimulatedXnat.simulator().archive().recreate(tagged.session().accession()));
        events.publish(refused);
        exported(refused, Outcome.FAILED);

        // When it is renamed
        events.publish(SeriesTaggedBuilder.builder(refused)
                .configRevision("config-2")
                .sessionName(Optional.of("SPN01_CMH_0108_01_01"))
                .assignments(List.of(refused.assignments().get(0).withStem("SPN01_CMH_0108_01_01_T1_03_Sag-T1")))
                .build());

        // Then
        exported(refused, Outcome.EXPORTED);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(archive.resolve(".datman/name-taken"))
                .isEmptyDirectory());
        assertThat(archive.resolve("SPN01/nii/SPN01_CMH_0107_01_01/SPN01_CMH_0107_01_01_T1_03_Sag-T1.nii.gz"))
                .exists();
    }

    @Test
    void aRefusalThatCannotBeHandledIsAFailureAfterSomeRounds() throws IOException {
        // Given a stored refusal that no retry can handle
        Path stored = archive.resolve(".datman/name-taken/hostile.json");
        TakenName hostile =
                TakenName.ofFile(new SessionRef("xnat", "XNAT_E99"), "file", "../../outside", "correlation");
        Files.createDirectories(stored.getParent());

        // When
        Files.write(stored, EventJson.mapper().writeValueAsBytes(hostile));

        // Then
        ProcessingFailed failed = events.await(
                        ProcessingFailed.class, event -> event.session().equals(Optional.of(hostile.session())))
                .event();
        assertThat(failed.attempts()).isEqualTo(5);
        assertThat(failed.reason().code()).isEqualTo("unexpected-error");
        Files.delete(stored);
    }

    @Test
    void anAdoptedSessionThatArrivesIsNotDownloadedAndWhatDiffersIsSaid() throws IOException {
        // Given two series of an old archive: of one, a file is other than on XNAT
        Path same = TinySeries.write(folder.resolve("same"), 4, "Sag T1", 4, 1, 4);
        Path other = TinySeries.write(folder.resolve("other"), 5, "Sag T1", 4, 1, 5);
        Path now = TinySeries.write(folder.resolve("now"), 5, "Sag T1", 4, 1, 5);
        SeriesTagged adopted = ofUid(tagged(load("SPN01_CMH_0109_01_01", same)), "4");
        SeriesTagged differing = ofUid(tagged(load("SPN01_CMH_0110_01_01", now)), "5");
        Files.write(other.resolve("IM0002.dcm"), new byte[] {0}, StandardOpenOption.APPEND);
        adopt(adopted, same);
        adopt(differing, other);
        SimulatedXnat.simulator().requestLog().clear();

        // When they arrive, one of them twice
        events.publish(adopted);
        events.publish(adopted);
        events.publish(differing);

        // Then
        SeriesExported first = exported(adopted, Outcome.EXPORTED);
        SeriesExported second = exported(differing, Outcome.EXPORTED);
        assertThat(downloads(adopted)).isEmpty();
        assertThat(downloads(differing)).hasSize(1);
        assertThat(first.reason()).isEmpty();
        assertThat(second.reason().orElseThrow().code()).isEqualTo("adopted-differs");
        assertThat(second.reason().orElseThrow().message()).contains("1 files of this series", "are not so on XNAT");
        assertThat(archive.resolve("SPN01/nii/SPN01_CMH_0109_01_01").toFile().list())
                .containsExactlyInAnyOrder(
                        "SPN01_CMH_0109_01_01_T1_03_Sag-T1.nii.gz", "SPN01_CMH_0109_01_01_T1_03_Sag-T1.json");
        FileRef record = first.products().get(0).file(FileRole.PROVENANCE).orElseThrow();
        assertThat(archive.resolve(record.path())).content().contains("4 files were taken from 'same'");
    }

    private static SeriesTagged ofUid(SeriesTagged tagged, String uid) {
        return tagged.withUid(Optional.of("1.2.826.0.1.3680043.10.999.1." + uid));
    }

    /** What {@code ./datman adopt} lists of the files of a series. */
    private void adopt(SeriesTagged tagged, Path old) throws IOException {
        List<AdoptedFiles.Located> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(old)) {
            for (Path file : all) {
                byte[] bytes = Files.readAllBytes(file);
                files.add(new AdoptedFiles.Located(
                        old, file.getFileName().toString(), DigestUtils.md5Hex(bytes), bytes.length));
            }
        }
        AdoptedFiles.write(archive.root(), tagged.uid().orElseThrow(), old, files);
    }

    /** Requests for the content of files of a session. */
    private static List<RequestLog.Entry> downloads(SeriesTagged tagged) {
        return SimulatedXnat.simulator()
                .requestLog()
                .matching(tagged.session().accession() + "/.*(/files/|format=zip)");
    }

    private SeriesExported exported(SeriesTagged tagged, Outcome outcome) {
        return events.await(
                        SeriesExported.class,
                        event -> event.session().equals(tagged.session()) && event.outcome() == outcome)
                .event();
    }

    private ResourceExported exported(ResourceDiscovered discovered, Outcome outcome) {
        return events.await(
                        ResourceExported.class,
                        event -> event.session().equals(discovered.session()) && event.outcome() == outcome)
                .event();
    }

    private Session load(String label, int series) throws IOException {
        return load(label, TinySeries.write(folder.resolve("dicom"), series, "Sag T1", 4, 1, series));
    }

    private static Session load(String label, Path dicom) throws IOException {
        return SimulatedXnat.simulator()
                .addSession(
                        dicom,
                        LoadOptions.project("SPN01")
                                .subject(label.substring(0, 14))
                                .label(label));
    }

    private SeriesTagged tagged(Session session) {
        Scan scan = session.scans().get(0);
        String resource = Long.toString(scan.resources().get(0).id());
        String fingerprint = FileListing.fingerprint(xnat.files(ResourceRef.ofScan(session.id(), scan.id(), resource)));
        return SeriesTaggedBuilder.builder()
                .session(new SessionRef("xnat", session.id()))
                .seriesRevision(1)
                .decision(SeriesTagged.Decision.TAGGED)
                .phantom(false)
                .scan(scan.id())
                .description("Sag T1")
                .assignments(List.of(SeriesTaggedAssignmentBuilder.builder()
                        .tag("T1")
                        .stem(session.label() + "_T1_03_Sag-T1")
                        .qcKind("anat")
                        .formats(List.of("nii", "dcm"))
                        .build()))
                .reason(Reason.of("tagged", "for the test"))
                .explanation(List.of())
                .fileCount(4)
                .fingerprint(fingerprint)
                .configRevision("config-1")
                .study(Optional.of("SPN01"))
                .site(Optional.of("CMH"))
                .sessionName(Optional.of(session.label()))
                .seriesNumber(Optional.of(3L))
                .resource(Optional.of(resource))
                .date(Optional.of(LocalDate.parse("2026-03-05")))
                .build();
    }

    private static ResourceDiscovered discovered(Session session, String label, long size) {
        Resource resource = session.resources().get(0);
        return ResourceDiscoveredBuilder.builder()
                .session(new SessionRef("xnat", session.id()))
                .resourceRevision(1)
                .removed(false)
                .project("SPN01")
                .subjectLabel(label)
                .sessionLabel(label)
                .resource(Long.toString(resource.id()))
                .label(resource.label())
                .path(resource.files().get(0).path())
                .size(size)
                .build();
    }

    private Envelope<SeriesExported> exported(SeriesTagged tagged) {
        return events.await(SeriesExported.class, event -> event.session().equals(tagged.session()));
    }
}
