package org.datman.ingest;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.datman.imaging.dicom.DicomDataset;
import org.datman.imaging.dicom.DicomDatasetBuilder;
import org.datman.imaging.dicom.DicomWriter;
import org.datman.simulator.XnatSimulator;
import org.datman.simulator.archive.Session;
import org.datman.simulator.importer.LoadOptions;
import org.datman.simulator.webhook.WebhookTarget;

/** An XNAT (the simulator) and a study folder for the service under test; creates sessions from small DICOM files. */
public final class Lab implements QuarkusTestResourceLifecycleManager {

    static final byte[] SECRET = "a secret of the lab".getBytes(StandardCharsets.UTF_8);
    static final String PROJECT = "SPN01";

    /** The password of REDCap's triggers. */
    public static final String REDCAP_SECRET = "a secret of REDCap";

    private static XnatSimulator simulator;
    private static Path folder;

    static XnatSimulator xnat() {
        return simulator;
    }

    static Path studies() {
        return folder.resolve("studies");
    }

    /** Sends the webhooks of the simulator to the service. */
    static void sendWebhooksTo(int port) {
        simulator
                .webhooks()
                .target(new WebhookTarget(URI.create("http://localhost:" + port + "/webhooks/xnat"), SECRET));
    }

    /** Sends no webhooks. */
    static void sendNoWebhooks() {
        simulator.webhooks().target(null);
    }

    @Override
    public Map<String, String> start() {
        try {
            folder = Files.createTempDirectory("datman-lab");
            Files.createDirectories(studies());
            try (InputStream study = Lab.class.getResourceAsStream("/studies/SPN01.yml")) {
                Files.copy(study, studies().resolve("SPN01.yml"));
            }
            simulator = XnatSimulator.builder().users(Map.of("datman", "pass")).start();
            simulator.archive().createProject(PROJECT);
            simulator.archive().createProject("SPN01_MOVED");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> config = new HashMap<>();
        config.put("datman.xnat.url", simulator.url().toString());
        config.put("datman.xnat.user", "datman");
        config.put("datman.xnat.password", "pass");
        config.put("datman.xnat.first-pause", "PT0.2S");
        // Due at any time of day at which the tests run.
        config.put("datman.ingest.full-sweep-at", "00:00");
        config.put("datman.studies", studies().toString());
        config.put("datman.webhook.secret", new String(SECRET, StandardCharsets.UTF_8));
        config.put("datman.redcap.secret", REDCAP_SECRET);
        config.put("datman.redcap.token.RDC", "0123456789ABCDEF0123456789ABCDEF");
        config.put("datman.redcap.token.RDP", "0123456789ABCDEF0123456789ABCDEF");
        config.put("datman.redcap.token.RDS", "0123456789ABCDEF0123456789ABCDEF");
        return config;
    }

    @Override
    public void stop() {
        simulator.close();
    }

    /** A series of a session to be created. */
    record Planned(int number, String description, int files) {}

    /** Archives a session of the given series; its webhook is sent as usual. */
    static Session scan(String label, Planned... series) throws IOException {
        return scanOf(PROJECT, label, series);
    }

    /** The same in another project. */
    static Session scanOf(String project, String label, Planned... series) throws IOException {
        return simulator.addSession(
                images(label, series),
                LoadOptions.project(project).subject(label.substring(0, 14)).label(label));
    }

    /** Archives a session in another project, with a subject of the same label. */
    static Session scanIn(String project, String label, Planned... series) throws IOException {
        return simulator.addSession(
                images(label, series),
                LoadOptions.project(project).subject(label).label(label));
    }

    /** Archives a session with one series, in which the scanner stored its raw data: first by name, and not an image. */
    static Session scanWithRawData(String label, Planned planned) throws IOException {
        Path folder = images(label, planned);
        DicomDataset image = image(label, planned, planned.files() + 1);
        DicomDatasetBuilder raw = DicomDataset.builder();
        for (String keyword : List.of(
                "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "Modality", "SeriesNumber", "StudyDate")) {
            raw.set(keyword, image.string(keyword).orElseThrow());
        }
        DicomWriter.write(
                folder.resolve("a_raw.dcm"),
                raw.set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.66").build());
        return simulator.addSession(
                folder,
                LoadOptions.project(PROJECT).subject(label.substring(0, 14)).label(label));
    }

    /** Adds series to a session. */
    static void scanLate(Session session, Planned... series) throws IOException {
        simulator.addTo(session.id(), images(session.label(), series));
    }

    private static Path images(String label, Planned... series) throws IOException {
        Path session = Files.createTempDirectory(folder, "session");
        for (Planned planned : series) {
            for (int i = 1; i <= planned.files(); i++) {
                DicomWriter.write(session.resolve("s" + planned.number() + "_" + i + ".dcm"), image(label, planned, i));
            }
        }
        return session;
    }

    private static DicomDataset image(String label, Planned planned, int instance) {
        String study = "1.2.826.0.1.3680043.10.999." + Math.abs(label.hashCode() % 100000);
        return DicomDataset.builder()
                .set("SpecificCharacterSet", "ISO_IR 192")
                .set("OperatorsName", "DOE^JOHN")
                .set("ReferringPhysicianName", "DOE^JIM")
                .set("PatientComments", "Ms DOE was late")
                .set("ImageComments", "DOE moved")
                .set("StudyDescription", "brain of DOE")
                .set("SOPClassUID", "1.2.840.10008.5.1.4.1.1.4")
                .set("SOPInstanceUID", study + "." + planned.number() + "." + instance)
                .set("StudyInstanceUID", study)
                .set("SeriesInstanceUID", study + "." + planned.number())
                .set("StudyDate", "20240305")
                .set("StudyTime", "101500")
                .set("Modality", "MR")
                .set("PatientName", "DOE^JANE")
                .set("PatientID", "SECRET-ID")
                .set("PatientBirthDate", "19700101")
                .set("SeriesNumber", Integer.toString(planned.number()))
                .set("InstanceNumber", Integer.toString(instance))
                .set("SeriesDescription", planned.description())
                .set("ImageType", "ORIGINAL", "PRIMARY", "M", "NORM")
                .set("EchoNumbers", "1")
                .set("RepetitionTime", "2300")
                .set("MagneticFieldStrength", "3")
                .set("Manufacturer", "SIEMENS")
                .set("Rows", 2)
                .set("Columns", 2)
                .build();
    }
}
