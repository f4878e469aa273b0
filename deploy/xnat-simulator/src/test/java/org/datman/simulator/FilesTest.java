package org.datman.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.datman.simulator.archive.Session;
import org.datman.simulator.importer.LoadOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single files, zips in their structures, selectors, odd names, writing (S8, S9). */
class FilesTest {
    private static final String E = "/data/experiments/SIM_E00001";

    @TempDir
    Path folder;

    XnatSimulator sim;
    Client client;
    Session session;

    @BeforeEach
    void start() throws Exception {
        sim = XnatSimulator.builder().users(Map.of("svc", "secret")).start();
        session = sim.addSession(Dicoms.session(folder.resolve("S1")), LoadOptions.project("P"));
        client = Client.session(sim, "svc", "secret");
    }

    @AfterEach
    void stop() {
        sim.close();
    }

    static Map<String, byte[]> unzip(byte[] bytes) throws IOException {
        Map<String, byte[]> result = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes), UTF_8)) {
            for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) {
                result.put(entry.getName(), zip.readAllBytes());
            }
        }
        return result;
    }

    @Test
    void singleFileHasLengthAndIgnoresRange() throws Exception {
        // Given a file and a request for a part of it
        String path = E + "/scans/2/resources/DICOM/files/1.2.3.2-1.dcm";
        // When
        Client.Answer answer = client.with("Range", "bytes=0-9").get(path);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.bytes()).isEqualTo(Files.readAllBytes(folder.resolve("S1/a/T1/1.2.3.2-1.dcm")));
        assertThat(answer.header("Content-Type")).isEqualTo("application/dicom");
        assertThat(answer.header("Content-Disposition")).contains("1.2.3.2-1.dcm");
        Client.Answer head = client.head(path);
        assertThat(head.header("Content-Length")).isEqualTo(Integer.toString(answer.bytes().length));
        assertThat(head.bytes()).isEmpty();
        assertThat(client.with("If-Modified-Since", answer.header("Last-Modified"))
                        .get(path)
                        .status())
                .isEqualTo(304);
    }

    @Test
    void nameWithOddCharactersIsFoundWhenEncoded() {
        // Given a file name with blank, hash, plus, brackets and umlaut, in a folder with a blank
        String encoded = "run%201/task%20%231%2B2%20%28%C3%BC%29.csv";
        // When
        Client.Answer answer = client.get(E + "/resources/behav/files/" + encoded);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("onset,duration\n1,2\n");
    }

    @Test
    void unknownFile() {
        // Given a path that no catalogue has
        // When
        Client.Answer answer = client.get(E + "/scans/2/resources/DICOM/files/nope.dcm");
        // Then
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text()).contains("Unable to find catalog entry for given uri.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                             | S1/scans/3-rest_BOLD/resources/DICOM/files/1.2.3.3-1.dcm
            &structure=simplified | S1/scans/3/DICOM/1.2.3.3-1.dcm
            &structure=improved   | scans/3_rest_BOLD/DICOM/1.2.3.3-1.dcm
            &structure=legacy     | S1/SCANS/3/DICOM/1.2.3.3-1.dcm
            """)
    void zipStructures(String structure, String entry) throws Exception {
        // Given a scan of two files whose type has a slash
        String suffix = structure == null ? "" : structure;
        // When
        Client.Answer answer = client.get(E + "/scans/3/resources/DICOM/files?format=zip" + suffix);
        // Then
        assertThat(answer.header("Transfer-Encoding")).isEqualTo("chunked");
        assertThat(answer.header("Content-Length")).isEmpty();
        assertThat(answer.header("Content-Disposition")).isEqualTo("attachment; filename=\"S1.zip\"");
        assertThat(unzip(answer.bytes())).hasSize(2).containsKey(entry);
        assertThat(answer.bytes()[8]).as("method of the first entry: stored").isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "/scans/2/files,3",
        "/scans/ALL/files,5",
        "'/scans/2,3/resources/DICOM/files',5",
        "/scans/*/files,5",
        "/scans/rest[SLASH]BOLD/files,2",
        "/scans/Sag%20T1%20MPRAGE/files,3",
        "/files,2",
        "/files?all=true,7",
        "'/resources/behav,MISC/files',2",
        "/scans/2/files?file_content=RAW,0",
        "/scans/2/files?file_format=DICOM,3",
        "/resources/behav/files/run%201/,1"
    })
    void selectors(String path, int files) {
        // Given a way to select files
        // When
        JsonNode rows =
                client.get(E + path.replace("[", "%5B").replace("]", "%5D")).rows();
        // Then
        assertThat(rows).hasSize(files);
    }

    @Test
    void fileUrisCarryTheWayTheyWereAskedFor() {
        // Given the session asked for through project and subject
        String subject = sim.archive().subject(session.subjectId()).label();
        // When
        JsonNode rows = client.get("/data/projects/P/subjects/" + subject + "/experiments/S1/scans/2/files")
                .rows();
        // Then
        assertThat(rows.get(0).get("URI").asText())
                .startsWith("/data/projects/P/subjects/SIM_S00001/experiments/SIM_E00001/scans/2/resources/");
    }

    @Test
    void vanishedFilesAreSkippedInSilence() throws Exception {
        // Given a file that the catalogue lists and the disk has not
        sim.loseScanFile(session.id(), "2", "DICOM", "1.2.3.2-2.dcm");
        // When
        Client.Answer answer = client.get(E + "/scans/2/resources/DICOM/files?format=zip");
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(unzip(answer.bytes())).hasSize(2);
        assertThat(client.get(E + "/scans/2/resources/DICOM/files").rows()).hasSize(3);
        assertThat(client.get(E + "/scans/2/resources/DICOM/files/1.2.3.2-2.dcm")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void zipOfARenamedSessionKeepsTheFolderOfTheArchive() throws Exception {
        // Given a session renamed while its folder stayed
        sim.archive().renameKeepingFolder(session.id(), "NEW");
        // When
        Client.Answer answer = client.get(E + "/scans/3/files?format=zip");
        // Then
        assertThat(unzip(answer.bytes()).keySet()).allMatch(name -> name.startsWith("S1/"));
    }

    @Test
    void tarGz() throws Exception {
        // Given a request for tar.gz
        // When
        Client.Answer answer = client.get(E + "/scans/3/files?format=tar.gz");
        // Then
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(answer.bytes())))) {
            assertThat(tar.getNextEntry().getName())
                    .isEqualTo("S1/scans/3-rest_BOLD/resources/DICOM/files/1.2.3.3-1.dcm");
        }
    }

    @Test
    void upload() {
        // Given a new resource with one file
        assertThat(client.put(E + "/resources/NOTES?format=TXT", new byte[0]).status())
                .isEqualTo(200);
        assertThat(client.put(E + "/resources/NOTES", new byte[0]).status()).isEqualTo(409);
        client.put(E + "/resources/NOTES/files/a%20b.txt?inbody=true", "one".getBytes(UTF_8));
        // When
        Client.Answer again = client.put(E + "/resources/NOTES/files/a%20b.txt?inbody=true", "two".getBytes(UTF_8));
        // Then
        assertThat(again.text()).isEqualTo("{\"duplicates\":[\"a b.txt\"]}");
        assertThat(client.get(E + "/resources/NOTES/files/a%20b.txt").text()).isEqualTo("one");
        client.put(E + "/resources/NOTES/files/a%20b.txt?inbody=true&overwrite=true", "two".getBytes(UTF_8));
        assertThat(client.get(E + "/resources/NOTES/files/a%20b.txt").text()).isEqualTo("two");
        assertThat(client.delete(E + "/resources/NOTES/files/a%20b.txt").status())
                .isEqualTo(200);
        assertThat(client.get(E + "/resources/NOTES/files").rows()).isEmpty();
    }

    @Test
    void renameShareMoveDelete() {
        // Given a session shared and renamed
        client.put("/data/projects/Q", new byte[0]);
        client.put("/data/projects/R", new byte[0]);
        client.put(E + "/projects/Q?label=Q1", new byte[0]);
        client.put("/data/projects/P/experiments/S1?label=S2", new byte[0]);
        // When
        client.put(E + "/projects/R?primary=true", new byte[0]);
        // Then
        assertThat(client.get("/data/projects/Q/experiments")
                        .rows()
                        .get(0)
                        .get("label")
                        .asText())
                .isEqualTo("Q1");
        assertThat(client.get("/data/projects/P/experiments").rows()).isEmpty();
        assertThat(client.get("/data/projects/R/experiments/S2?format=json")
                        .json()
                        .at("/items/0/data_fields/ID")
                        .asText())
                .isEqualTo("SIM_E00001");
        client.delete(E);
        assertThat(client.get(E + "?format=json").status()).isEqualTo(404);
    }
}
