package org.datman.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.datman.simulator.archive.Scan;
import org.datman.simulator.archive.Session;
import org.datman.simulator.importer.LoadOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions from folders and uploads, and XNAT's merge rules (S10). */
class ImportTest {
    private static final String IMPORT = "/data/services/import?inbody=true&Ignore-Unparsable=true&prearchive=false";

    @TempDir
    Path folder;

    XnatSimulator sim;
    Client client;

    @BeforeEach
    void start() throws Exception {
        sim = XnatSimulator.builder().users(Map.of("svc", "secret")).start();
        client = Client.session(sim, "svc", "secret").with("Content-Type", "application/zip");
    }

    @AfterEach
    void stop() {
        sim.close();
    }

    private byte[] series(String study, String uid, String number, int files) throws Exception {
        Path at = folder.resolve("upload-" + study + uid + number + files);
        Dicoms.series(at, study, uid, number, "T1", files);
        return Dicoms.zip(at);
    }

    @Test
    void importMakesASession() throws Exception {
        // Given a zip with two series, notes and paired data
        byte[] zip = Dicoms.zip(Dicoms.session(folder.resolve("x")));
        // When
        Client.Answer answer = client.post(IMPORT + "&project=P&subject=S&session=P_S_01", zip);
        // Then
        assertThat(answer.header("Content-Type")).isEqualTo("text/uri-list");
        assertThat(answer.text()).isEqualTo("/data/archive/projects/P/subjects/SIM_S00001/experiments/SIM_E00001\r\n");
        Session session = sim.archive().session("SIM_E00001");
        assertThat(session.label()).isEqualTo("P_S_01");
        assertThat(session.uid()).isEqualTo(Dicoms.STUDY);
        assertThat(session.scans()).extracting(Scan::id).containsExactly("2", "3");
        assertThat(session.resources()).isEmpty();
    }

    @Test
    void secondImportIsRefusedUnlessMerged() throws Exception {
        // Given a session
        client.post(IMPORT + "&project=P&session=A", series("1.1", "1.2.2", "2", 2));
        // When
        Client.Answer answer = client.post(IMPORT + "&project=P&session=A", series("1.1", "1.2.3", "3", 1));
        // Then
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.text()).contains("Session already exists, retry with overwrite enabled");
        assertThat(client.get("/data/prearchive?format=json")
                        .rows()
                        .get(0)
                        .get("status")
                        .asText())
                .isEqualTo("CONFLICT");
        client.post(IMPORT + "&project=P&session=A&overwrite=append", series("1.1", "1.2.3", "3", 1));
        assertThat(sim.archive().session("SIM_E00001").scans())
                .extracting(Scan::id)
                .containsExactly("2", "3");
    }

    @Test
    void mergeRules() throws Exception {
        // Given scan 2 with two files
        client.post(IMPORT + "&project=P&session=A", series("1.1", "1.2.2", "2", 2));
        String merge = IMPORT + "&project=P&session=A&overwrite=delete";
        // When: more files of the same series, then twice another series that claims number 2
        client.post(merge, series("1.1", "1.2.2", "2", 3));
        client.post(merge, series("1.1", "9.9.1", "2", 1));
        client.post(merge, series("1.1", "9.9.2", "2", 1));
        client.post(merge, series("1.1", "9.9.1", "2", 2));
        // Then
        List<Scan> scans = sim.archive().session("SIM_E00001").scans();
        assertThat(scans).extracting(Scan::id).containsExactly("2", "2-MR1", "2-MR2");
        assertThat(scans).extracting(s -> s.resources().get(0).files().size()).containsExactly(3, 2, 1);
        assertThat(scans).extracting(Scan::frames).containsExactly(3, 2, 1);
    }

    @Test
    void appendRefusesFilesThatAreThere() throws Exception {
        // Given a scan
        client.post(IMPORT + "&project=P&session=A", series("1.1", "1.2.2", "2", 2));
        // When
        Client.Answer answer =
                client.post(IMPORT + "&project=P&session=A&overwrite=append", series("1.1", "1.2.2", "2", 3));
        // Then
        assertThat(answer.status()).isEqualTo(409);
        assertThat(sim.archive().session("SIM_E00001").scans().get(0).frames()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"overwrite=append&overwrite_files=true", "overwrite=delete", "prearchive_code=5"})
    void filesThatAreThereAreReplacedWhenAskedTo(String how) throws Exception {
        // Given a scan of two files
        client.post(IMPORT + "&project=P&session=A", series("1.1", "1.2.2", "2", 2));
        // When
        Client.Answer answer = client.post(IMPORT + "&project=P&session=A&" + how, series("1.1", "1.2.2", "2", 3));
        // Then
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(sim.archive().session("SIM_E00001").scans().get(0).frames()).isEqualTo(3);
    }

    @Test
    void overwritingFilesOverwritesNoSessionByItself() throws Exception {
        // Given a session
        client.post(IMPORT + "&project=P&session=A", series("1.1", "1.2.2", "2", 2));
        // When
        Client.Answer answer =
                client.post(IMPORT + "&project=P&session=A&overwrite_files=true", series("1.1", "1.2.2", "2", 3));
        // Then
        assertThat(answer.status()).isEqualTo(409);
        assertThat(sim.archive().session("SIM_E00001").scans().get(0).frames()).isEqualTo(2);
    }

    @Test
    void otherStudyUnderTheSameLabelIsAConflict() throws Exception {
        // Given a session
        client.post(IMPORT + "&project=P&session=A", series("1.1", "1.2.2", "2", 1));
        // When
        Client.Answer answer =
                client.post(IMPORT + "&project=P&session=A&overwrite=delete", series("1.9", "1.2.3", "3", 1));
        // Then
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.text()).contains("Invalid modification of session UID");
    }

    @Test
    void uploadsThatCannotBeUsed() throws Exception {
        // Given two studies in one zip, a zip without images, and half a zip
        Dicoms.series(folder.resolve("two/a"), "1.1", "1.2.2", "2", "T1", 1);
        Dicoms.series(folder.resolve("two/b"), "1.9", "1.9.2", "2", "T1", 1);
        Files.createDirectories(folder.resolve("none"));
        Files.writeString(folder.resolve("none/readme.txt"), "nothing");
        byte[] whole = Dicoms.zip(folder.resolve("two"));
        // When
        Client.Answer two = client.post(IMPORT + "&project=P&session=A", whole);
        Client.Answer none = client.post(IMPORT + "&project=P&session=A", Dicoms.zip(folder.resolve("none")));
        Client.Answer half =
                client.post(IMPORT + "&project=P&session=A", java.util.Arrays.copyOf(whole, whole.length / 3));
        // Then
        assertThat(two.status()).isEqualTo(400);
        assertThat(two.text()).contains("Upload included files for multiple imaging sessions.");
        assertThat(none.text()).contains("Upload did not include parsable files for session generation.");
        assertThat(half.status()).isEqualTo(400);
        assertThat(sim.archive().sessions()).isEmpty();
    }

    @Test
    void entriesThatPointOutsideAreRefused() throws Exception {
        // Given a zip slip
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("../../evil.dcm"));
            zip.write("x".getBytes(UTF_8));
        }
        // When
        Client.Answer answer = client.post(IMPORT + "&project=P&session=A", bytes.toByteArray());
        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("points outside the archive");
    }

    @Test
    void prearchiveThenArchive() throws Exception {
        // Given an upload that waits
        String url = client.post(
                        "/data/services/import?inbody=true&project=P&session=A&prearchive=true",
                        series("1.1", "1.2.2", "2", 1))
                .text()
                .strip();
        JsonNode row = client.get("/data/prearchive/projects/P").rows().get(0);
        assertThat(row.get("tag").asText()).isEqualTo("1.1");
        assertThat(row.get("status").asText()).isEqualTo("READY");
        assertThat(url).matches("/data/prearchive/projects/P/\\d{8}_\\d{9}/A");
        // When
        Client.Answer answer = client.post("/data/services/archive?src=" + url.replace("/data", ""), new byte[0]);
        // Then
        assertThat(answer.text()).isEqualTo("/data/archive/projects/P/subjects/SIM_S00001/experiments/SIM_E00001\r\n");
        assertThat(client.get("/data/prearchive").rows()).isEmpty();
    }

    @Test
    void folderWithArchivesCapturesAndMultiEcho() throws Exception {
        // Given a session of a zipped series, a multi-echo series, a capture, equal file names, a zip without images
        Path at = folder.resolve("My Session (1)");
        Files.createDirectories(at);
        Dicoms.series(folder.resolve("t1"), Dicoms.STUDY, "1.2.2", "2", "T1", 2);
        Files.write(at.resolve("t1.zip"), Dicoms.zip(folder.resolve("t1")));
        Dicoms.series(at.resolve("me"), Dicoms.STUDY, "1.2.3", "3", "echo", 2);
        Dicoms.capture(at.resolve("sc"), Dicoms.STUDY, "1.2.99", "99");
        Dicoms.series(at.resolve("odd/x"), Dicoms.STUDY, "1.2.7", "", "no number", 1);
        Files.createDirectories(at.resolve("odd/y"));
        Files.copy(at.resolve("odd/x/1.2.7-1.dcm"), at.resolve("odd/y/1.2.7-1.dcm"));
        Files.createDirectories(at.resolve("behav"));
        Files.write(at.resolve("behav/logs.zip"), Dicoms.zip(Files.createDirectories(folder.resolve("empty"))));
        // When
        Session session = sim.addSession(at, LoadOptions.project("P"));
        // Then
        assertThat(session.label()).isEqualTo("My_Session__1_");
        assertThat(session.scans()).extracting(Scan::id).containsExactly("2", "3", "99", "MR4");
        assertThat(session.scans().get(1).addParams()).containsOnlyKeys("MultiEcho_TE1", "MultiEcho_TE2");
        assertThat(session.scans().get(2).xsiType()).isEqualTo("xnat:scScanData");
        assertThat(session.scans().get(2).resources().get(0).label()).isEqualTo("secondary");
        assertThat(session.scans().get(3).resources().get(0).files())
                .extracting(f -> f.path())
                .containsExactly("odd/x/1.2.7-1.dcm", "odd/y/1.2.7-1.dcm");
        assertThat(session.resources()).extracting(r -> r.label()).containsExactly("behav");
        assertThat(session.resources().get(0).files()).extracting(f -> f.path()).containsExactly("logs.zip");
    }
}
