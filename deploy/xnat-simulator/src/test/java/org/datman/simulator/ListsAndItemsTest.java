package org.datman.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.datman.simulator.archive.Session;
import org.datman.simulator.importer.LoadOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shapes of lists and items (S3 to S7 of the conformance list), read by a plain client. */
class ListsAndItemsTest {
    @TempDir
    static Path folder;

    static XnatSimulator sim;
    static Client client;
    static Session session;

    @BeforeAll
    static void start() throws Exception {
        sim = XnatSimulator.builder()
                .users(Map.of("svc", "secret"))
                .clock(Clock.fixed(Instant.parse("2024-03-05T18:22:09.480Z"), ZoneOffset.UTC))
                .siteId("DEMO")
                .start();
        session = sim.addSession(
                Dicoms.session(folder.resolve("SPN01_CMH_0001_01_SE01_MR")),
                LoadOptions.project("SPN01").subject("SPN01_CMH_0001"));
        client = Client.session(sim, "svc", "secret");
    }

    @AfterAll
    static void stop() {
        sim.close();
    }

    private static List<String> keys(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /data/projects                      | ID,secondary_ID,name,description,pi_firstname,pi_lastname,URI
            /REST/projects/                     | ID,secondary_ID,name,description,pi_firstname,pi_lastname,URI
            /data/archive/projects/SPN01/subjects/ | ID,project,label,insert_date,insert_user,URI
            /data/projects/SPN01/experiments    | ID,project,date,xsiType,label,insert_date,xnat:subjectassessordata/id,URI
            /data/projects/SPN01/subjects/SPN01_CMH_0001/experiments | ID,project,date,xsiType,label,insert_date,xnat:subjectassessordata/id,URI
            /data/experiments                   | ID,project,date,xsiType,label,insert_date,xnat:subjectassessordata/id,URI,subject_ID,subject_label
            /data/experiments/DEMO_E00001/scans | xnat_imagescandata_id,ID,type,quality,xsiType,note,series_description,URI
            /data/experiments/DEMO_E00001/resources | xnat_abstractresource_id,label,element_name,category,cat_id,cat_desc,file_count,file_size,tags,content,format
            /data/experiments/DEMO_E00001/scans/2/resources?columns=ID | xnat_abstractresource_id,label,element_name,category,cat_id,cat_desc,file_count,file_size,tags,content,format
            /data/users                         | xdat_user_id,login,firstname,lastname,email
            /data/projects/SPN01/users          | GROUP_ID,displayname,login,firstname,lastname,email
            /data/search/elements               | ELEMENT_NAME,SINGULAR,PLURAL,SECURED,COUNT
            """)
    void listsHaveXnatsColumnsAndTextCells(String path, String columns) {
        // Given a list that is asked for without columns or format
        // When
        Client.Answer answer = client.get(path);
        // Then
        assertThat(answer.header("content-type")).startsWith("application/json");
        JsonNode set = answer.json().get("ResultSet");
        assertThat(keys(set.get("Result").get(0))).containsExactly(columns.split(","));
        assertThat(set.get("totalRecords").isTextual()).isTrue();
        for (JsonNode cell : set.get("Result").get(0)) {
            assertThat(cell.isTextual()).isTrue();
        }
    }

    @Test
    void experimentRow() {
        // Given the session
        // When
        JsonNode rows = client.get("/data/projects/SPN01/experiments").rows();
        // Then
        assertThat(rows)
                .hasToString("[{\"ID\":\"DEMO_E00001\",\"project\":\"SPN01\",\"date\":\"2024-03-05\","
                        + "\"xsiType\":\"xnat:mrSessionData\",\"label\":\"SPN01_CMH_0001_01_SE01_MR\","
                        + "\"insert_date\":\"2024-03-05 18:22:09.48\",\"xnat:subjectassessordata/id\":\"DEMO_E00001\","
                        + "\"URI\":\"/data/experiments/DEMO_E00001\"}]");
    }

    @Test
    void fileRowsHaveNoTotal() {
        // Given a resource of three files
        // When
        JsonNode set = client.get("/data/experiments/DEMO_E00001/scans/2/resources/DICOM/files")
                .json()
                .get("ResultSet");
        // Then
        assertThat(keys(set)).containsExactly("Columns", "Result", "title");
        assertThat(keys(set.get("Result").get(0)))
                .containsExactly(
                        "Name",
                        "Size",
                        "URI",
                        "collection",
                        "file_tags",
                        "file_format",
                        "file_content",
                        "cat_ID",
                        "digest");
        assertThat(set.get("Result")).hasSize(3);
        assertThat(set.get("Result").get(0).get("digest").asText()).matches("[0-9a-f]{32}");
    }

    @Test
    void csvIsHeaderAndLines() {
        // Given a request for CSV, as pyxnat has it
        // When
        Client.Answer answer = client.get("/data/experiments/DEMO_E00001/scans?format=csv&columns=ID,type,UID");
        // Then
        assertThat(answer.header("content-type")).isEqualTo("text/csv");
        assertThat(answer.text())
                .isEqualTo("ID,type,UID,URI\n"
                        + "2,Sag T1 MPRAGE,1.2.3.2,/data/experiments/DEMO_E00001/scans/2\n"
                        + "3,rest/BOLD,1.2.3.3,/data/experiments/DEMO_E00001/scans/3\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            label=SPN01_*                                   | 1
            label=SPN02_*                                   | 0
            label=nothing,SPN01_CMH_0001_01_SE01_MR         | 1
            xsiType=xnat:imageSessionData                   | 1
            xsiType=xnat:petSessionData                     | 0
            date=03/05/2024                                 | 1
            date=03/01/2024-03/04/2024                      | 0
            insert_date=03/01/2024-03/31/2024               | 1
            date=2024-03-05                                 | 0
            xnat:mrSessionData/project=SPN01                | 1
            limit=1&offset=1                                | 0
            """)
    void filters(String query, int rows) {
        // Given one session of 5 March 2024
        // When
        Client.Answer answer = client.get("/data/experiments?" + query);
        // Then
        assertThat(answer.rows()).hasSize(rows);
    }

    @Test
    void pagedListsHaveNoTotal() {
        // Given a page of a list
        // When
        JsonNode set = client.get("/data/experiments?limit=10").json().get("ResultSet");
        // Then
        assertThat(set.has("totalRecords")).isFalse();
    }

    @Test
    void itemOfASession() {
        // Given the session with two scans and two resources
        // When
        JsonNode item = client.get("/data/experiments/DEMO_E00001?format=json")
                .json()
                .get("items")
                .get(0);
        // Then
        assertThat(item.at("/meta/xsi:type").asText()).isEqualTo("xnat:mrSessionData");
        assertThat(item.at("/meta/start_date").asText()).isEqualTo("Tue Mar 05 18:22:09 UTC 2024");
        assertThat(item.at("/data_fields/UID").asText()).isEqualTo(Dicoms.STUDY);
        assertThat(item.at("/data_fields/id").asText()).isEqualTo("DEMO_E00001");
        assertThat(item.get("children").findValuesAsText("field")).contains("scans/scan", "resources/resource");
        JsonNode scan = item.get("children").get(0).get("items").get(0);
        assertThat(scan.at("/data_fields/parameters~1imageType").asText()).isEqualTo("ORIGINAL\\PRIMARY\\M\\NORM");
        assertThat(scan.at("/data_fields/frames").isNumber()).isTrue();
        assertThat(scan.at("/data_fields/parameters~1tr").asDouble()).isEqualTo(2000);
        assertThat(scan.at("/children/0/items/0/data_fields/file_count").asInt())
                .isEqualTo(3);
        assertThat(scan.at("/data_fields").has("note")).isFalse();
    }

    @Test
    void itemWithoutFormatIsNotJson() {
        // Given a single object
        // When
        Client.Answer answer = client.get("/data/experiments/DEMO_E00001");
        // Then
        assertThat(answer.text()).startsWith("<?xml").contains("<xnat:MRSession ID=\"DEMO_E00001\"");
    }

    @Test
    void projectRouteToScansIsMissing() {
        // Given the route that XNAT does not have
        // When
        Client.Answer answer =
                client.get("/data/projects/SPN01/experiments/SPN01_CMH_0001_01_SE01_MR/scans?format=json");
        // Then
        assertThat(answer.json().at("/items/0/data_fields/ID").asText()).isEqualTo("DEMO_E00001");
    }

    @ParameterizedTest
    @CsvSource({
        "/data/experiments/SPN01_CMH_0001_01_SE01_MR?format=json,404",
        "/data/experiments/DEMO_E09999?format=json,404",
        "/data/projects/NOPE?format=json,404",
        "/data/version,404",
        "/data/experiments?unknown_key=whatever,501",
        "/data/experiments?format=parquet,501",
        "/data/experiments?limit=many,400",
        "/data/experiments/DEMO_E00001/history,501",
        "/data/experiments/DEMO_E00001/resources/behav/x,400",
        "/data/experiments/DEMO_E00001/resources/NOPE/files,200",
        "/data/experiments/DEMO_E00001/resources/NOPE/files?format=zip,404",
        "/data/experiments/DEMO_E00001/resources/NOPE/files?format=zip&accept-not-found=true,204"
    })
    void statusOfOddPaths(String path, int status) {
        // Given a path that means nothing, or little
        // When
        Client.Answer answer = client.get(path);
        // Then
        assertThat(answer.status()).isEqualTo(status);
    }

    @Test
    void catalogueOfADicomResource() {
        // Given a DICOM resource
        // When
        String xml = client.get("/data/experiments/DEMO_E00001/scans/2/resources/DICOM?format=xml")
                .text();
        // Then
        assertThat(xml)
                .contains("<cat:DCMCatalog UID=\"1.2.3.2\"")
                .contains("xsi:type=\"cat:dcmEntry\"")
                .contains("UID=\"1.2.3.2.1\"")
                .contains("instanceNumber=\"1\"");
    }

    @Test
    void allResourcesInOneCall() {
        // Given a session with two resources and two scans of one resource each
        // When
        JsonNode rows =
                client.get("/data/experiments/DEMO_E00001/resources?all=true").rows();
        // Then
        assertThat(rows.findValuesAsText("label")).containsExactly("MISC", "behav", "DICOM", "DICOM");
        assertThat(rows.findValuesAsText("category")).containsExactly("resources", "resources", "scans", "scans");
    }

    @Test
    void headerDump() {
        // Given a scan
        // When
        JsonNode rows = client.get("/data/services/dicomdump?format=json"
                        + "&src=/archive/projects/SPN01/experiments/SPN01_CMH_0001_01_SE01_MR/scans/2")
                .rows();
        // Then
        assertThat(rows.findValuesAsText("tag1")).contains("(0018,0081)");
    }

    @Test
    void buildInfoIsOpenToAll() {
        // Given nobody in particular
        // When
        Client.Answer answer = Client.guest(sim).get("/xapi/siteConfig/buildInfo");
        // Then
        assertThat(answer.json().get("version").asText()).isEqualTo("1.8.10");
        assertThat(answer.json().get("dirty").isTextual()).isTrue();
    }
}
