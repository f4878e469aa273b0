package org.datman.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.assertj.core.groups.Tuple;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.auth.User;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes of clients: executed like XNAT, or rejected; never answered with a 200 that changes nothing. */
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
        Client.Answer answer = client.put("/data/experiments/SIM_E00001?date=01/31/2026&note=tired", new byte[0]);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(sim.archive().session("SIM_E00001").date()).isEqualTo("2026-01-31");
        assertThat(client.get("/data/experiments/SIM_E00001?format=json").text())
                .contains("\"note\":\"tired\"");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /data/experiments/SIM_E00001?protocol=x, 501",
        "PUT, /data/experiments/SIM_E00001?date=yesterday&label=OTHER, 400",
        "PUT, /data/experiments/SIM_E00001?xsiType=xnat:petSessionData, 501",
        "PUT, /data/experiments/SIM_E00001?ID=SIM_E00002, 501",
        "PUT, /data/experiments/SIM_E00001?xnat:mrSessionData/ID=SIM_E00002, 501",
        "PUT, /data/experiments/SIM_E00001?xnat:mrSessionData/scans/scan/note=x, 501",
        "PUT, /data/experiments/SIM_E00001?xnat:mrSessionData/sharing/share/label=x, 501",
        "PUT, /data/experiments/SIM_E00001?xnat:petSessionData/note=x, 501",
        "PUT, /data/experiments/SIM_E00001?xnat:mrScanData/note=x, 501",
        "PUT, /data/experiments/SIM_E00001?xnat:mrSessionData/fields/field%5Bname=v%5D/name=x, 501",
        "PUT, /data/experiments/SIM_E00001?note=x&xnat:mrSessionData/note=y, 400",
        "PUT, /data/projects/P/subjects/S/experiments/NEW?ID=SIM_E00009, 501",
        "PUT, /data/projects/P/subjects/S/experiments/NEW?xsiType=xnat:petSessionData&xnat:mrSessionData/note=x, 501",
        "PUT, /data/projects/P?ID=R, 501",
        "PUT, /data/projects/P?label=R, 501",
        "PUT, /data/projects/NEW?xnat:projectData/ID=R, 501",
        "PUT, /data/projects/P?xnat:projectData/aliases/alias/name=R, 501",
        "PUT, /data/projects/P/subjects/S?ID=SIM_S00002, 501",
        "PUT, /data/projects/P/subjects/NEW?ID=SIM_S00002, 501",
        "PUT, /data/projects/P/subjects/S?xnat:subjectData/experiments/experiment/age=5, 501",
        "PUT, /data/projects/P/subjects/S?xnat:subjectData/demographics/label=x, 501",
        "PUT, /data/experiments/SIM_E00001/scans/2?ID=9, 501",
        "PUT, /data/experiments/SIM_E00001/scans/2?label=9, 501",
        "PUT, /data/experiments/SIM_E00001/scans/2?xnat:mrScanData/parameters/type=x, 501",
        "PUT, /data/experiments/SIM_E00001/scans/2?xnat:petScanData/type=x, 501",
        "PUT, /data/experiments/SIM_E00001/resources/X?xnat:mrScanData/content=x, 501",
        "PUT, /data/experiments/SIM_E00001/resources/X?xnat:resourceCatalog/entries/entry/content=x, 501",
        "DELETE, /data/experiments/SIM_E00001?removeFiles=perhaps, 400",
        "PUT, /data/projects/P/subjects/S/experiments/P_S_01/projects/P?primary=yes, 400",
        "GET, /data/experiments/SIM_E00001/scans/2/files?recursive=no, 400",
        "GET, /data/projects/P/experiments?sortBy=label&sortOrder=down, 400",
        "PUT, /data/projects/P/subjects/S?colour=red, 501",
        "PUT, /data/projects/P?keywords=x, 501",
        "DELETE, /data/projects/P, 405",
        "PUT, /data/projects/P/subjects/S/projects/NONE, 404",
        "DELETE, /data/projects/P/subjects/S/projects/P, 404",
        "PUT, /data/experiments/SIM_E00001/resources/X?tags=a, 501",
        "PUT, /data/experiments/SIM_E00001/resources/X?xnat:resourceCatalog/label=Y, 501",
        "PUT, /data/experiments/SIM_E00001/resources/X/files/a.txt?reference=/etc/passwd, 501",
        "PUT, /data/experiments/SIM_E00001/scans/2%2C3/resources/X, 404",
        "DELETE, /data/projects/P/resources/NONE, 404",
        "PUT, /data/experiments/SIM_E00001/scans/2?xnat:mrScanData/condition=x, 501",
        "PUT, /data/projects/P/subjects/S/experiments/P_S_01/projects/NONE, 404",
        "DELETE, /data/projects/P/subjects/S/experiments/P_S_01/projects/P, 404",
        "GET, /data/experiments/SIM_E00001/resources/4711/files, 404",
        "POST, /data/services/settings, 501",
        "POST, /data/prearchive/projects/P, 405",
        "POST, /data/services/refresh/catalog?resource=/archive/experiments/SIM_E00001&options=repair, 501"
    })
    void whatIsNotDoneIsRefused(String method, String path, int status) throws Exception {
        // Given a session
        // When
        Client.Answer answer = client.trySend(method, path, new byte[0]);
        // Then
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).contains("<h3>");
    }

    @Test
    void valuesAreReadByShortNameOrByPathAndTheOwnIdSentBackIsNoChange() {
        // Given a session, its subject and a scan
        // When
        Client.Answer session = client.put(
                "/data/experiments/SIM_E00001?ID=SIM_E00001&xnat:imageSessionData/note=tired&xnat:mrSessionData/time=10:00:00",
                new byte[0]);
        Client.Answer subject = client.put(
                "/data/projects/P/subjects/S?ID=SIM_S00001"
                        + "&xnat:subjectData/demographics%5B@xsi:type=xnat:demographicData%5D/gender=female",
                new byte[0]);
        Client.Answer scan =
                client.put("/data/experiments/SIM_E00001/scans/2?ID=2&xnat:imageScanData/note=moved", new byte[0]);
        // Then
        assertThat(session.status()).as(session.text()).isEqualTo(200);
        assertThat(subject.status()).as(subject.text()).isEqualTo(200);
        assertThat(scan.status()).as(scan.text()).isEqualTo(200);
        assertThat(sim.archive().session("SIM_E00001").fields()).containsEntry("note", "tired");
        assertThat(sim.archive().session("SIM_E00001").time()).isEqualTo("10:00:00");
        assertThat(sim.archive().session("SIM_E00001").scans().get(0).note()).isEqualTo("moved");
        assertThat(sim.archive().subject("SIM_S00001").fields()).containsExactly(Map.entry("gender", "female"));
    }

    @Test
    void aNewSessionIsCalledAsItsParametersState() {
        // Given no session B
        // When
        Client.Answer answer = client.put("/data/projects/P/subjects/S/experiments/A?label=B", new byte[0]);
        // Then
        assertThat(answer.status()).isEqualTo(201);
        assertThat(sim.archive().session(answer.text()).label()).isEqualTo("B");
    }

    @Test
    void aRefusedWriteChangesNothing() {
        // Given a session called P_S_01
        // When
        Client.Answer answer = client.put("/data/experiments/SIM_E00001?label=OTHER&note=x&protocol=y", new byte[0]);
        // Then
        assertThat(answer.status()).isEqualTo(501);
        assertThat(sim.archive().session("SIM_E00001").label()).isEqualTo("P_S_01");
        assertThat(sim.archive().session("SIM_E00001").fields()).doesNotContainKey("note");
    }

    @Test
    void aProjectIsMadeAndNamedWithoutABodyInTheAnswer() {
        // Given no project Q
        // When
        Client.Answer answer =
                client.put("/data/projects/Q?xnat:projectData/name=Quiet&description=nothing", new byte[0]);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEmpty();
        assertThat(client.get("/data/projects?ID=Q").rows().get(0).get("name").asText())
                .isEqualTo("Quiet");
    }

    @Test
    void valuesOfASubjectAreKept() {
        // Given a subject
        // When
        Client.Answer answer = client.put("/data/projects/P/subjects/S?gender=female&yob=1980", new byte[0]);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(client.get("/data/projects/P/subjects?columns=label,gender,yob")
                        .rows()
                        .get(0)
                        .get("yob")
                        .asText())
                .isEqualTo("1980");
        assertThat(client.get("/data/projects/P/subjects/S?format=json").text()).contains("\"gender\":\"female\"");
    }

    @Test
    void aSubjectIsSharedAndTakenBack() {
        // Given
        sim.archive().createProject("Q");
        String path = "/data/projects/P/subjects/S/projects/Q";
        // When
        Client.Answer answer = client.put(path + "?label=Q_S", new byte[0]);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(client.get("/data/projects/Q/subjects")
                        .rows()
                        .get(0)
                        .get("label")
                        .asText())
                .isEqualTo("Q_S");
        assertThat(client.get("/data/projects/P/subjects/S/projects").rows()).hasSize(2);
        assertThat(client.delete(path).status()).isEqualTo(200);
        assertThat(client.get("/data/projects/Q/subjects").rows()).isEmpty();
    }

    @Test
    void deletingABorrowedSessionGivesItBack() {
        // Given a session of P that is shared with Q
        sim.archive().createProject("Q");
        sim.archive().share("SIM_E00001", "Q", "Q_01");
        // When
        Client.Answer answer = client.delete("/data/projects/Q/experiments/Q_01?removeFiles=true");
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(client.get("/data/projects/Q/experiments").rows()).isEmpty();
        assertThat(client.get("/data/projects/P/experiments").rows()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/data/projects/P", "/data/projects/P/subjects/S", "/data/subjects/SIM_S00001"})
    void resourcesHangOnProjectsAndSubjects(String holder) {
        // Given no resource
        String file = holder + "/resources/NOTES/files/a.txt";
        assertThat(client.put(holder + "/resources/NOTES?content=TEXT", new byte[0])
                        .status())
                .isEqualTo(200);
        assertThat(client.put(holder + "/resources/NOTES", new byte[0]).status())
                .isEqualTo(409);
        // When
        Client.Answer answer =
                client.put(file + "?inbody=true&format=TXT&content=NOTE&tags=first", "three".getBytes(UTF_8));
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(client.get(file).text()).isEqualTo("three");
        JsonNode row = client.get(holder + "/resources/NOTES/files").rows().get(0);
        assertThat(row.get("file_format").asText()).isEqualTo("TXT");
        assertThat(row.get("file_content").asText()).isEqualTo("NOTE");
        assertThat(row.get("file_tags").asText()).isEqualTo("first");
        assertThat(client.get(holder + "/resources")
                        .rows()
                        .get(0)
                        .get("file_count")
                        .asText())
                .isEqualTo("1");
        assertThat(client.delete(file).status()).isEqualTo(200);
        assertThat(client.get(file).status()).isEqualTo(404);
        assertThat(client.delete(holder + "/resources/NOTES").status()).isEqualTo(200);
        assertThat(client.get(holder + "/resources").rows()).isEmpty();
    }

    @Test
    void whoMayOnlyReadWritesNoResource() {
        // Given
        sim.accounts().put(User.reader("reader", "pw", Set.of("P")));
        // When
        Client.Answer answer = Client.session(sim, "reader", "pw").put("/data/projects/P/resources/NOTES", new byte[0]);
        // Then
        assertThat(answer.status()).isEqualTo(403);
        assertThat(sim.archive().project("P").resources()).isEmpty();
    }

    @Test
    void everyFileOfAFormIsStored() {
        // Given a form of two files
        byte[] form = ("--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a.txt\"\r\n\r\none\r\n"
                        + "--x\r\nContent-Disposition: form-data; name=\"b\"; filename=\"b (ü).txt\"\r\n\r\ntwo\r\n--x--\r\n")
                .getBytes(UTF_8);
        // When
        Client.Answer answer = client.with("Content-Type", "multipart/form-data; boundary=x")
                .post("/data/experiments/SIM_E00001/resources/NOTES/files", form);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(client.get("/data/experiments/SIM_E00001/resources/NOTES/files")
                        .rows()
                        .findValuesAsText("Name"))
                .containsExactly("a.txt", "b (ü).txt");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 1, (0018;0080)",
        "'&field=RepetitionTime', 1, (0018;0080)",
        "'&field=00180080&field=Modality', 2, (0018;0080)",
        "'&field=InstanceNumber&index=2', 1, (0020;0013)",
        "'&field=InstanceNumber&summary=true', 3, (0020;0013)"
    })
    void aHeaderDumpGivesTheFieldsAskedFor(String query, int atLeast, String tag) {
        // Given a scan of three images
        String path = "/data/services/dicomdump?format=json&src=/archive/projects/P/experiments/P_S_01/scans/2" + query;
        // When
        JsonNode rows = client.get(path).rows();
        // Then
        if (query.isEmpty()) {
            assertThat(rows).hasSizeGreaterThan(10);
        } else {
            assertThat(rows).hasSize(atLeast);
        }
        assertThat(rows.findValuesAsText("tag1")).contains(tag.replace(';', ','));
        if (query.contains("index=2")) {
            assertThat(rows.get(0).get("value").asText()).isEqualTo("3");
        }
    }

    @ParameterizedTest
    @CsvSource({"index=7, 404", "index=x, 400", "field=NoSuchField, 400", "colour=red, 501"})
    void aHeaderDumpOfNothingIsRefused(String query, int status) {
        // Given a scan of three images
        // When
        Client.Answer answer =
                client.get("/data/services/dicomdump?src=/archive/projects/P/experiments/P_S_01/scans/2&" + query);
        // Then
        assertThat(answer.status()).isEqualTo(status);
    }

    @Test
    void aRefreshForgetsFilesThatAreGone() {
        // Given a file that the catalogue lists and the disk has not
        sim.loseScanFile("SIM_E00001", "2", "DICOM", "1.2.3.2-2.dcm");
        // When
        Client.Answer answer = client.post(
                "/data/services/refresh/catalog?resource=/archive/experiments/SIM_E00001&options=delete", new byte[0]);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(client.get("/data/experiments/SIM_E00001/scans/2/files").rows())
                .hasSize(2);
    }

    @Test
    void aSharedSessionIsTakenBack() {
        // Given
        sim.archive().createProject("Q");
        String path = "/data/projects/P/subjects/S/experiments/P_S_01/projects/Q";
        client.put(path + "?label=Q_01", new byte[0]);
        assertThat(client.get("/data/projects/Q/experiments").rows()).hasSize(1);
        // When
        Client.Answer answer = client.delete(path);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(client.get("/data/projects/Q/experiments").rows()).isEmpty();
    }

    @Test
    void aSubjectIsDeletedWithItsSessions() {
        // Given a subject with a session
        // When
        Client.Answer answer = client.delete("/data/projects/P/subjects/S");
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(client.get("/data/projects/P/subjects").rows()).isEmpty();
        assertThat(client.get("/data/experiments/SIM_E00001").status()).isEqualTo(404);
    }

    @Test
    void aScanWithoutImagesIsMade() {
        // Given a session of scans 2 and 3
        // When
        Client.Answer answer = client.put("/data/experiments/SIM_E00001/scans/9?xnat:mrScanData/type=T2", new byte[0]);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(sim.archive().session("SIM_E00001").scans())
                .filteredOn(scan -> scan.id().equals("9"))
                .extracting(Scan::type, Scan::xsiType)
                .containsExactly(Tuple.tuple("T2", "xnat:mrScanData"));
    }

    @Test
    void aFileInAFormIsStored() {
        // Given
        byte[] form = ("--x\r\nContent-Disposition: form-data; name=\"comment\"\r\n\r\nhello\r\n"
                        + "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"notes.txt\"\r\n"
                        + "Content-Type: text/plain\r\n\r\nthree notes\r\n--x--\r\n")
                .getBytes(UTF_8);
        // When
        Client.Answer answer = client.with("Content-Type", "multipart/form-data; boundary=x")
                .post("/data/experiments/SIM_E00001/resources/NOTES/files/notes.txt", form);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(client.get("/data/experiments/SIM_E00001/resources/NOTES/files/notes.txt")
                        .text())
                .isEqualTo("three notes");
    }

    @Test
    void anUploadWaitsInThePrearchiveUnlessSetOtherwise() throws Exception {
        // Given
        byte[] zip = Dicoms.zip(Dicoms.session(folder.resolve("y")));
        // When
        Client.Answer answer = client.with("Content-Type", "application/zip")
                .post("/data/services/import?inbody=true&Ignore-Unparsable=true&project=P&session=LATER", zip);
        // Then
        assertThat(answer.text()).startsWith("/data/prearchive/projects/P/");
    }

    @Test
    void aColumnOfTheScansGivesARowPerScan() {
        // Given a session of two scans
        // When
        JsonNode rows = client.get("/data/projects/P/experiments?format=json&xsiType=XNAT:mrSessionData"
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
    void anAssessorIsListedAndReadAndGoesWithItsSession() {
        // Given
        String assessors = "/data/experiments/SIM_E00001/assessors";
        String qc = "?xsiType=xnat:qcManualAssessorData";

        // When
        Client.Answer created = client.put(assessors + "/QC_1" + qc, new byte[0]);

        // Then
        String item = "/data/experiments/" + created.text().strip();
        assertThat(created.status()).isEqualTo(201);
        assertThat(client.get(item + "?format=json").text())
                .contains("\"xsi:type\":\"xnat:qcManualAssessorData\"", "\"imageSession_ID\":\"SIM_E00001\"");
        for (String type : new String[] {"", qc, "?xsiType=xnat:imageAssessorData"}) {
            assertThat(client.get(assessors + type).text()).as(type).contains("QC_1");
        }
        assertThat(client.get(assessors + "?xsiType=xnat:mrSessionData").text()).doesNotContain("QC_1");
        assertThat(client.get("/data/experiments" + qc).status()).isEqualTo(501);
        assertThat(client.put(assessors + "/QC_1" + qc, new byte[0]).status()).isEqualTo(409);
        assertThat(client.put(assessors + "/P_S_01" + qc, new byte[0]).status()).isEqualTo(409);
        assertThat(client.put(assessors + "/QC_2?xsiType=xnat:mrSessionData", new byte[0])
                        .status())
                .isEqualTo(501);
        String fresh = sim.archive().recreate("SIM_E00001").id();
        assertThat(sim.archive().assessorsOf(fresh)).singleElement().satisfies(one -> assertThat(one.label())
                .isEqualTo("QC_1"));
        assertThat(client.get(item).status()).isEqualTo(404);
    }

    @Test
    void aResourceIsItsCatalogueWhateverTheFormat() {
        // Given a session
        // When
        Client.Answer answer = client.get("/data/experiments/SIM_E00001/scans/2/resources/DICOM?format=json");
        // Then
        assertThat(answer.text()).contains("<cat:DCMCatalog").contains("<cat:entry");
    }

    @ParameterizedTest
    @CsvSource({
        "xnat:mrSessionData, P, 200, P_S_01",
        "xnat:mrSessionData, NONE, 200, ''",
        "xnat:petSessionData, P, 200, ''",
        "xnat:qcManualAssessorData, P, 501, does not search xnat:qcManualAssessorData"
    })
    void aSearchFindsWhatTheListsHold(String root, String project, int status, String expected) {
        // Given
        String search = """
                <xdat:search xmlns:xdat="http://nrg.wustl.edu/security">
                  <xdat:root_element_name>%1$s</xdat:root_element_name>
                  <xdat:search_field><xdat:element_name>%1$s</xdat:element_name><xdat:field_ID>LABEL</xdat:field_ID>
                  </xdat:search_field>
                  <xdat:search_where method="AND"><xdat:criteria><xdat:schema_field>%1$s/PROJECT</xdat:schema_field>
                    <xdat:comparison_type>=</xdat:comparison_type><xdat:value>%2$s</xdat:value></xdat:criteria>
                  </xdat:search_where>
                </xdat:search>""".formatted(root, project);
        // When
        Client.Answer answer =
                client.with("Content-Type", "text/xml").post("/data/search?format=csv", search.getBytes(UTF_8));
        // Then
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text()).contains(expected);
        assertThat(answer.text().lines().filter(line -> line.equals("P_S_01")).count())
                .isEqualTo(expected.equals("P_S_01") ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({
        "PROJECT, =, P, 200, true",
        "PROJECT, !=, P, 200, false",
        "LABEL, LIKE, p_s%, 200, true",
        "LABEL, NOT LIKE, P_%, 200, false",
        "DATE, BETWEEN, 2024-03-01 AND 2024-03-31, 200, true",
        "DATE, BETWEEN, 03/06/2024 AND 03/31/2024, 200, false",
        "DATE, >, 02/28/2024, 200, true",
        "DATE, <=, 2024-03-04, 200, false",
        "LABEL, IN, 'A,P_S_01', 200, true",
        "LABEL, NOT IN, 'A,P_S_01', 200, false",
        "NOTE, IS NULL, '', 200, true",
        "NOTE, IS NOT NULL, '', 200, false",
        "DATE, BETWEEN, 2024-03-01, 400, false",
        "LABEL, SOUNDS LIKE, P, 501, false",
        "NO_SUCH_FIELD, =, P, 400, false"
    })
    void aSearchComparesOrRefuses(String field, String comparison, String value, int status, boolean found) {
        // Given a session P_S_01 of 5 March 2024 without a note
        String search = """
                <xdat:search xmlns:xdat="http://nrg.wustl.edu/security">
                  <xdat:root_element_name>xnat:mrSessionData</xdat:root_element_name>
                  <xdat:search_field><xdat:element_name>xnat:mrSessionData</xdat:element_name><xdat:field_ID>LABEL</xdat:field_ID>
                  </xdat:search_field>
                  <xdat:search_where method="AND"><xdat:criteria><xdat:schema_field>xnat:mrSessionData/%s</xdat:schema_field>
                    <xdat:comparison_type>%s</xdat:comparison_type><xdat:value>%s</xdat:value></xdat:criteria>
                  </xdat:search_where>
                </xdat:search>""".formatted(field, comparison.replace("<", "&lt;").replace(">", "&gt;"), value);
        // When
        Client.Answer answer =
                client.with("Content-Type", "text/xml").post("/data/search?format=csv", search.getBytes(UTF_8));
        // Then
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.text().lines().anyMatch(line -> line.equals("P_S_01")))
                .isEqualTo(found);
    }
}
