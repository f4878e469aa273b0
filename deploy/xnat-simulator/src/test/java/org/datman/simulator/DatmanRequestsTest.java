package org.datman.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.importer.LoadOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The requests of DATMAN's own Python client (its datman/xnat.py), which no package index has: sent as it sends them. */
class DatmanRequestsTest {
    private static final String SESSION = "/data/archive/projects/P/subjects/S/experiments/P_S_01";

    /** One operation of the client. */
    private interface Operation {
        void run(DatmanRequestsTest test) throws Exception;
    }

    private static final Map<String, Operation> OPERATIONS = new LinkedHashMap<>();

    static {
        OPERATIONS.put("list projects", DatmanRequestsTest::listProjects);
        OPERATIONS.put("list subjects", DatmanRequestsTest::listSubjects);
        OPERATIONS.put("list sessions", DatmanRequestsTest::listSessions);
        OPERATIONS.put("list scans", DatmanRequestsTest::listScans);
        OPERATIONS.put("list files", DatmanRequestsTest::listFiles);
        OPERATIONS.put("download scan", DatmanRequestsTest::downloadScan);
        OPERATIONS.put("download session", DatmanRequestsTest::downloadSession);
        OPERATIONS.put("make subject and session", DatmanRequestsTest::makeSubjectAndSession);
        OPERATIONS.put("upload session", DatmanRequestsTest::uploadSession);
        OPERATIONS.put("upload file", DatmanRequestsTest::uploadFile);
        OPERATIONS.put("delete file", DatmanRequestsTest::deleteFile);
        OPERATIONS.put("rename session", DatmanRequestsTest::renameSession);
        OPERATIONS.put("share session", DatmanRequestsTest::shareSession);
        OPERATIONS.put("dismiss AutoRun", DatmanRequestsTest::dismissAutoRun);
    }

    static Stream<String> operations() {
        return OPERATIONS.keySet().stream();
    }

    @TempDir
    Path folder;

    XnatSimulator sim;
    Client client;

    @BeforeEach
    void start() throws Exception {
        sim = XnatSimulator.builder().users(Map.of("svc", "secret")).start();
        sim.addSession(
                Dicoms.session(folder.resolve("P_S_01")),
                LoadOptions.project("P").subject("S"));
        sim.archive().createProject("Q");
        client = Client.session(sim, "svc", "secret");
    }

    @AfterEach
    void stop() {
        sim.close();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void theClientGetsWhatItAsksFor(String operation) throws Exception {
        // Given a session of two scans and two resources
        // When and then
        OPERATIONS.get(operation).run(this);
    }

    private void listProjects() {
        assertThat(client.get("/data/archive/projects/?format=json").rows().findValuesAsText("ID"))
                .containsExactly("P", "Q");
        assertThat(client.get("/data/archive/projects/P?format=json")
                        .json()
                        .at("/items/0/data_fields/ID")
                        .asText())
                .isEqualTo("P");
        assertThat(client.get("/data/archive/projects/NONE?format=json").status())
                .isEqualTo(404);
    }

    private void listSubjects() {
        assertThat(client.get("/data/archive/projects/P/subjects/").rows().findValuesAsText("label"))
                .containsExactly("S");
        assertThat(client.get("/data/archive/projects/P/subjects/S?format=json")
                        .json()
                        .at("/items/0/children/0/field")
                        .asText())
                .isEqualTo("experiments/experiment");
    }

    private void listSessions() {
        assertThat(client.get("/data/archive/projects/P/subjects/S/experiments/?format=json")
                        .rows()
                        .findValuesAsText("label"))
                .containsExactly("P_S_01");
        assertThat(client.get(SESSION + "?format=json")
                        .json()
                        .at("/items/0/data_fields/UID")
                        .asText())
                .isEqualTo(Dicoms.STUDY);
    }

    private void listScans() {
        assertThat(client.get(SESSION + "/scans/?format=json").rows().findValuesAsText("ID"))
                .containsExactly("2", "3");
        assertThat(client.get(SESSION + "/scans/2?format=json")
                        .json()
                        .at("/items/0/data_fields/parameters~1imageType")
                        .asText())
                .isEqualTo("ORIGINAL\\PRIMARY\\M\\NORM");
    }

    private List<String> resourceIds() {
        JsonNode resources = client.get(SESSION + "/resources/?format=json").json();
        assertThat(Integer.parseInt(resources.at("/ResultSet/totalRecords").asText()))
                .isEqualTo(2);
        return resources.at("/ResultSet/Result").findValuesAsText("xnat_abstractresource_id");
    }

    private void listFiles() {
        assertThat(client.get(SESSION + "/resources/" + resourceIds().get(1) + "/?format=xml")
                        .text())
                .contains("URI=\"run 1/task #1+2 (ü).csv\"");
    }

    private void downloadScan() throws Exception {
        Client.Answer zip = client.get(SESSION + "/scans/2/resources/DICOM/files?format=zip");
        assertThat(FilesTest.unzip(zip.bytes())).hasSize(3);
    }

    private void downloadSession() throws Exception {
        Client.Answer zip = client.get("/REST/experiments/SIM_E00001/resources/" + String.join(",", resourceIds())
                + "/files?structure=improved&all=true&format=zip");
        assertThat(FilesTest.unzip(zip.bytes()))
                .containsOnlyKeys("resources/MISC/notes.txt", "resources/behav/run 1/task #1+2 (ü).csv");
    }

    private void makeSubjectAndSession() {
        assertThat(client.put("/REST/projects/P/subjects/NEW", new byte[0]).status())
                .isEqualTo(201);
        assertThat(client.put(
                                "/data/archive/projects/P/subjects/NEW/experiments/NEW_01?xsiType=xnat:mrSessionData",
                                new byte[0])
                        .status())
                .isEqualTo(201);
        assertThat(sim.archive().find("P", "NEW_01").scans()).isEmpty();
    }

    private void uploadSession() throws Exception {
        Client.Answer answer = client.with("Content-Type", "application/zip")
                .post(
                        "/data/services/import?project=P&subject=T&session=P_T_01&overwrite=delete&prearchive=false"
                                + "&Ignore-Unparsable=true&inbody=true",
                        Dicoms.zip(folder.resolve("P_S_01")));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(sim.archive().find("P", "P_T_01").scans())
                .extracting(Scan::id)
                .containsExactly("2", "3");
    }

    private void uploadFile() {
        assertThat(client.put(SESSION + "/resources/TECH/", new byte[0]).status())
                .isEqualTo(200);
        String id = client.get(SESSION + "/resources/?format=json")
                .rows()
                .get(2)
                .get("xnat_abstractresource_id")
                .asText();
        String path = SESSION + "/resources/" + id + "/files/a%20b/notes.txt";
        assertThat(client.post(path + "?inbody=true", "all well".getBytes(UTF_8))
                        .status())
                .isEqualTo(200);
        assertThat(client.get(path).text()).isEqualTo("all well");
    }

    private void deleteFile() {
        String path = SESSION + "/resources/MISC/files/notes.txt";
        assertThat(client.delete(path).status()).isEqualTo(200);
        assertThat(client.get(path).status()).isEqualTo(404);
    }

    private void renameSession() {
        assertThat(client.put(SESSION + "?xsiType=xnat:mrSessionData&label=P_S_02", new byte[0])
                        .status())
                .isEqualTo(200);
        assertThat(client.put("/data/archive/projects/P/subjects/S?xsiType=xnat:mrSessionData&label=S2", new byte[0])
                        .status())
                .isEqualTo(200);
        assertThat(client.get("/data/archive/projects/P/subjects/S2/experiments/?format=json")
                        .rows()
                        .findValuesAsText("label"))
                .containsExactly("P_S_02");
    }

    private void shareSession() {
        assertThat(client.put("/data/projects/P/subjects/S/projects/Q?label=Q_S", new byte[0])
                        .status())
                .isEqualTo(200);
        assertThat(client.put("/data/projects/P/subjects/S/experiments/P_S_01/projects/Q?label=Q_01", new byte[0])
                        .status())
                .isEqualTo(200);
        assertThat(client.put("/data/projects/P/subjects/S/experiments/P_S_01/projects/Q?label=Q_01", new byte[0])
                        .status())
                .isEqualTo(409);
        assertThat(client.get("/data/archive/projects/Q/subjects/Q_S/experiments/?format=json")
                        .rows()
                        .findValuesAsText("label"))
                .containsExactly("Q_01");
    }

    private void dismissAutoRun() {
        sim.workflows()
                .open(
                        sim.archive().session("SIM_E00001"),
                        "xnat_tools/AutoRun.xml",
                        "Queued",
                        Instant.parse("2024-03-05T18:00:00Z"));
        String search = """
                <xdat:bundle xmlns:xdat="http://nrg.wustl.edu/security" ID="@wrk:workflowData" brief-description=""
                    description="" allow-diff-columns="0" secure="false">
                  <xdat:root_element_name>wrk:workflowData</xdat:root_element_name>
                  <xdat:search_field><xdat:element_name>wrk:workflowData</xdat:element_name>
                    <xdat:field_ID>pipeline_name</xdat:field_ID></xdat:search_field>
                  <xdat:search_field><xdat:element_name>wrk:workflowData</xdat:element_name>
                    <xdat:field_ID>wrk_workflowData_id</xdat:field_ID></xdat:search_field>
                  <xdat:search_where method="AND">
                    <xdat:criteria><xdat:schema_field>wrk:workflowData/ID</xdat:schema_field>
                      <xdat:comparison_type>LIKE</xdat:comparison_type><xdat:value>SIM_E00001</xdat:value></xdat:criteria>
                    <xdat:criteria><xdat:schema_field>wrk:workflowData/ExternalID</xdat:schema_field>
                      <xdat:comparison_type>=</xdat:comparison_type><xdat:value>P</xdat:value></xdat:criteria>
                    <xdat:criteria><xdat:schema_field>wrk:workflowData/pipeline_name</xdat:schema_field>
                      <xdat:comparison_type>=</xdat:comparison_type><xdat:value>xnat_tools/AutoRun.xml</xdat:value></xdat:criteria>
                  </xdat:search_where>
                </xdat:bundle>""";
        JsonNode found =
                client.post("/data/search?format=json", search.getBytes(UTF_8)).rows();
        assertThat(found).hasSize(1);
        String id = found.get(0).get("workflow_id").asText();

        assertThat(client.put("/data/workflows/" + id + "?wrk:workflowData/status=Complete", new byte[0])
                        .status())
                .isEqualTo(200);
        assertThat(client.get("/data/workflows/" + id + "?format=json")
                        .json()
                        .at("/items/0/data_fields/status")
                        .asText())
                .isEqualTo("Complete");
    }
}
