package org.datman.xnat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.testkit.MovedClock;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.simulator.orthanc.LocalOrthanc;
import org.datman.xnat.ChangeFeed.Changes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client of an Orthanc against a real one. Each test has a study of its own. */
class OrthancClientTest {

    private static LocalOrthanc orthanc;
    private static OrthancClient client;

    @TempDir
    private static Path place;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(LocalOrthanc.program().isPresent(), "Orthanc is not installed");
        orthanc = LocalOrthanc.start(place);
        client = client(LocalOrthanc.PASSWORD);
    }

    @AfterAll
    static void stop() {
        if (orthanc != null) {
            orthanc.close();
        }
    }

    private static OrthancClient client(String password) {
        return client(password, CallObserver.NONE);
    }

    private static OrthancClient client(String password, CallObserver observer) {
        return client(orthanc.url(), password, observer);
    }

    private static OrthancClient client(URI url, String password, CallObserver observer) {
        return new OrthancClient(
                XnatConfig.of(url, "orthanc", LocalOrthanc.USER, () -> password).withRetries(2, Duration.ofMillis(5)),
                OrthancNames.DEFAULT,
                observer);
    }

    /** An image of a series; the study's UID follows from the label. */
    private Path image(String label, int series, String uidOf, int instance) throws IOException {
        String study = "1.2.826.0.1.3680043.10.998." + Math.abs(label.hashCode() % 100000);
        Path file = folder.resolve(label + "-" + uidOf + "-" + instance + ".dcm");
        DicomWriter.write(
                file,
                DicomDataset.builder()
                        .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                        .set("SOPInstanceUID", study + "." + uidOf + "." + instance)
                        .set("StudyInstanceUID", study)
                        .set("SeriesInstanceUID", study + "." + uidOf)
                        .set("StudyDate", "20240305")
                        .set("SeriesDate", "20240305")
                        .set("SeriesTime", "1015" + uidOf)
                        .set("Modality", "MR")
                        .set("Manufacturer", "SIEMENS")
                        .set("PatientName", "DOE^JANE")
                        .set("PatientID", label)
                        .set("SeriesNumber", Integer.toString(series))
                        .set("InstanceNumber", Integer.toString(instance))
                        .set("SeriesDescription", "T1")
                        .set("Rows", 2)
                        .set("Columns", 2)
                        .build());
        return file;
    }

    @Test
    void aStudyIsASessionOfTheProjectThatItsPatientIdNames() throws IOException {
        // Given
        String id = orthanc.store(
                List.of(image("ONE01_CMH_0001_01_01", 3, "30", 1), image("ONE01_CMH_0001_01_01", 3, "30", 2)));

        // When
        XnatSession session = client.session(id);

        // Then
        assertThat(session.project()).isEqualTo("ONE01");
        assertThat(session.label()).isEqualTo("ONE01_CMH_0001_01_01");
        assertThat(session.findDate()).contains(LocalDate.parse("2024-03-05"));
        assertThat(session.findScanner()).contains("SIEMENS");
        assertThat(session.isImaging()).isTrue();
        assertThat(session.toString()).doesNotContain("DOE");
        assertThat(session.scans()).singleElement().satisfies(scan -> {
            assertThat(scan.id()).isEqualTo("3");
            assertThat(scan.description()).isEqualTo("T1");
        });
        OrthancClient later = client(LocalOrthanc.PASSWORD);
        assertThat(later.experimentsOf("ONE01"))
                .extracting(XnatListed::accession)
                .containsExactly(id);
        assertThat(later.experimentsOf("ONE")).isEmpty();
    }

    @Test
    void filesHaveTheSizeAndMd5OfWhatWasSentAndAreDownloadedUnchanged() throws IOException {
        // Given
        Path sent = image("TWO01_CMH_0001_01_01", 3, "30", 1);
        String id = orthanc.store(List.of(sent));
        XnatResource resource = client.resources(id).get(0);
        XnatFile listed = client.files(resource.ref()).get(0);

        // When
        Downloaded downloaded = client.downloadFile(resource.ref(), listed.path(), folder.resolve("copy"));

        // Then
        assertThat(resource.isDicom()).isTrue();
        assertThat(resource.fileCount()).hasValue(1);
        assertThat(listed.size()).hasValue(Files.size(sent));
        assertThat(listed.findMd5()).contains(DigestUtils.md5Hex(Files.readAllBytes(sent)));
        assertThat(downloaded.md5()).isEqualTo(listed.md5());
        assertThat(folder.resolve("copy")).hasSameBinaryContentAs(sent);
    }

    @Test
    void aFileThatIsLostInTheStorageIsNoOutage() throws IOException {
        // Given
        Path sent = image("SIX01_CMH_0001_01_01", 3, "30", 1);
        String id = orthanc.store(List.of(sent));
        ResourceRef series = client.resources(id).get(0).ref();
        try (Stream<Path> stored = Files.walk(place.resolve("storage"))) {
            for (Path file : stored.filter(Files::isRegularFile).toList()) {
                if (Files.mismatch(file, sent) < 0) {
                    Files.delete(file);
                }
            }
        }

        // When, then
        String path = client.files(series).get(0).path();
        assertThatThrownBy(() -> client.downloadFile(series, path, folder.resolve("copy")))
                .isInstanceOf(XnatProtocol.class)
                .hasMessageContaining("cannot read it from its storage");
    }

    @Test
    void ofTwoSeriesOfOneNumberTheFirstAcquiredHasItWhateverArrivesFirst() throws IOException {
        // Given: the later one arrives first
        String id = orthanc.store(
                List.of(image("THREE01_CMH_0001_01_01", 3, "40", 1), image("THREE01_CMH_0001_01_01", 3, "30", 1)));

        // When
        List<XnatScan> scans = client.session(id).scans();

        // Then
        assertThat(scans)
                .filteredOn(scan -> scan.findUid().orElseThrow().endsWith(".30"))
                .extracting(XnatScan::id)
                .containsExactly("3");
        assertThat(scans)
                .filteredOn(scan -> scan.findUid().orElseThrow().endsWith(".40"))
                .extracting(XnatScan::id)
                .containsExactly("3-MR1");
        assertThat(client.resources(id))
                .extracting(resource -> resource.scan().orElseThrow())
                .containsExactlyInAnyOrder("3", "3-MR1");
    }

    @Test
    void aChangeNamesItsSessionAndALateImageItAgain() throws IOException {
        // Given
        long before = client.lastChange();
        String id = orthanc.store(List.of(image("FOUR01_CMH_0001_01_01", 3, "30", 1)));
        Changes first = client.changesAfter(before);

        // When
        orthanc.store(List.of(image("FOUR01_CMH_0001_01_01", 3, "30", 2)));

        // Then
        assertThat(first.sessions()).extracting(XnatListed::accession).contains(id);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                        client.changesAfter(first.last()).sessions())
                .extracting(XnatListed::accession)
                .contains(id));
    }

    @Test
    void aListOfAllStudiesIsNotSharedForLong() throws IOException {
        // Given
        MovedClock clock = new MovedClock(Instant.EPOCH);
        OrthancClient patient = new OrthancClient(client.config(), OrthancNames.DEFAULT, CallObserver.NONE, clock);
        patient.experimentsOf("OTHER");
        String id = orthanc.store(List.of(image("THIRTEEN01_CMH_0001_01_01", 3, "30", 1)));

        // When
        clock.advance(Duration.ofSeconds(20));

        // Then
        assertThat(patient.experimentsOf("THIRTEEN01"))
                .extracting(XnatListed::accession)
                .containsExactly(id);
    }

    @Test
    void lateImagesOfTwoStudiesThatArriveTogetherNameBoth() throws IOException {
        // Given: both are known, and no change but that of a late image names either
        String one = orthanc.store(List.of(image("SEVEN01_CMH_0001_01_01", 3, "30", 1)));
        String other = orthanc.store(List.of(image("EIGHT01_CMH_0001_01_01", 3, "30", 1)));
        long before = client.lastChange();
        await().atMost(Duration.ofSeconds(30)).until(() -> client.changesAfter(before).sessions().stream()
                .map(XnatListed::accession)
                .toList()
                .containsAll(List.of(one, other)));
        long stable = client.lastChange();
        orthanc.store(List.of(image("SEVEN01_CMH_0001_01_01", 3, "30", 2)));
        orthanc.store(List.of(image("EIGHT01_CMH_0001_01_01", 3, "30", 2)));

        // When
        Changes late = client.changesAfter(stable);

        // Then
        assertThat(late.sessions()).extracting(XnatListed::accession).contains(one, other);
    }

    @Test
    void aStudyThatIsRefusedHoldsUpNoOtherAndIsLookedUpLater() throws IOException {
        // Given
        long before = client.lastChange();
        String refused = orthanc.store(List.of(image("NINE01_CMH_0001_01_01", 3, "30", 1)));
        String other = orthanc.store(List.of(image("TEN01_CMH_0001_01_01", 3, "30", 1)));
        orthanc.refuse(refused);

        // When
        Changes changes = client.changesAfter(before);

        // Then
        orthanc.refuse("");
        assertThat(changes.sessions()).extracting(XnatListed::accession).contains(other);
        assertThat(changes.last()).isGreaterThan(before);
        assertThat(changes.unread()).containsKey("/studies/" + refused);
        assertThat(changes.unread().get("/studies/" + refused)).contains("(403)");
        assertThat(client.lookUp(changes.unread().keySet()).sessions())
                .extracting(XnatListed::accession)
                .contains(refused);
    }

    @Test
    void aStudyThatOrthancFailsToGiveIsNoOutageAndHoldsUpNoOther() throws IOException {
        // Given
        long before = client.lastChange();
        String failing = orthanc.store(List.of(image("FOURTEEN01_CMH_0001_01_01", 3, "30", 1)));
        String other = orthanc.store(List.of(image("FIFTEEN01_CMH_0001_01_01", 3, "30", 1)));
        HttpServer proxy = failingOn(failing);
        OrthancClient behind = client(
                URI.create("http://localhost:" + proxy.getAddress().getPort()),
                LocalOrthanc.PASSWORD,
                CallObserver.NONE);

        // When
        Changes changes = behind.changesAfter(before);

        // Then
        proxy.stop(0);
        assertThat(changes.unread()).containsOnlyKeys("/studies/" + failing);
        assertThat(changes.sessions()).extracting(XnatListed::accession).contains(other);
    }

    /** Orthanc, behind a proxy that answers 500 to all that names this. */
    private static HttpServer failingOn(String path) throws IOException {
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        HttpClient http = HttpClient.newHttpClient();
        proxy.createContext("/", exchange -> {
            String asked = exchange.getRequestURI().toString();
            byte[] body = new byte[0];
            int status = 500;
            if (!asked.contains(path)) {
                try {
                    HttpResponse<byte[]> answer = http.send(
                            HttpRequest.newBuilder(URI.create(orthanc.url() + asked))
                                    .header(
                                            "Authorization",
                                            exchange.getRequestHeaders().getFirst("Authorization"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray());
                    body = answer.body();
                    status = answer.statusCode();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        proxy.start();
        return proxy;
    }

    @Test
    void whoAsksForMoreThanThereIsGetsTheLastNumber() throws IOException {
        // Given
        orthanc.store(List.of(image("ELEVEN01_CMH_0001_01_01", 3, "30", 1)));
        long last = client.lastChange();

        // When
        Changes none = client.changesAfter(last + 1000);

        // Then
        assertThat(none.sessions()).isEmpty();
        assertThat(none.last()).isBetween(last, last + 20);
    }

    @Test
    void oneListOfAllStudiesServesEachProjectOnce() throws IOException {
        // Given
        String first = orthanc.store(List.of(image("TWELVE01_CMH_0001_01_01", 3, "30", 1)));
        String second = orthanc.store(List.of(image("TWELVE02_CMH_0001_01_01", 3, "30", 1)));
        AtomicInteger pages = new AtomicInteger();
        OrthancClient counted = client(LocalOrthanc.PASSWORD, (endpoint, outcome, duration) -> {
            if (endpoint.equals("experiments")) {
                pages.incrementAndGet();
            }
        });
        List<XnatListed> ofFirst = counted.experimentsOf("TWELVE01");
        int once = pages.get();

        // When
        List<XnatListed> ofSecond = counted.experimentsOf("TWELVE02");
        List<String> outside = counted.sessionsOutside(Set.of("TWELVE02"));

        // Then: all of one list; who asks again sees what changed
        assertThat(pages).hasValue(once);
        assertThat(ofFirst).extracting(XnatListed::accession).containsExactly(first);
        assertThat(ofSecond).extracting(XnatListed::accession).containsExactly(second);
        assertThat(outside).contains(first).doesNotContain(second);
        orthanc.delete("/studies/" + second);
        assertThat(counted.experimentsOf("TWELVE02")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"orthanc", "Orthanc "})
    void theKindOfAServerIsReadInAnyCase(String name) {
        // When, then
        assertThat(SourceKind.of("DATMAN_XNAT_KIND", name)).isEqualTo(SourceKind.ORTHANC);
    }

    @Test
    void aKindThatThereIsNotIsRefusedWithThoseThatThereAre() {
        // When, then
        assertThatThrownBy(() -> SourceKind.of("DATMAN_XNAT_KIND", "ortanc"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("DATMAN_XNAT_KIND is 'ortanc'; allowed are xnat, orthanc");
    }

    @Test
    void aSeriesThatIsDeletedChangesTheListing() throws IOException {
        // Given: Orthanc says so in no change, and its time of the last update stays
        String id = orthanc.store(
                List.of(image("FIVE01_CMH_0001_01_01", 3, "30", 1), image("FIVE01_CMH_0001_01_01", 4, "40", 1)));
        String series = client.resources(id).get(0).ref().id();
        XnatListed before =
                client(LocalOrthanc.PASSWORD).experimentsOf("FIVE01").get(0);

        // When
        orthanc.delete("/series/" + series);

        // Then
        assertThat(client(LocalOrthanc.PASSWORD).experimentsOf("FIVE01").get(0).state())
                .isNotEqualTo(before.state());
        assertThatThrownBy(() -> client.files(ResourceRef.ofScan(id, "3", series)))
                .isInstanceOf(XnatGone.class);
    }

    @Test
    void aStudyOfNoProjectIsNoSessionAndItsNamesAreNotRead() throws IOException {
        // Given
        String id = orthanc.store(List.of(image("12345678", 3, "30", 1)));

        // When
        XnatSession session = client.session(id);

        // Then
        assertThat(session.isImaging()).isFalse();
        assertThat(session.toString()).doesNotContain("12345678");
        assertThat(client(LocalOrthanc.PASSWORD).sessionsOutside(Set.of("ONE01")))
                .contains(id);
    }

    @Test
    void whatOrthancDoesNotHaveIsGoneAndNoIdLeavesItsPath() {
        // When, then
        assertThatThrownBy(() -> client.session("00000000-00000000-00000000-00000000-00000000"))
                .isInstanceOf(XnatGone.class);
        assertThatThrownBy(() -> client.session("../system")).isInstanceOf(XnatGone.class);
        assertThatThrownBy(() -> client.openFile(ResourceRef.ofScan("x", "3", "y"), "../../system"))
                .isInstanceOf(XnatGone.class);
    }

    @Test
    void aWrongPasswordIsARefusalOfTheAccount() {
        // Given
        OrthancClient wrong = client("wrong");

        // When, then
        assertThat(client.whoAmI()).isEqualTo(LocalOrthanc.USER);
        assertThatThrownBy(wrong::whoAmI)
                .isInstanceOfSatisfying(XnatDenied.class, denied -> assertThat(denied.isAccount())
                        .isTrue())
                .hasMessageContaining("RegisteredUsers");
    }

    @Test
    void anElementThatOrthancDoesNotListIsRefusedWithThoseThatItDoes() {
        // When, then
        assertThatThrownBy(() -> OrthancNames.of("PatientComments", "(.+)", "PatientID", "PatientID"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'PatientComments'")
                .hasMessageContaining("AccessionNumber");
        assertThatThrownBy(() -> OrthancNames.of("PatientID", "(", "PatientID", "PatientID"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("project-pattern");
    }
}
