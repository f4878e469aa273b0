package org.datman.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.datman.simulator.auth.User;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Waiting studies: listed, rebuilt, moved, deleted, archived; and studies received object by object. */
class PrearchiveTest {
    private static final String IMPORT = "/data/services/import?inbody=true&project=P&session=A";
    private static final String GRADUAL = "/data/services/import?inbody=true&import-handler=gradual-DICOM&project=P";

    @TempDir
    Path folder;

    XnatSimulator sim;
    Client client;
    /** Of a study with scan 2 of three images, below /data. */
    String url;

    @BeforeEach
    void start() throws Exception {
        sim = XnatSimulator.builder().users(Map.of("svc", "secret")).start();
        sim.archive().createProject("P");
        sim.archive().createProject("Q");
        client = Client.session(sim, "svc", "secret");
        url = upload();
    }

    @AfterEach
    void stop() {
        sim.close();
    }

    private String upload() throws Exception {
        Dicoms.series(folder.resolve("u"), "1.1", "1.2.2", "2", "T1", 3);
        return client.with("Content-Type", "application/zip")
                .post(IMPORT, Dicoms.zip(folder.resolve("u")))
                .text()
                .strip();
    }

    private String source() {
        return url.replace("/data", "");
    }

    private String onlyRow(String column) {
        JsonNode rows = client.get("/data/prearchive?format=json").rows();
        assertThat(rows).hasSize(1);
        return rows.get(0).get(column).asText();
    }

    @Test
    void scansAndFilesOfAWaitingSessionAreSeen() throws Exception {
        // Given an upload that waits
        // When
        JsonNode scans = client.get(url + "/scans?format=json").rows();
        // Then
        assertThat(scans).hasSize(1);
        assertThat(scans.get(0).toString())
                .isEqualTo("{\"ID\":\"2\",\"xsiType\":\"xnat:mrScanData\",\"series_description\":\"T1\"}");
        assertThat(client.get(url + "/resources")
                        .rows()
                        .get(0)
                        .get("file_count")
                        .asText())
                .isEqualTo("3");
        assertThat(client.get(url + "/scans/2/resources")
                        .rows()
                        .get(0)
                        .get("label")
                        .asText())
                .isEqualTo("DICOM");
        JsonNode files = client.get(url + "/scans/2/resources/DICOM/files").rows();
        assertThat(files.findValuesAsText("Name")).containsExactly("1.2.2-1.dcm", "1.2.2-2.dcm", "1.2.2-3.dcm");
        assertThat(client.get(files.get(1).get("URI").asText()).bytes())
                .isEqualTo(Files.readAllBytes(folder.resolve("u/1.2.2-2.dcm")));
        assertThat(FilesTest.unzip(client.get(url + "?format=zip").bytes()))
                .containsOnlyKeys(
                        "A/SCANS/2/DICOM/1.2.2-1.dcm", "A/SCANS/2/DICOM/1.2.2-2.dcm", "A/SCANS/2/DICOM/1.2.2-3.dcm");
        assertThat(client.get("/data/services/dicomdump?format=json&field=SeriesNumber&src=" + source() + "/scans/2")
                        .rows()
                        .get(0)
                        .get("value")
                        .asText())
                .isEqualTo("2");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /data/prearchive/projects/P/20200101_000000000/A, 404",
        "GET, {url}/scans/9/resources, 404",
        "GET, {url}/scans/2, 501",
        "GET, {url}/scans/2/resources/NIFTI/files, 404",
        "GET, {url}/scans/2/resources/DICOM/files/nope.dcm, 400",
        "GET, {url}?screen=x, 501",
        "POST, {url}, 400",
        "POST, {url}?action=rebuild, 400",
        "POST, {url}?action=set&newProject=Q, 501",
        "POST, {url}?action=move&newProject=NONE, 404",
        "POST, {url}?action=reset&tag=1.9.9, 404",
        "POST, /data/services/archive?src={src}&auto-archive=true, 501",
        "POST, /data/services/archive?src={src}&auto-archive=perhaps, 400",
        "POST, /data/services/archive?src={src}&triggerPipelines=perhaps, 400",
        "POST, /data/services/archive?src={src}&dest=/prearchive/projects/Q, 501",
        "POST, /data/services/archive?src={src}&dest=/archive/experiments/B, 501",
        "POST, /data/services/prearchive/move?src={src}&newProject=Q&async=perhaps, 400",
        "POST, /data/services/prearchive/move?src={src}, 400",
        "POST, /data/services/prearchive/explode?src={src}, 501",
        "POST, /data/services/prearchive/delete, 404",
        "POST, /data/services/archive?src={src}&quarantine=true, 501",
        "POST, /data/services/archive?src=/prearchive/projects/P/20200101_000000000/A, 404"
    })
    void whatIsNotThereOrNotDoneIsRefused(String method, String path, int status) throws Exception {
        // Given an upload that waits
        // When
        Client.Answer answer = client.trySend(
                method,
                path.replace("{url}", url).replace("{src}", source()),
                method.equals("POST") ? new byte[0] : null);
        // Then
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(onlyRow("url")).isEqualTo(source());
    }

    @ParameterizedTest
    @CsvSource({"/data/services/prearchive/move?src={src}&newProject=Q&async=false", "{url}?action=move&newProject=Q"})
    void itIsMovedToAnotherProject(String path) {
        // Given an upload that waits for P
        // When
        Client.Answer answer = client.post(path.replace("{url}", url).replace("{src}", source()), new byte[0]);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(onlyRow("project")).isEqualTo("Q");
        client.post("/data/services/archive?src=" + onlyRow("url"), new byte[0]);
        assertThat(client.get("/data/projects/Q/experiments").rows()).hasSize(1);
    }

    @Test
    void itIsDeletedByAForm() {
        // Given an upload that waits
        byte[] form = ("src=" + source()).getBytes(UTF_8);
        // When
        Client.Answer answer = client.with("Content-Type", "application/x-www-form-urlencoded")
                .post("/data/services/prearchive/delete", form);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(client.get("/data/prearchive").rows()).isEmpty();
    }

    @Test
    void whoMayOnlyReadDeletesNothing() {
        // Given
        sim.accounts().put(User.reader("reader", "pw", Set.of("P")));
        // When
        Client.Answer answer = Client.session(sim, "reader", "pw").delete(url);
        // Then
        assertThat(answer.status()).isEqualTo(403);
        assertThat(onlyRow("url")).isEqualTo(source());
    }

    @Test
    void aConflictIsResetOrRebuiltAndArchivedWithOverwrite() throws Exception {
        // Given a second upload that the archive refuses
        client.post("/data/services/archive?src=" + source(), new byte[0]);
        url = upload();
        assertThat(client.post("/data/services/archive?src=" + source(), new byte[0])
                        .status())
                .isEqualTo(409);
        assertThat(onlyRow("status")).isEqualTo("CONFLICT");
        assertThat(client.post(url + "?action=reset&tag=1.1", new byte[0]).status())
                .isEqualTo(200);
        assertThat(onlyRow("status")).isEqualTo("READY");
        client.post("/data/services/prearchive/rebuild?src=" + source(), new byte[0]);
        // When
        Client.Answer answer = client.post("/data/services/archive?overwrite=delete&src=" + source(), new byte[0]);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(client.get("/data/prearchive").rows()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "src={src}&project=Q&subject=T&session=B, Q, B",
        "src={src}&dest=/archive/projects/Q/subjects/T/experiments/B, Q, B",
        "project=P&timestamp={timestamp}&session=A, P, A",
        "project=P&timestamp={timestamp}&session=A&dest=/archive/projects/Q/subjects/T/experiments/B, Q, B",
        "src={src}&auto-archive=false&quarantine=False&triggerPipelines=true, P, A"
    })
    void itIsArchivedWhereTheFormStates(String form, String project, String label) {
        // Given an upload that waits
        String body = form.replace("{src}", source()).replace("{timestamp}", onlyRow("timestamp"));
        // When
        Client.Answer answer = client.with("Content-Type", "application/x-www-form-urlencoded")
                .post("/data/services/archive", body.getBytes(UTF_8));
        // Then
        assertThat(answer.text()).contains("/data/archive/projects/" + project + "/subjects/");
        assertThat(client.get("/data/projects/" + project + "/experiments")
                        .rows()
                        .findValuesAsText("label"))
                .containsExactly(label);
    }

    @ParameterizedTest
    @CsvSource({
        "Direct-Archive=perhaps",
        "prearchive=no",
        "quarantine=1",
        "overwrite_files=x&dest=/archive",
        "Ignore-Unparsable=0"
    })
    void whatIsNeitherTrueNorFalseIsRefused(String parameter) throws Exception {
        // Given an upload that waits
        SimulatorState state = new SimulatorState(sim, client);
        Map<String, String> before = state.now();
        // When
        Client.Answer answer = client.with("Content-Type", "application/zip")
                .post(
                        "/data/services/import?inbody=true&project=P&session=N&" + parameter,
                        Dicoms.zip(folder.resolve("u")));
        // Then
        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(state.now()).isEqualTo(before);
    }

    @Test
    void itIsCommittedByAnAction() {
        // Given an upload that waits
        // When
        Client.Answer answer = client.post(url + "?action=commit", new byte[0]);
        // Then
        assertThat(answer.text()).isEqualTo("/data/archive/projects/P/subjects/SIM_S00001/experiments/SIM_E00001\r\n");
    }

    // ---- object by object ------------------------------------------------------------------------------------------

    private String send(String name) throws Exception {
        return client.with("Content-Type", "application/dicom")
                .post(
                        GRADUAL + "&session=G",
                        Files.readAllBytes(folder.resolve("g").resolve(name)))
                .text()
                .strip();
    }

    @Test
    void objectsOfAStudyGatherUntilTheyAreBuilt() throws Exception {
        // Given two series of a study that come object by object
        client.delete(url);
        Dicoms.series(folder.resolve("g"), "1.7", "1.7.2", "2", "T1", 2);
        Dicoms.series(folder.resolve("g"), "1.7", "1.7.3", "3", "BOLD", 1);
        String first = send("1.7.2-1.dcm");
        assertThat(send("1.7.3-1.dcm")).isEqualTo(first);
        assertThat(send("1.7.2-2.dcm")).isEqualTo(first);
        assertThat(onlyRow("status")).isEqualTo("RECEIVING");
        assertThat(client.get(first + "/scans").status()).isEqualTo(404);
        assertThat(client.post("/data/services/archive?src=" + first, new byte[0])
                        .status())
                .isEqualTo(409);
        // When
        Client.Answer built = client.post("/data/services/prearchive/rebuild?src=" + first, new byte[0]);
        // Then
        assertThat(built.rows().get(0).get("status").asText()).isEqualTo("READY");
        assertThat(client.get(first + "/scans").rows().findValuesAsText("ID")).containsExactly("2", "3");
        client.post("/data/services/archive?src=" + first, new byte[0]);
        Session session = sim.archive().find("P", "G");
        assertThat(session.scans()).extracting(Scan::frames).containsExactly(2, 1);
    }

    @Test
    void aZipForTheGradualImporterMakesASessionPerStudy() throws Exception {
        // Given a zip with two studies
        client.delete(url);
        Dicoms.series(folder.resolve("z/a"), "1.7", "1.7.2", "2", "T1", 2);
        Dicoms.series(folder.resolve("z/b"), "1.8", "1.8.2", "2", "T1", 1);
        // When
        Client.Answer answer = client.with("Content-Type", "application/zip")
                .post(
                        "/data/services/import?inbody=true&import-handler=DICOM-zip&project=P",
                        Dicoms.zip(folder.resolve("z")));
        // Then
        assertThat(answer.text().lines()).hasSize(2);
        assertThat(client.get("/data/prearchive/projects/P").rows()).hasSize(2);
    }

    @Test
    void objectsThatAreArchivedDirectlyMakeOneSession() throws Exception {
        // Given three objects of two series, one after the other
        Dicoms.series(folder.resolve("g"), "1.7", "1.7.2", "2", "T1", 2);
        Dicoms.series(folder.resolve("g"), "1.7", "1.7.3", "3", "BOLD", 1);
        // When
        Set<String> urls = new HashSet<>();
        for (String name : List.of("1.7.2-1.dcm", "1.7.3-1.dcm", "1.7.2-2.dcm")) {
            urls.add(client.with("Content-Type", "application/dicom")
                    .post(
                            GRADUAL + "&session=G&Direct-Archive=true",
                            Files.readAllBytes(folder.resolve("g").resolve(name)))
                    .text());
        }
        // Then
        assertThat(urls).containsExactly("/data/archive/projects/P/subjects/SIM_S00001/experiments/SIM_E00001\r\n");
        assertThat(sim.archive().find("P", "G").scans())
                .extracting(Scan::frames)
                .containsExactly(2, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "/data/services/import?inbody=true&import-handler=gradual-DICOM&project=P&prearchive=false, 501",
        "/data/services/import?inbody=true&import-handler=gradual-DICOM&project=P, 400",
        "/data/services/import?inbody=true&import-handler=XAR&project=P, 501",
        "/data/services/import?inbody=true&project=P&overwrite=perhaps&dest=/archive, 501",
        "/data/services/import?inbody=true&project=P&dest=/cache, 501",
        "/data/services/import?inbody=true&project=P&overwrite=append, 501",
        "/data/services/import?inbody=true&project=P&overwrite_files=true, 501",
        "/data/services/import?inbody=true&project=P&prearchive_code=5&dest=/prearchive, 501",
        "/data/services/import?inbody=true&project=P&dest=/archive&overwrite=delete&overwrite_files=false, 501",
        "/data/services/import?inbody=true&project=P&dest=/archive&prearchive_code=5&overwrite_files=false, 501",
        "/data/services/import?inbody=true&project=P&http-session-listener=x, 501"
    })
    void uploadsThatAreNotDoneAreRefused(String path, int status) throws Exception {
        // Given something that is no DICOM, or a study that is asked for in a way that is not done
        byte[] body = status == 400 ? "no DICOM".getBytes(UTF_8) : Dicoms.zip(folder.resolve("u"));
        // When
        Client.Answer answer = client.post(path, body);
        // Then
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(onlyRow("url")).isEqualTo(source());
        assertThat(sim.archive().sessions()).isEmpty();
    }
}
