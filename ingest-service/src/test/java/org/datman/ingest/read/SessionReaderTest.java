package org.datman.ingest.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import com.google.re2j.Pattern;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.datman.contracts.event.Reason;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.event.ResourceDiscovered.Level;
import org.datman.contracts.event.SeriesDiscovered.Status;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.study.AppliesTo;
import org.datman.contracts.study.PairedData;
import org.datman.contracts.study.StudyConfigurations;
import org.datman.ingest.diff.SessionChanges;
import org.datman.ingest.diff.SessionDiff;
import org.datman.ingest.published.PublishedSession;
import org.datman.ingest.read.SessionRead.Kind;
import org.datman.xnat.XnatClient;
import org.datman.xnat.XnatConfig;
import org.datman.xnat.XnatProtocol;
import org.datman.xnat.XnatScan;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that returns XNAT's documents for one session with files at every level. */
class SessionReaderTest {

    /** A document that the server fails to give. */
    private static final String FAILS = "500";

    @TempDir
    Path folder;

    private final Map<String, String> documents = new HashMap<>();
    private HttpServer server;
    private XnatClient xnat;
    private SessionReader reader;

    @BeforeEach
    void serve() throws IOException {
        Files.writeString(
                folder.resolve("P.yml"),
                "StudyTag: P\nXnatProjects: [P]\nTags:\n"
                        + "  T1: { Pattern: { SeriesDescription: 'T1' }, QcType: anat }\nSites:\n  CMH: {}\n");
        documents.put("/data/JSESSION", "0123456789ABCDEF");
        documents.put("/data/auth", "User 'datman' is logged in");
        documents.put("/data/experiments/X_E1", """
                {"items":[{"meta":{"xsi:type":"xnat:mrSessionData"},
                  "data_fields":{"ID":"X_E1","project":"P","label":"P_CMH_0001_01_01","subject_ID":"X_S1"},
                  "children":[{"field":"scans/scan","items":[{"meta":{"xsi:type":"xnat:mrScanData"},
                    "data_fields":{"ID":"3","series_description":"T1"},"children":[]}]}]}]}""");
        documents.put("/data/subjects/X_S1", "{\"items\":[{\"meta\":{},\"data_fields\":{\"label\":\"P_CMH_0001\"}}]}");
        documents.put(
                "/data/experiments/X_E1/resources",
                list(
                        row("11", "behav", "resources", ""),
                        row("12", "PHYSIO", "scans", "3"),
                        row("13", "SNAPSHOTS", "scans", "3")));
        documents.put("/data/subjects/X_S1/resources", list(row("21", "forms", "", "")));
        documents.put("/data/projects/P/resources", list(row("31", "manual", "", ""), row("32", "scratch", "", "")));
        file("/data/experiments/X_E1/resources/11", "log.txt");
        file("/data/experiments/X_E1/scans/3/resources/12", "resp.log");
        file("/data/subjects/X_S1/resources/21", "consent.pdf");
        file("/data/projects/P/resources/31", "protocol.pdf", "huge.iso");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String document = documents.get(exchange.getRequestURI().getPath());
            byte[] body = String.valueOf(document).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(document == null ? 404 : document.equals(FAILS) ? 500 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        xnat = new XnatClient(XnatConfig.of(
                        URI.create("http://localhost:" + server.getAddress().getPort()), "xnat", "datman", () -> "x")
                .withRetries(1, Duration.ofMillis(5)));
        reader = new SessionReader(xnat);
    }

    @AfterEach
    void stop() {
        xnat.close();
        server.stop(0);
    }

    private static String row(String id, String label, String category, String owner) {
        return "{\"xnat_abstractresource_id\":\"" + id + "\",\"label\":\"" + label + "\",\"category\":\"" + category
                + "\",\"cat_id\":\"" + owner + "\",\"file_count\":\"1\"}";
    }

    private static String list(String... rows) {
        return "{\"ResultSet\":{\"Result\":[" + String.join(",", rows) + "]}}";
    }

    private void file(String resource, String... names) {
        List<String> rows = new java.util.ArrayList<>();
        for (String name : names) {
            rows.add("{\"Name\":\"" + name + "\",\"Size\":\"5\",\"URI\":\"" + resource + "/files/" + name + "\"}");
        }
        documents.put(resource + "/files", list(rows.toArray(String[]::new)));
    }

    private static PairedData promise(String folder, String file) {
        return new PairedData(
                "protocol",
                Pattern.compile(file),
                Pattern.compile(folder),
                1,
                1,
                AppliesTo.BOTH,
                PairedData.SESSION,
                null,
                null);
    }

    private List<SessionSnapshot.ResourceFile> read(List<PairedData> promised) {
        return reader.read(
                        reader.outline(xnat.session("X_E1"), promised),
                        new SessionReader.Wanted(promised, Set.of(), false),
                        PublishedSession.NOTHING)
                .resources();
    }

    @Test
    void theOrderOfScansIsNoChangeOfASession() {
        // Given
        String one = "{\"meta\":{},\"data_fields\":{\"ID\":\"3\"},\"children\":[]}";
        String other = one.replace('3', '4');
        String session = documents.get("/data/experiments/X_E1");
        String scan = session.substring(session.indexOf("\"items\":[", session.indexOf("scans/scan")));
        documents.put("/data/experiments/X_E1", session.replace(scan, "\"items\":[" + one + "," + other + "]}]}]}"));
        String before = reader.outline(xnat.session("X_E1"), List.of()).digest();

        // When
        documents.put("/data/experiments/X_E1", session.replace(scan, "\"items\":[" + other + "," + one + "]}]}]}"));

        // Then
        assertThat(xnat.session("X_E1").scans()).extracting(XnatScan::id).containsExactly("4", "3");
        assertThat(reader.outline(xnat.session("X_E1"), List.of()).digest()).isEqualTo(before);
    }

    @Test
    void filesOfEveryLevelArePairedDataWithTheirOwner() {
        // Given
        List<PairedData> promised = List.of(promise("manual", "pdf$"));

        // When
        List<SessionSnapshot.ResourceFile> files = read(promised);

        // Then
        assertThat(files)
                .extracting(
                        SessionSnapshot.ResourceFile::level,
                        SessionSnapshot.ResourceFile::findOwner,
                        f -> f.label() + "/" + f.path())
                .containsExactlyInAnyOrder(
                        tuple(Level.SESSION, Optional.empty(), "behav/log.txt"),
                        tuple(Level.SCAN, Optional.of("3"), "PHYSIO/resp.log"),
                        tuple(Level.SUBJECT, Optional.of("X_S1"), "forms/consent.pdf"),
                        tuple(Level.PROJECT, Optional.of("P"), "manual/protocol.pdf"));
    }

    @Test
    void withoutAPromiseNothingOfTheProjectIsCopiedIntoItsSessions() {
        // Given
        List<PairedData> none = List.of();

        // When
        List<SessionSnapshot.ResourceFile> files = read(none);

        // Then
        assertThat(files).extracting(SessionSnapshot.ResourceFile::level).doesNotContain(Level.PROJECT);
    }

    @Test
    void aSubjectThatCannotBeSeenHasNoFilesAndHindersNothing() {
        // Given
        documents.remove("/data/subjects/X_S1");
        documents.remove("/data/subjects/X_S1/resources");

        // When
        List<SessionSnapshot.ResourceFile> files = read(List.of());

        // Then
        assertThat(files)
                .extracting(SessionSnapshot.ResourceFile::level)
                .containsExactlyInAnyOrder(Level.SESSION, Level.SCAN);
    }

    @Test
    void aSessionThatAStudyClaimsIsReadThoughItsOutlineIsUnchangedIfItNeverWas() {
        // Given
        String outline = reader.outline(xnat.session("X_E1"), List.of()).digest();
        SessionRead.Request request = new SessionRead.Request("X_E1", PublishedSession.NOTHING, false, outline);
        StudyConfigurations claiming = StudyConfigurations.load(folder);
        StudyConfigurations none = StudyConfigurations.of(List.of());

        // When
        List<SessionRead> reads = List.of(reader.read(request, none), reader.read(request, claiming));

        // Then
        assertThat(reads).extracting(SessionRead::kind).containsExactly(Kind.UNCHANGED, Kind.PRESENT);
        assertThat(reads.get(1).snapshot().series()).hasSize(1);
    }

    @Test
    void aScanWhoseFilesXnatDoesNotListHindersNoOtherAndIsReadAgain() {
        // Given
        documents.put(
                "/data/experiments/X_E1",
                documents
                        .get("/data/experiments/X_E1")
                        .replace("\"items\":[{\"meta\":{\"xsi:type\":\"xnat:mrScanData\"}", """
                                "items":[{"meta":{"xsi:type":"xnat:mrScanData"},"data_fields":{"ID":"4"},"children":[]},
                                 {"meta":{"xsi:type":"xnat:mrScanData"}"""));
        documents.put(
                "/data/experiments/X_E1/resources",
                list(row("14", "DICOM", "scans", "3"), row("15", "DICOM", "scans", "4")));
        file("/data/experiments/X_E1/scans/3/resources/14", "1.dcm");
        documents.put("/data/experiments/X_E1/scans/3/resources/14/files/1.dcm", "no DICOM");
        documents.put("/data/experiments/X_E1/scans/4/resources/15/files", FAILS);
        SessionRead.Request request = new SessionRead.Request("X_E1", PublishedSession.NOTHING, false, null);

        // When
        SessionSnapshot read =
                reader.read(request, StudyConfigurations.load(folder)).snapshot();

        // Then
        assertThat(read.isListed()).isFalse();
        assertThat(read.series())
                .extracting(one -> one.scan().id(), SessionSnapshot.Series::status, one -> one.findProblem()
                        .map(Reason::code))
                .containsExactlyInAnyOrder(
                        tuple("3", Status.PRESENT, Optional.empty()),
                        tuple("4", Status.EMPTY, Optional.of("files-not-listed")));
    }

    @Test
    void whatIsKnownOfASeriesStaysWhileItsFilesAreNotListed() {
        // Given
        documents.put("/data/experiments/X_E1/resources", list(row("14", "DICOM", "scans", "3")));
        file("/data/experiments/X_E1/scans/3/resources/14", "1.dcm");
        documents.put("/data/experiments/X_E1/scans/3/resources/14/files/1.dcm", "no DICOM");
        StudyConfigurations studies = StudyConfigurations.load(folder);
        SessionDiff diff = new SessionDiff(new SessionRef("xnat", "X_E1"), studies);
        SessionChanges first = diff.present(PublishedSession.NOTHING, snapshot(PublishedSession.NOTHING, studies));
        PublishedSession published =
                PublishedSession.NOTHING.with(first.session().orElseThrow(), first.series(), first.resources());
        documents.put("/data/experiments/X_E1/scans/3/resources/14/files", FAILS);

        // When
        SessionSnapshot again = snapshot(published, studies);

        // Then
        assertThat(diff.present(published, again).events()).isEmpty();
        assertThat(again.isListed()).isFalse();
    }

    @Test
    void aFolderWhoseFilesXnatDoesNotListKeepsThemAndHindersNothing() {
        // Given
        StudyConfigurations studies = StudyConfigurations.load(folder);
        SessionDiff diff = new SessionDiff(new SessionRef("xnat", "X_E1"), studies);
        SessionChanges first = diff.present(PublishedSession.NOTHING, snapshot(PublishedSession.NOTHING, studies));
        PublishedSession published =
                PublishedSession.NOTHING.with(first.session().orElseThrow(), first.series(), first.resources());
        String listing = documents.keySet().stream()
                .filter(path -> path.startsWith("/data/experiments/X_E1/resources/") && path.endsWith("/files"))
                .findAny()
                .orElseThrow();
        documents.put(listing, FAILS);

        // When
        SessionSnapshot again = snapshot(published, studies);

        // Then
        assertThat(first.resources()).extracting(ResourceDiscovered::path).contains("log.txt");
        assertThat(diff.present(published, again).events()).isEmpty();
        assertThat(again.unlisted())
                .hasValueSatisfying(why -> assertThat(why.message()).contains("does not list the files of folder "));
        assertThat(again.outline()).startsWith("not listed: folder ");
    }

    private SessionSnapshot snapshot(PublishedSession published, StudyConfigurations studies) {
        return reader.read(new SessionRead.Request("X_E1", published, false, null), studies)
                .snapshot();
    }

    @Test
    void aSessionThatXnatDoesNotGiveIsNoOutageOfXnat() {
        // Given
        documents.put("/data/experiments/X_E1/resources", FAILS);
        SessionRead.Request request = new SessionRead.Request("X_E1", PublishedSession.NOTHING, false, null);

        // When
        Throwable problem = catchThrowable(() -> reader.read(request, StudyConfigurations.load(folder)));

        // Then
        assertThat(problem).isInstanceOf(XnatProtocol.class).hasMessageContaining("not for this session");
    }

    @Test
    void aSeriesWhoseHeaderCouldNotBeReadIsReadAgainThoughNothingOfTheOutlineChanged() {
        // Given
        documents.put("/data/experiments/X_E1/resources", list(row("14", "DICOM", "scans", "3")));
        file("/data/experiments/X_E1/scans/3/resources/14", "1.dcm");
        StudyConfigurations studies = StudyConfigurations.load(folder);
        SessionSnapshot read = snapshot(PublishedSession.NOTHING, studies);
        SessionChanges first =
                new SessionDiff(new SessionRef("xnat", "X_E1"), studies).present(PublishedSession.NOTHING, read);
        PublishedSession published =
                PublishedSession.NOTHING.with(first.session().orElseThrow(), first.series(), first.resources());

        // When
        SessionRead again = reader.read(new SessionRead.Request("X_E1", published, false, read.outline()), studies);

        // Then
        assertThat(first.series().get(0).problem()).isPresent();
        assertThat(again.kind()).isEqualTo(Kind.PRESENT);
    }
}
