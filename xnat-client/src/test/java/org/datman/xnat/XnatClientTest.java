package org.datman.xnat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.zip.ZipInputStream;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.simulator.XnatSimulator;
import org.datman.simulator.archive.Session;
import org.datman.simulator.fault.Fault;
import org.datman.simulator.fault.FaultRule;
import org.datman.simulator.importer.LoadOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client against the simulator, with everything that is known to go wrong. */
class XnatClientTest {

    @TempDir
    Path folder;

    XnatSimulator simulator;
    XnatClient xnat;
    Session session;

    @BeforeEach
    void start() throws IOException {
        simulator = XnatSimulator.builder().users(Map.of("svc", "pass")).start();
        simulator.archive().createProject("P");
        session = simulator.addSession(
                images(), LoadOptions.project("P").subject("P_CMH_0001").label("P_CMH_0001_01_01"));
        xnat = new XnatClient(config(simulator.url(), "pass"));
    }

    @AfterEach
    void stop() {
        xnat.close();
        simulator.close();
    }

    private static XnatConfig config(URI url, String password) {
        return XnatConfig.of(url, "sim", "svc", () -> password)
                .withRetries(4, Duration.ofMillis(20))
                .withTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofMillis(600));
    }

    private Path images() throws IOException {
        Path made = Files.createDirectories(folder.resolve("images"));
        for (int i = 1; i <= 3; i++) {
            DicomWriter.write(
                    made.resolve("image " + i + "#+%.dcm"),
                    DicomDataset.builder()
                            .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                            .set("SOPInstanceUID", "1.2.3.4." + i)
                            .set("StudyInstanceUID", "1.2.3")
                            .set("SeriesInstanceUID", "1.2.3.4")
                            .set("StudyDate", "20240305")
                            .set("Modality", "MR")
                            .set("SeriesNumber", "3")
                            .set("InstanceNumber", Integer.toString(i))
                            .set("SeriesDescription", "Sag T1")
                            .set("ImageType", "ORIGINAL", "PRIMARY", "M")
                            .build());
        }
        return made;
    }

    private XnatResource dicom() {
        return xnat.resources(session.id()).stream()
                .filter(XnatResource::isDicom)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void readsASessionWithItsScans() {
        // Given the session

        // When
        XnatSession read = xnat.session(session.id());

        // Then
        assertThat(read.label()).isEqualTo("P_CMH_0001_01_01");
        assertThat(read.project()).isEqualTo("P");
        assertThat(read.subjectLabel()).isEqualTo("P_CMH_0001");
        assertThat(read.findDate()).hasToString("Optional[2024-03-05]");
        assertThat(read.scans()).singleElement().satisfies(scan -> {
            assertThat(scan.id()).isEqualTo("3");
            assertThat(scan.description()).isEqualTo("Sag T1");
            assertThat(scan.findUid()).contains("1.2.3.4");
            assertThat(scan.imageType()).containsExactly("ORIGINAL", "PRIMARY", "M");
        });
    }

    @Test
    void aSubjectThatIsNotSharedIsNoReasonToTakeTheSessionAsGone() {
        // Given
        simulator.faults().add(FaultRule.of(Fault.EMPTY_ZIP).on("/data/subjects/"));

        // When
        XnatSession read = xnat.session(session.id());

        // Then
        assertThat(read.label()).isEqualTo("P_CMH_0001_01_01");
        assertThat(read.subjectLabel()).isEmpty();
        assertThat(read.scans()).hasSize(1);
    }

    @Test
    void aSubjectThatMayNotBeReadIsNoReasonEither() {
        // Given
        simulator.faults().add(FaultRule.status(403).on("/data/subjects/"));

        // When
        XnatSession read = xnat.session(session.id());

        // Then
        assertThat(read.subjectLabel()).isEmpty();
        assertThat(xnat.resourcesOfSubject(read.subjectId())).isEmpty();
    }

    @Test
    void sharesAndTheirLabelsAreRead() {
        // Given
        simulator.archive().share(session.id(), "Q", "Q_CMH_0001_01_01");

        // When
        XnatSession read = xnat.session(session.id());

        // Then
        assertThat(read.project()).isEqualTo("P");
        assertThat(read.shares()).containsExactly(new XnatSession.Share("Q", "Q_CMH_0001_01_01"));
    }

    @ParameterizedTest
    @CsvSource({
        "xnat:mrSessionData, true",
        "xnat:petmrSessionData, true",
        "XNAT:MRSESSIONDATA, true",
        "xnat:qcManualAssessorData, false",
        "icr:roiCollectionData, false",
        "xnat:subjectData, false",
        "xnat:projectData, false"
    })
    void theTypeDistinguishesASessionFromOtherExperiments(String xsiType, boolean imaging) {
        // Given the type

        // When
        boolean is = XnatSession.isImagingType(xsiType);

        // Then
        assertThat(is).isEqualTo(imaging);
    }

    @Test
    void filesOfScanSubjectAndProjectAreListedUnderTheirOwner() throws IOException {
        // Given
        simulator.addScanFile(session.id(), "3", "PHYSIO", "resp.log", new byte[] {1});
        XnatResource physio = xnat.resources(session.id()).stream()
                .filter(r -> r.label().equals("PHYSIO"))
                .findFirst()
                .orElseThrow();

        // When
        List<XnatFile> files = xnat.files(physio.ref());

        // Then
        assertThat(physio.ref().level()).isEqualTo(ResourceRef.Level.SCAN);
        assertThat(files).singleElement().satisfies(f -> assertThat(f.path()).isEqualTo("resp.log"));
        assertThat(Paths.files(ResourceRef.ofSubject("X_S1", "7"))).isEqualTo("/data/subjects/X_S1/resources/7/files");
        assertThat(Paths.files(ResourceRef.ofProject("P 1", "8"))).isEqualTo("/data/projects/P%201/resources/8/files");
    }

    @Test
    void listsWithSizesAndDigestsAndOpensFilesWithOddNames() throws IOException {
        // Given
        ResourceRef ref = dicom().ref();
        List<XnatFile> files = xnat.files(ref);

        // When
        byte[] bytes;
        try (InputStream in = xnat.openFile(ref, files.get(0).path())) {
            bytes = in.readAllBytes();
        }

        // Then
        assertThat(files).hasSize(3).allSatisfy(f -> assertThat(f.findMd5()).isPresent());
        assertThat(files.get(0).path()).contains("#+%");
        assertThat(bytes).hasSize((int) files.get(0).size().getAsLong());
    }

    @Test
    void readsAZipWhileItArrives() {
        // Given
        ResourceRef ref = dicom().ref();

        // When
        int entries = xnat.readZip(ref, XnatClientTest::entries);

        // Then
        assertThat(entries).isEqualTo(3);
    }

    private static int entries(InputStream zip) throws IOException {
        ZipInputStream contents = new ZipInputStream(zip);
        int entries = 0;
        while (contents.getNextEntry() != null) {
            entries++;
        }
        return entries;
    }

    @Test
    void tellsWhoItIsAndWhatTheServerIs() {
        // Given nothing but the server

        // When
        String name = xnat.whoAmI();

        // Then
        assertThat(name).isEqualTo("svc");
        assertThat(xnat.buildInfo().version()).isNotEmpty();
        assertThat(xnat.experimentsOf("P")).singleElement().satisfies(listed -> {
            assertThat(listed.accession()).isEqualTo(session.id());
            assertThat(listed.subjectLabel()).isEqualTo("P_CMH_0001");
        });
    }

    @Test
    void outlastsShortOutages() {
        // Given
        simulator.faults().add(FaultRule.status(503).on("/data/experiments").times(2));
        simulator.faults().add(FaultRule.of(Fault.RESET).on("/data/subjects").times(1));

        // When
        XnatSession read = xnat.session(session.id());

        // Then
        assertThat(read.scans()).hasSize(1);
    }

    @Test
    void aLongOutageIsAnOutage() {
        // Given
        simulator.faults().add(FaultRule.status(502).on("/data/experiments"));

        // When / Then
        assertThatThrownBy(() -> xnat.session(session.id()))
                .isInstanceOf(XnatOutage.class)
                .hasMessageContaining("502");
    }

    @Test
    void aServerThatIsNotThereIsAnOutage() {
        // Given
        simulator.close();

        // When / Then
        assertThatThrownBy(() -> xnat.session(session.id())).isInstanceOf(XnatOutage.class);
    }

    @Test
    void aHangingServerIsAnOutage() {
        // Given
        simulator.faults().add(FaultRule.of(Fault.HANG).on("/data/experiments"));
        try (XnatClient hasty = new XnatClient(config(simulator.url(), "pass")
                .withRetries(1, Duration.ofMillis(1))
                .withTimeouts(Duration.ofSeconds(1), Duration.ofMillis(400), Duration.ofSeconds(1)))) {

            // When / Then
            assertThatThrownBy(() -> hasty.session(session.id())).isInstanceOf(XnatOutage.class);
        }
    }

    @Test
    void aLostSessionIsRenewedOnceForAllThreads() throws Exception {
        // Given
        xnat.whoAmI();
        simulator.accounts().closeAll();
        long before = logins();
        ExecutorService threads = Executors.newFixedThreadPool(8);

        // When
        List<Future<XnatSession>> reads = IntStream.range(0, 8)
                .mapToObj(i -> threads.submit(() -> xnat.session(session.id())))
                .toList();

        // Then
        for (Future<XnatSession> read : reads) {
            assertThat(read.get().accession()).isEqualTo(session.id());
        }
        threads.shutdown();
        assertThat(logins() - before).isEqualTo(1);
    }

    private long logins() {
        return simulator.requestLog().entries().stream()
                .filter(e -> e.method().equals("POST") && e.uri().contains("JSESSION"))
                .count();
    }

    @Test
    void aLostSessionIsRenewedWithTheAliasTokenAndNotThePassword() {
        // Given
        AtomicReference<String> password = new AtomicReference<>("pass");
        try (XnatClient own = new XnatClient(
                XnatConfig.of(simulator.url(), "sim", "svc", password::get).withRetries(2, Duration.ofMillis(20)))) {
            own.whoAmI();
            password.set("no longer this");
            simulator.accounts().closeAll();

            // When
            String name = own.whoAmI();

            // Then
            assertThat(name).isEqualTo("svc");
        }
    }

    @Test
    void aServerThatCannotIssueATokenIsNotAskedWithEveryRequest() {
        // Given
        simulator.faults().add(FaultRule.status(503).on("/data/services/tokens"));
        xnat.session(session.id());

        // When
        xnat.session(session.id());

        // Then
        assertThat(simulator.requestLog().entries())
                .filteredOn(e -> e.uri().contains("/tokens/issue"))
                .hasSize(1);
    }

    @Test
    void aTokenThatIsNoLongerTakenGivesWayToThePassword() {
        // Given
        xnat.whoAmI();
        simulator.accounts().tokens("svc").forEach(token -> simulator
                .accounts()
                .invalidate(token.alias(), token.secret()));
        simulator.accounts().closeAll();

        // When
        XnatSession read = xnat.session(session.id());

        // Then
        assertThat(read.accession()).isEqualTo(session.id());
        assertThat(simulator.accounts().tokens("svc")).hasSize(1);
    }

    @Test
    void aLoginPageInsteadOfJsonIsALostSession() {
        // Given
        simulator
                .faults()
                .add(FaultRule.of(Fault.LOGIN_PAGE).on("/data/experiments").times(1));

        // When
        XnatSession read = xnat.session(session.id());

        // Then
        assertThat(read.accession()).isEqualTo(session.id());
    }

    @Test
    void aWrongPasswordIsTriedOnceAndNotAgain() {
        // Given
        try (XnatClient stranger = new XnatClient(config(simulator.url(), "wrong"))) {
            assertThatThrownBy(() -> stranger.session(session.id())).isInstanceOf(XnatDenied.class);
            long before = logins();

            // When
            assertThatThrownBy(() -> stranger.session(session.id()))
                    .isInstanceOfSatisfying(
                            XnatDenied.class, e -> assertThat(e.isAccount()).isTrue());

            // Then
            assertThat(logins()).isEqualTo(before);
        }
    }

    @Test
    void whatIsNotThereIsGone() {
        // Given
        simulator.archive().delete(session.id());

        // When / Then
        assertThatThrownBy(() -> xnat.session(session.id())).isInstanceOf(XnatGone.class);
    }

    @Test
    void anEmptyAnswerIsAskedAgainAndThenAProtocolFault() {
        // Given
        simulator.faults().add(FaultRule.of(Fault.EMPTY_BODY).on("/data/experiments"));

        // When / Then
        assertThatThrownBy(() -> xnat.session(session.id())).isInstanceOf(XnatProtocol.class);
    }

    @Test
    void aTransferThatBreaksOffBeginsAgain() {
        // Given
        ResourceRef ref = dicom().ref();
        simulator.faults().add(FaultRule.truncate(100).on("format=zip").times(1));

        // When
        int entries = xnat.readZip(ref, XnatClientTest::entries);

        // Then
        assertThat(entries).isEqualTo(3);
    }

    @Test
    void emptyCountsAndDigestsAreUnknown() {
        // Given
        simulator.faults().add(FaultRule.blank("digest"));
        simulator.faults().add(FaultRule.blank("file_count"));

        // When
        XnatResource resource = dicom();

        // Then
        assertThat(resource.fileCount()).isEmpty();
        assertThat(xnat.files(resource.ref()))
                .allSatisfy(f -> assertThat(f.findMd5()).isEmpty());
    }

    @Test
    void namesCannotLeaveTheirPlace() {
        // Given
        ResourceRef ref = ResourceRef.ofSession(session.id(), "1");

        // When / Then
        assertThatThrownBy(() -> xnat.openFile(ref, "../../../secret")).isInstanceOf(XnatProtocol.class);
        assertThat(Paths.segment("a/b c#+%ä")).isEqualTo("a%2Fb%20c%23%2B%25%C3%A4");
    }

    @Test
    void aFingerprintKnowsNoOrder() {
        // Given
        List<XnatFile> files = xnat.files(dicom().ref());
        List<XnatFile> reversed = List.of(files.get(2), files.get(1), files.get(0));

        // When
        String fingerprint = FileListing.fingerprint(reversed);

        // Then
        assertThat(fingerprint)
                .isEqualTo(FileListing.fingerprint(files))
                .isNotEqualTo(FileListing.fingerprint(files.subList(1, 3)));
    }
}
