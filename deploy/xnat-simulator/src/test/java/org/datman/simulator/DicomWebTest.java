package org.datman.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.imaging.dicom.Tag;
import org.datman.imaging.dicom.Vr;
import org.datman.simulator.archive.Session;
import org.datman.simulator.auth.User;
import org.datman.simulator.importer.LoadOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The DICOMweb plug-in, by its conformance statement and PS3.18 annex F. A real client is in {@link RealClientsTest}. */
class DicomWebTest {

    private static final String STUDIES = "/xapi/dicomweb/projects/P/studies";
    private static final String SERIES = STUDIES + "/" + Dicoms.STUDY + "/series";

    @TempDir
    Path folder;

    private XnatSimulator sim;
    private Client client;
    private Session session;

    @BeforeEach
    void start() throws Exception {
        sim = XnatSimulator.builder()
                .users(Map.of("svc", "secret"))
                .user(User.reader("other", "secret", Set.of("Q")))
                .start();
        sim.archive().createProject("Q");
        Path images = Dicoms.session(folder.resolve("A"));
        DicomWriter.write(
                images.resolve("all.dcm"),
                DicomDataset.builder()
                        .set("SpecificCharacterSet", "ISO_IR 192")
                        .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                        .set("SOPInstanceUID", "1.2.3.9.1")
                        .set("StudyInstanceUID", Dicoms.STUDY)
                        .set("SeriesInstanceUID", "1.2.3.9")
                        .set("SeriesNumber", "+9")
                        .set("SeriesDescription", "Schädel")
                        .set("RepetitionTime", "1.50")
                        .set("ImageOrientationPatient", "1", "", "-.5", "1e-3", "0", "1")
                        .set("PatientName", "DOE^JANE")
                        .set("PatientComments", "")
                        .set(Tag.of(0x28, 0x9), Vr.AT, new byte[] {0x18, 0, 0x63, 0x10})
                        .set(
                                "ReferencedImageSequence",
                                DicomDataset.builder().set("Rows", 7).build())
                        .set(0x00290010, Vr.LO, "MAKER")
                        .set(0x00291010, Vr.OB, new byte[] {1, 2})
                        .set(0x7FE00010, Vr.OW, new byte[] {1, 2})
                        .build());
        session = sim.addSession(images, LoadOptions.project("P").subject("S"));
        client = Client.session(sim, "svc", "secret");
    }

    @AfterEach
    void stop() {
        sim.close();
    }

    @Test
    void headersAreWhatAnnexFSaysAndNumbersLoseTheirText() {
        // Given a file with every kind of value

        // When
        Client.Answer answer = client.get(SERIES + "/1.2.3.9/metadata");

        // Then
        assertThat(answer.header("content-type")).isEqualTo("application/dicom+json");
        JsonNode header = answer.json().get(0);
        assertThat(answer.json()).hasSize(1);
        assertThat(header.path("00200011")).hasToString("{\"vr\":\"IS\",\"Value\":[9]}");
        assertThat(header.path("00180080")).hasToString("{\"vr\":\"DS\",\"Value\":[1.5]}");
        assertThat(header.path("00200037").path("Value")).hasToString("[1.0,null,-0.5,0.001,0.0,1.0]");
        assertThat(header.path("0008103E").path("Value")).hasToString("[\"Schädel\"]");
        assertThat(header.path("00100010").path("Value")).hasToString("[{\"Alphabetic\":\"DOE^JANE\"}]");
        assertThat(header.path("00280009")).hasToString("{\"vr\":\"AT\",\"Value\":[\"00181063\"]}");
        assertThat(header.path("00104000")).hasToString("{\"vr\":\"LT\"}");
        assertThat(header.path("00081140").path("Value")).hasToString("[{\"00280010\":{\"vr\":\"US\",\"Value\":[7]}}]");
        assertThat(header.path("00291010").path("BulkDataURI").asText())
                .isEqualTo(sim.url() + SERIES + "/1.2.3.9/instances/1.2.3.9.1/bulkdata/00291010");
        assertThat(header.path("7FE00010").has("BulkDataURI")).isTrue();
        assertThat(header.path("00080056").path("Value")).hasToString("[\"ONLINE\"]");
        header.fieldNames().forEachRemaining(tag -> assertThat(tag).doesNotStartWith("0002"));
    }

    @Test
    void headersOfAStudyAndOfOneInstanceAreTheSameFiles() {
        // Given
        String study = STUDIES + "/" + Dicoms.STUDY + "/metadata";

        // When
        List<Integer> numbers = List.of(
                client.get(study).json().size(),
                client.get(SERIES + "/1.2.3.2/metadata").json().size(),
                client.get(SERIES + "/1.2.3.2/instances/1.2.3.2.2/metadata")
                        .json()
                        .size());

        // Then
        assertThat(numbers).containsExactly(6, 3, 1);
    }

    @Test
    void aFileThatIsNotReadableIsLeftOutAndAnotherSessionOfTheStudyIsTheSameStudy() throws Exception {
        // Given
        sim.loseScanFile(session.id(), "2", "DICOM", "1.2.3.2-1.dcm");
        Path again = folder.resolve("B");
        Dicoms.series(again, Dicoms.STUDY, "1.2.3.3", "3", "rest", 1);
        sim.addSession(again, LoadOptions.project("P").subject("S").label("B"));

        // When
        JsonNode lost = client.get(SERIES + "/1.2.3.2/metadata").json();
        JsonNode twice = client.get(SERIES + "/1.2.3.3/metadata").json();

        // Then
        assertThat(lost).hasSize(2);
        assertThat(twice).hasSize(3);
    }

    @Test
    void searchesHaveXnatsNamesAndPages() {
        // Given
        String instances = SERIES + "/1.2.3.2/instances";

        // When
        JsonNode study = client.get(STUDIES + "?PatientName=" + session.label() + "&includefield=all")
                .json();
        JsonNode series = client.get(SERIES + "?SeriesDescription=Sag*").json();
        Client.Answer page = client.get(instances + "?limit=2&offset=2");
        Client.Answer none = client.get(STUDIES + "?StudyDate=19990101-19991231");

        // Then
        assertThat(study.get(0).path("00080050").path("Value").get(0).asText()).isEqualTo(session.id());
        assertThat(study.get(0).path("00201208").path("Value").get(0).asInt()).isEqualTo(6);
        assertThat(series).hasSize(1);
        assertThat(series.get(0).path("00201209").path("Value").get(0).asInt()).isEqualTo(3);
        assertThat(page.json()).hasSize(1);
        assertThat(page.header("X-Total-Count")).isEqualTo("3");
        assertThat(none.status()).isEqualTo(204);
    }

    @Test
    void whatIsNotThereOrNotForThisAccountIs404() throws Exception {
        // Given
        Client other = Client.session(sim, "other", "secret");

        // When
        List<Integer> answers = List.of(
                other.get(SERIES + "/1.2.3.2/metadata").status(),
                client.get(SERIES + "/1.2.3.4/metadata").status(),
                client.get("/xapi/dicomweb/projects/Q/studies/" + Dicoms.STUDY + "/series")
                        .status(),
                Client.guest(sim).get(STUDIES).status());
        int withoutPlugIn;
        try (XnatSimulator plain = XnatSimulator.builder()
                .users(Map.of("svc", "secret"))
                .dicomWeb(false)
                .start()) {
            plain.addSession(folder.resolve("A"), LoadOptions.project("P").subject("S"));
            withoutPlugIn = Client.session(plain, "svc", "secret").get(STUDIES).status();
        }

        // Then
        assertThat(answers).containsExactly(404, 404, 404, 401);
        assertThat(withoutPlugIn).isEqualTo(404);
    }
}
