package org.datman.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Map;
import org.datman.simulator.archive.Session;
import org.datman.simulator.importer.LoadOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

/** The calls that xnatpy and pyxnat make, in their order. */
class ClientSequencesTest {
    @TempDir
    static Path folder;

    static XnatSimulator sim;

    @BeforeAll
    static void start() throws Exception {
        sim = XnatSimulator.builder().users(Map.of("svc", "secret")).start();
        Session session = sim.addSession(
                Dicoms.session(folder.resolve("P_CMH_0001_01")),
                LoadOptions.project("P").subject("P_CMH_0001"));
        sim.archive().editScan(session.id(), "3", s -> s.withId("3-MR1"));
    }

    @AfterAll
    static void stop() {
        sim.close();
    }

    @Test
    void xnatpy() throws Exception {
        // Given its connection: base address, form login, who am I, heartbeat, version, schemas
        Client guest = Client.guest(sim).with("User-Agent", "xnatpy/0.5.1 (Linux)");
        assertThat(guest.get("/").status()).isEqualTo(302);
        assertThat(guest.get("/app/template/Login.vm").status()).isEqualTo(200);
        Client.Answer login = guest.with("Content-Type", "application/x-www-form-urlencoded")
                .put("/data/services/auth", "username=svc&password=secret".getBytes(UTF_8));
        Client client = guest.with("Cookie", "JSESSIONID=" + login.text());
        assertThat(client.get("/data/auth").text()).matches("User '(.+)' is logged in");
        assertThat(client.get("/data/JSESSION").header("Set-Cookie"))
                .containsPattern("SESSION_EXPIRATION_TIME=\"\\d+,\\d+\"");
        assertThat(client.get("/data/version").status()).isEqualTo(404);
        assertThat(client.get("/xapi/siteConfig/buildInfo?format=json")
                        .json()
                        .get("version")
                        .asText())
                .startsWith("1.8");
        assertThat(client.get("/xapi/schemas?format=json").text()).isEqualTo("[\"xnat\"]");
        Document schema = javax.xml.parsers.DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(client.get("/xapi/schemas/xnat").bytes()));
        assertThat(schema.getDocumentElement().getAttribute("targetNamespace")).isEqualTo("http://nrg.wustl.edu/xnat");
        assertThat(client.get("/data/search/elements/xnat:mrSessionData?format=json")
                        .rows()
                        .findValuesAsText("FIELD_ID"))
                .contains("LABEL");
        // When: it walks down to the files of scan 3-MR1
        JsonNode subject = client.get("/data/projects/P/subjects?columns=ID,URI,label")
                .rows()
                .get(0);
        JsonNode experiments = client.get("/data/archive/projects/P/subjects/"
                        + subject.get("ID").asText() + "/experiments?columns=ID,URI,label,xsiType")
                .rows();
        String base = experiments.get(0).get("URI").asText();
        JsonNode scans = client.get(base + "/scans?columns=ID,URI,type,xsiType").rows();
        JsonNode resources = client.get(base + "/scans/3-MR1/resources?columns=ID,URI,label,xsiType")
                .rows();
        String id = resources.get(0).get("xnat_abstractresource_id").asText();
        JsonNode files = client.get(base + "/scans/3-MR1/resources/" + id + "/files?columns=ID,URI,Name")
                .rows();
        // Then
        assertThat(scans.findValuesAsText("ID")).containsExactly("2", "3-MR1");
        assertThat(files).hasSize(2);
        assertThat(client.head(files.get(0).get("URI").asText()).header("Content-Length"))
                .isEqualTo(files.get(0).get("Size").asText());
        assertThat(FilesTest.unzip(
                        client.get(base + "/scans/ALL/files?format=zip").bytes()))
                .hasSize(5);
        assertThat(client.delete("/data/JSESSION").status()).isEqualTo(200);
    }

    @Test
    void pyxnat() throws Exception {
        // Given basic authentication on every request, and lists as CSV
        Client client = Client.basic(sim, "svc", "secret");
        assertThat(client.get("/data/JSESSION").status()).isEqualTo(200);
        assertThat(client.get("/data/projects?format=csv&columns=ID,xsiType").text())
                .isEqualTo("ID,xsiType,URI\nP,xnat:projectData,/data/projects/P\n");
        // When
        Client.Answer array = client.get("/data/experiments?xsiType=xnat:mrSessionData&project=P"
                + "&columns=ID,project,xnat:mrSessionData/subject_id&format=csv");
        // Then
        assertThat(array.text())
                .isEqualTo("ID,project,xnat:mrsessiondata/subject_id,URI,xsiType\n"
                        + "SIM_E00001,P,SIM_S00001,/data/experiments/SIM_E00001,xnat:mrSessionData\n");
        assertThat(client.get("/data/experiments/SIM_E00001/scans/2/resources/DICOM/files?format=csv&columns=path,Size")
                        .text())
                .startsWith("Name,Size,URI,");
    }
}
