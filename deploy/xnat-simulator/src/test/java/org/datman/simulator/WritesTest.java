package org.datman.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.datman.simulator.archive.Scan;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients write: done as XNAT does it, or refused; never answered with a 200 that changes nothing. */
class WritesTest {

    @TempDir
    Path folder;

    XnatSimulator sim;
    Client client;

    @BeforeEach
    void aSession() throws Exception {
        sim = XnatSimulator.builder().users(Map.of("svc", "secret")).start();
        client = Client.session(sim, "svc", "secret");
        client.with("Content-Type", "application/zip")
                .post(
                        "/data/services/import?inbody=true&dest=/archive&Ignore-Unparsable=true"
                                + "&project=P&subject=S&session=P_S_01",
                        Dicoms.zip(Dicoms.session(folder.resolve("x"))));
    }

    @AfterEach
    void stop() {
        sim.close();
    }

    @Test
    void dateAndNoteOfASessionAreKept() {
        // Given a session
        // When
        var answer = client.put("/data/experiments/SIM_E00001?date=01/31/2026&note=tired", new byte[0]);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(sim.archive().session("SIM_E00001").date()).isEqualTo("2026-01-31");
        assertThat(client.get("/data/experiments/SIM_E00001?format=json").text())
                .contains("\"note\":\"tired\"");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /data/experiments/SIM_E00001?acquisition_site=x, 501",
        "PUT, /data/experiments/SIM_E00001/scans/2?xnat:mrScanData/condition=x, 501",
        "PUT, /data/projects/P/subjects/S/experiments/P_S_01/projects/NONE, 404",
        "DELETE, /data/projects/P/subjects/S/experiments/P_S_01/projects/P, 404",
        "GET, /data/experiments/SIM_E00001/resources/4711/files, 404",
        "POST, /data/services/settings, 501",
        "POST, /data/prearchive/projects/P, 501",
        "PUT, /data/projects/P/resources/NOTES, 501"
    })
    void whatIsNotDoneIsRefused(String method, String path, int status) throws Exception {
        // Given a session
        // When
        var answer = client.trySend(method, path, new byte[0]);
        // Then
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).contains("<h3>");
    }

    @Test
    void aSharedSessionIsTakenBack() {
        // Given
        sim.archive().createProject("Q");
        var path = "/data/projects/P/subjects/S/experiments/P_S_01/projects/Q";
        client.put(path + "?label=Q_01", new byte[0]);
        assertThat(client.get("/data/projects/Q/experiments").rows()).hasSize(1);
        // When
        var answer = client.delete(path);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(client.get("/data/projects/Q/experiments").rows()).isEmpty();
    }

    @Test
    void aSubjectIsDeletedWithItsSessions() {
        // Given a subject with a session
        // When
        var answer = client.delete("/data/projects/P/subjects/S");
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(client.get("/data/projects/P/subjects").rows()).isEmpty();
        assertThat(client.get("/data/experiments/SIM_E00001").status()).isEqualTo(404);
    }

    @Test
    void aScanWithoutImagesIsMade() {
        // Given a session of scans 2 and 3
        // When
        var answer = client.put("/data/experiments/SIM_E00001/scans/9?xnat:mrScanData/type=T2", new byte[0]);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(sim.archive().session("SIM_E00001").scans())
                .filteredOn(scan -> scan.id().equals("9"))
                .extracting(Scan::type, Scan::xsiType)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("T2", "xnat:mrScanData"));
    }

    @Test
    void aFileInAFormIsStored() {
        // Given
        var form = ("--x\r\nContent-Disposition: form-data; name=\"comment\"\r\n\r\nhello\r\n"
                        + "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"notes.txt\"\r\n"
                        + "Content-Type: text/plain\r\n\r\nthree notes\r\n--x--\r\n")
                .getBytes(UTF_8);
        // When
        var answer = client.with("Content-Type", "multipart/form-data; boundary=x")
                .post("/data/experiments/SIM_E00001/resources/NOTES/files/notes.txt", form);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(client.get("/data/experiments/SIM_E00001/resources/NOTES/files/notes.txt")
                        .text())
                .isEqualTo("three notes");
    }

    @Test
    void anUploadWaitsInThePrearchiveUnlessToldOtherwise() throws Exception {
        // Given
        var zip = Dicoms.zip(Dicoms.session(folder.resolve("y")));
        // When
        var answer = client.with("Content-Type", "application/zip")
                .post("/data/services/import?inbody=true&Ignore-Unparsable=true&project=P&session=LATER", zip);
        // Then
        assertThat(answer.text()).startsWith("/data/prearchive/projects/P/");
    }

    @Test
    void aColumnOfTheScansGivesARowPerScan() {
        // Given a session of two scans
        // When
        var rows = client.get("/data/projects/P/experiments?format=json&xsiType=XNAT:mrSessionData"
                        + "&columns=xnat:imageScanData/ID,nothing")
                .rows();
        // Then
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).get("xnat:imagescandata/id").asText()).isEqualTo("2");
        assertThat(rows.get(1).get("xnat:imagescandata/id").asText()).isEqualTo("3");
        assertThat(rows.get(0).get("xsiType").asText()).isEqualTo("xnat:mrSessionData");
        assertThat(rows.get(0).get("project").asText()).isEqualTo("P");
        assertThat(rows.get(0).has("nothing")).isFalse();
    }

    @Test
    void aResourceIsItsCatalogueWhateverTheFormat() {
        // Given a session
        // When
        var answer = client.get("/data/experiments/SIM_E00001/scans/2/resources/DICOM?format=json");
        // Then
        assertThat(answer.text()).contains("<cat:DCMCatalog").contains("<cat:entry");
    }

    @ParameterizedTest
    @CsvSource({
        "xnat:mrSessionData, P, 200, P_S_01",
        "xnat:mrSessionData, NONE, 200, ''",
        "xnat:petSessionData, P, 200, ''",
        "wrk:workflowData, P, 501, does not search wrk:workflowData"
    })
    void aSearchFindsWhatTheListsHold(String root, String project, int status, String expected) {
        // Given
        var search = """
                <xdat:search xmlns:xdat="http://nrg.wustl.edu/security">
                  <xdat:root_element_name>%1$s</xdat:root_element_name>
                  <xdat:search_field><xdat:element_name>%1$s</xdat:element_name><xdat:field_ID>LABEL</xdat:field_ID>
                  </xdat:search_field>
                  <xdat:search_where method="AND"><xdat:criteria><xdat:schema_field>%1$s/PROJECT</xdat:schema_field>
                    <xdat:comparison_type>=</xdat:comparison_type><xdat:value>%2$s</xdat:value></xdat:criteria>
                  </xdat:search_where>
                </xdat:search>""".formatted(root, project);
        // When
        var answer = client.with("Content-Type", "text/xml").post("/data/search?format=csv", search.getBytes(UTF_8));
        // Then
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).contains(expected);
        assertThat(answer.text().lines().filter(line -> line.equals("P_S_01")).count())
                .isEqualTo(expected.equals("P_S_01") ? 1 : 0);
    }
}
